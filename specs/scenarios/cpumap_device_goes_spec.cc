// SPDX-License-Identifier: MIT
// A frame waits in the ring of an entry while the device that it came by is unregistered: nobody tells the map, and no grace period waits
// for a frame in a ring. What the kthread, the entry's program or the stack then reads of the device is gone.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "model/cpumap/xdp.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

const Setup kOneFrame = {.frames = 1, .map_operations = 2};

// One packet for the entry, as a frame or as an skb, and the driver never polls again.
void LastPoll(kernel::bpf_map* map, int (*receive)(kernel::bpf_map* map)) {
  const auto poll = [map, receive] {
    cpumap::PollBegin(kPollCpu);
    receive(map);
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
}

int ReceiveFrame(kernel::bpf_map* map) { return cpumap::Receive(map, kKey); }
int ReceiveSkb(kernel::bpf_map* map) { return cpumap::ReceiveGeneric(map, kKey); }

// Passes what comes by the device that can go, and drops the rest.
kernel::u32 AskForTheDevice(kernel::xdp_buff* xdp) { return kernel::xdp_ingress_ifindex(xdp) == 2 ? kernel::XDP_PASS : kernel::XDP_DROP; }

std::vector<graze::Variant> WithProgram() {
  Setup setup = kOneFrame;
  setup.needs = {&cpumap::Generation::has_prog};
  return Masked(setup);
}

std::vector<graze::Variant> WithSkbs() {
  Setup setup = kOneFrame;
  setup.needs = {&cpumap::Generation::has_generic_redirect};
  return Masked(setup);
}

// The device goes while its last packet is on its way through an entry, with this program of the entry or none.
void LetTheDeviceGo(const graze::Variant& variant, int (*receive)(kernel::bpf_map* map), cpumap::ProgramBody run = nullptr) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::AddDevice();
  const int program = run != nullptr ? cpumap::ProgLoad(run) : 0;
  cpumap::Update(map, kKey, SetupOf(variant).qsize, program);
  cpumap::ProgClose(program);
  LastPoll(map, receive);
  cpumap::RemoveDevice();
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

}  // namespace

CPUMAP_SCENARIO(DeviceGoes, "a device is unregistered behind its last poll, whose frame is on its way through the map",
                TrafficAndTeardownRules({kDevice}), Masked(kOneFrame)) {
  LetTheDeviceGo(variant, &ReceiveFrame);
}

CPUMAP_SCENARIO(DeviceGoesProgram, "the same, and a program of the entry asks by which device the frame came",
                TrafficAndTeardownRules({kDevice}), WithProgram()) {
  LetTheDeviceGo(variant, &ReceiveFrame, &AskForTheDevice);
}

CPUMAP_SCENARIO(DeviceGoesGeneric, "a device is unregistered behind its last poll, whose skb is on its way through the map",
                All({TeardownRules(), {kDevice}}), WithSkbs()) {
  LetTheDeviceGo(variant, &ReceiveSkb);
}

// What is enough: the entry is gone, its kthread with it, before the device is.
CPUMAP_SCENARIO(DeviceOutlivesEntry, "a device is unregistered when the entry is gone for which its last poll had a frame",
                TrafficAndTeardownRules({kDevice}), Masked(kOneFrame)) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::AddDevice();
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  LastPoll(map, &ReceiveFrame);
  cpumap::Delete(map, kKey);
  kernel::wait_for_quiescence();
  cpumap::RemoveDevice();
  cpumap::MapPut(map);
}

}  // namespace specs
