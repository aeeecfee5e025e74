// SPDX-License-Identifier: MIT
#include "specs/environment/entry_programs.h"

#include "checker/api/choose.h"
#include "checker/api/ops.h"
#include "model/cpumap/driver.h"
#include "model/cpumap/redirect.h"
#include "model/cpumap/syscall.h"
#include "model/cpumap/xdp.h"

namespace specs {
namespace {

using kernel::u32;
using kernel::u8;
using kernel::xdp_buff;

// Where the redirecting program sends frames. Written before others start.
struct Target {
  kernel::bpf_map* map;
  u32 key;
};
Target target;
[[maybe_unused]] const bool registered = [] {
  graze::RegisterGlobals(&target, sizeof(target), "target");
  return true;
}();

u32 Pass(xdp_buff*) { return kernel::XDP_PASS; }

u32 DoAnything(xdp_buff* xdp) {
  constexpr u32 kNoSuchAction = 99;
  switch (graze::choose(7, "what the program does")) {
    case 0: return kernel::XDP_PASS;
    case 1: return kernel::XDP_DROP;
    case 2: return kernel::XDP_ABORTED;
    case 3: return kernel::XDP_TX;
    case 4: return kNoSuchAction;
    case 5: xdp->data = xdp->data_meta = xdp->data_hard_start; return kernel::XDP_PASS;
    default: return kernel::XDP_REDIRECT;
  }
}

u32 RedirectOnce(xdp_buff* xdp) {
  const bool is_new = xdp->data_end - xdp->data == static_cast<long>(cpumap::PacketShape().len);
  if (!is_new) return kernel::XDP_PASS;
  ++xdp->data;
  xdp->data_meta = xdp->data;
  return cpumap::Booted().redirect->redirect_map(target.map, target.key, kernel::XDP_ABORTED, nullptr);
}

}  // namespace

int LoadPassingProgram() { return cpumap::Booted().has_prog ? cpumap::ProgLoad(&Pass) : 0; }

int LoadErraticProgram() { return cpumap::ProgLoad(&DoAnything); }

int LoadRedirectingProgram(kernel::bpf_map* map, u32 key) {
  target = {map, key};
  return cpumap::ProgLoad(&RedirectOnce, kernel::BPF_XDP_CPUMAP, map);
}

}  // namespace specs
