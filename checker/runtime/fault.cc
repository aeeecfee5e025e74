// SPDX-License-Identifier: MIT
#include "checker/runtime/fault.h"

#include <ucontext.h>
#include <csignal>
#include <cstdint>
#include <cstdio>

#include "checker/runtime/runtime.h"

namespace graze::internal {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE};
struct sigaction g_previous[3];
stack_t g_previous_stack;
alignas(16) char g_stack[64 << 10];

Site FaultingCode([[maybe_unused]] void* context) {
#if defined(__x86_64__)
  const auto* const ucontext = static_cast<const ucontext_t*>(context);
  // Sites are return addresses: one past the instruction.
  return reinterpret_cast<Site>(static_cast<uintptr_t>(ucontext->uc_mcontext.gregs[REG_RIP]) + 1);
#elif defined(__aarch64__)
  return reinterpret_cast<Site>(static_cast<const ucontext_t*>(context)->uc_mcontext.pc + 1);
#else
  return nullptr;
#endif
}

// Leaves the handler by switching to the scheduler; the fiber is never resumed, so the signal frame may be forgotten. The signal is not
// blocked meanwhile (SA_NODEFER), and the kernel takes the alternate stack for free as soon as the stack pointer is off it.
void OnFault(int signal, siginfo_t* info, void* context) {
  Runtime& runtime = Runtime::Get();
  if (Fiber::running() == nullptr || !runtime.in_checked_code()) {
    RemoveFaultHandlers();
    return;  // the instruction runs again and takes the ordinary way
  }
  const Runtime::EngineScope scope;
  char message[96];
  if (signal == SIGFPE) {
    std::snprintf(message, sizeof message, "arithmetic fault (division by zero?)");
  } else {
    std::snprintf(message, sizeof message, "wild access to %p", info->si_addr);
  }
  runtime.FailCurrent({.kind = ViolationKind::kWildAccess, .rule = "I-UAF", .message = message, .site = FaultingCode(context)});
}

}  // namespace

void InstallFaultHandlers() {
  stack_t stack{};
  stack.ss_sp = g_stack;
  stack.ss_size = sizeof g_stack;
  sigaltstack(&stack, &g_previous_stack);
  struct sigaction action{};
  action.sa_sigaction = &OnFault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (size_t i = 0; i < 3; ++i) sigaction(kSignals[i], &action, &g_previous[i]);
}

void RemoveFaultHandlers() {
  for (size_t i = 0; i < 3; ++i) sigaction(kSignals[i], &g_previous[i], nullptr);
  sigaltstack(&g_previous_stack, nullptr);
}

}  // namespace graze::internal
