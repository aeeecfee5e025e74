// SPDX-License-Identifier: MIT
#include "specs/environment/sloppy_program.h"

#include "checker/api/call.h"
#include "checker/api/ops.h"
#include "model/cpumap/driver.h"
#include "model/cpumap/generations.h"
#include "model/cpumap/redirect.h"
#include "model/cpumap/xdp.h"

namespace specs {
namespace {

kernel::net_device device = {1};

}  // namespace

void AskThenPass(kernel::bpf_map* map, kernel::u32 key) {
  GRAZE_CALL(call, "program asks, passes", key);
  kernel::rcu_read_lock();
  call.returns(cpumap::Booted().redirect->redirect_map(map, key, kernel::XDP_ABORTED, cpumap::DeviceProg()));
  kernel::rcu_read_unlock();
}

int RedirectWithoutAsking(kernel::bpf_prog* prog) {
  GRAZE_CALL(call, "program redirects unasked");
  const kernel::src site = kernel::src::here();
  const cpumap::PacketShape shape;
  auto* const buffer = static_cast<kernel::u8*>(graze_alloc(shape.frame_sz, GRAZE_ALLOC_NOFAIL, "xdp_frame", site));
  const auto frame = reinterpret_cast<kernel::u64>(buffer);
  graze::Observe(cpumap::observed::kFrameReceived, frame, static_cast<kernel::u64>(graze::ThreadCpu()));
  kernel::xdp_rxq_info rxq = {&device, 0, 0, {kernel::MEM_TYPE_PAGE_SHARED, 0}};
  kernel::u8* const data = buffer + shape.headroom;
  kernel::xdp_buff xdp = {data, data + shape.len, data, buffer, &rxq, shape.frame_sz};
  kernel::rcu_read_lock();
  const int error = cpumap::Booted().redirect->do_redirect(&device, &xdp, prog);
  kernel::rcu_read_unlock();
  if (error != 0) {
    graze::Observe(cpumap::observed::kFrameRecycled, frame);
    graze_free(buffer, site);
  }
  return call.returns(error);
}

}  // namespace specs
