// SPDX-License-Identifier: MIT
// Packets of all shapes that a driver may bring in a buffer of half a page, with room for the frame header in front and skb_shared_info
// behind: short and as long as fits, with an even headroom, and with one that a tag of two bytes has made uneven.
#include "checker/api/choose.h"
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "model/cpumap/xdp.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

cpumap::PacketShape SomeShape() {
  constexpr unsigned kHeadroom = 256, kTag = 2, kFrame = 2048, kShort = 64;
  cpumap::PacketShape shape{.headroom = kHeadroom, .metasize = 0, .len = kShort, .frame_sz = kFrame};
  shape.headroom += graze::choose(2, "headroom") == 0 ? 0 : kTag;
  const unsigned longest = kFrame - shape.headroom - kernel::kSkbSharedInfoSize;
  switch (graze::choose(4, "length")) {
    case 0: break;
    case 1: shape.len = kShort + 1; break;
    case 2: shape.len = longest - 1; break;
    default: shape.len = longest; break;
  }
  return shape;
}

}  // namespace

CPUMAP_SCENARIO(PacketShapes, "a packet is as short or as long as a buffer allows, with an even or uneven headroom",
                TrafficAndTeardownRules(), Masked({.frames = 1, .map_operations = 2})) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey, SomeShape());
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

}  // namespace specs
