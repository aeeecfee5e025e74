// SPDX-License-Identifier: MIT
#include "checker/runtime/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cxxabi.h>
#include <boost/context/detail/fcontext.hpp>
#include <cstdio>
#include <cstring>

#include "checker/base/check.h"

#if defined(__SANITIZE_ADDRESS__)
#define GRAZE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GRAZE_ASAN 1
#endif
#endif
#ifdef GRAZE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace graze::internal {
namespace {

namespace context = boost::context::detail;

struct Scheduler {
  void* exception_globals = nullptr;   // of the thread that explores
  context::fcontext_t back = nullptr;  // where Suspend() returns to
  Fiber* running = nullptr;
  void* exception_state[2] = {nullptr, nullptr};
  void* fake_stack = nullptr;
  const void* stack_bottom = nullptr;  // the resumer's stack, as ASan reports it
  size_t stack_size = 0;
};
Scheduler g_scheduler;

// Caught exceptions and the count of uncaught ones live in two words per thread of control (Itanium C++ ABI 2.2.2).
void SwapExceptionState(void** save, void* const* load) {
  void* const globals = g_scheduler.exception_globals;
  std::memcpy(save, globals, sizeof(void*) + sizeof(unsigned));
  std::memcpy(globals, load, sizeof(void*) + sizeof(unsigned));
}

std::byte* StackBottom(uint32_t slot) { return reinterpret_cast<std::byte*>(AddressPlan::kStacks + slot * AddressPlan::kStackSize); }

void StartSwitch([[maybe_unused]] void** save, [[maybe_unused]] const void* bottom, [[maybe_unused]] size_t size) {
#ifdef GRAZE_ASAN
  __sanitizer_start_switch_fiber(save, bottom, size);
#endif
}

void FinishSwitch([[maybe_unused]] void* saved, [[maybe_unused]] const void** bottom, [[maybe_unused]] size_t* size) {
#ifdef GRAZE_ASAN
  __sanitizer_finish_switch_fiber(saved, bottom, size);
#endif
}

}  // namespace

struct FiberAccess {
  static void Enter(context::transfer_t transfer) {
    Fiber* self = static_cast<Fiber*>(transfer.data);
    FinishSwitch(nullptr, &g_scheduler.stack_bottom, &g_scheduler.stack_size);
    g_scheduler.back = transfer.fctx;
    self->entry_(self->arg_);
    CheckFailed(__FILE__, __LINE__, "a fiber returned from its entry function");
  }
};

void ReserveAddressRange() {
  static bool reserved = false;
  if (reserved) return;
  reserved = true;
  void* const wanted = reinterpret_cast<void*>(AddressPlan::kBase);
  void* const got = mmap(wanted, AddressPlan::kEnd - AddressPlan::kBase, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (got != wanted) {
    std::fprintf(stderr,
                 "graze: cannot reserve the address range at %p that makes executions repeatable; is a memory limit (ulimit -v) set?\n",
                 wanted);
    _exit(2);
  }
  for (uint32_t slot = 0; slot < AddressPlan::kThreadsMax; ++slot) mprotect(StackBottom(slot), 4096, PROT_NONE);
}

void Fiber::Start(uint32_t slot, Entry entry, void* arg) {
  GRAZE_CHECK(slot < AddressPlan::kThreadsMax);
  if (slot == 0 || g_scheduler.exception_globals == nullptr) g_scheduler.exception_globals = abi::__cxa_get_globals();
  slot_ = slot;
  entry_ = entry;
  arg_ = arg;
  std::byte* const top = StackBottom(slot) + AddressPlan::kStackSize;
#ifdef GRAZE_ASAN
  __asan_unpoison_memory_region(StackBottom(slot) + 4096, AddressPlan::kStackSize - 4096);
#endif
  context_ = context::make_fcontext(top, AddressPlan::kStackSize - 4096, &FiberAccess::Enter);
  exception_state_[0] = exception_state_[1] = nullptr;
  fake_stack_ = nullptr;
}

void Fiber::Resume() {
  GRAZE_CHECK(g_scheduler.running == nullptr);
  g_scheduler.running = this;
  SwapExceptionState(g_scheduler.exception_state, exception_state_);
  StartSwitch(&g_scheduler.fake_stack, StackBottom(slot_) + 4096, AddressPlan::kStackSize - 4096);
  const context::transfer_t transfer = context::jump_fcontext(context_, this);
  FinishSwitch(g_scheduler.fake_stack, nullptr, nullptr);
  SwapExceptionState(exception_state_, g_scheduler.exception_state);
  context_ = transfer.fctx;
  g_scheduler.running = nullptr;
}

void Fiber::Suspend() {
  Fiber* const self = g_scheduler.running;
  StartSwitch(&self->fake_stack_, g_scheduler.stack_bottom, g_scheduler.stack_size);
  const context::transfer_t transfer = context::jump_fcontext(g_scheduler.back, nullptr);
  FinishSwitch(self->fake_stack_, &g_scheduler.stack_bottom, &g_scheduler.stack_size);
  g_scheduler.back = transfer.fctx;
}

Fiber* Fiber::running() { return g_scheduler.running; }

}  // namespace graze::internal
