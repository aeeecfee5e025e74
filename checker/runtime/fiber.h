// SPDX-License-Identifier: MIT
// Fibers with pooled stacks at fixed addresses. The only place that knows Boost.Context.
//
// A fiber is left for good by switching away from it: its frames are abandoned, no destructor runs. Addresses of stack objects are the
// same in every execution because a fiber's stack belongs to its slot.
#ifndef CHECKER_RUNTIME_FIBER_H_
#define CHECKER_RUNTIME_FIBER_H_

#include <cstddef>
#include <cstdint>

namespace graze::internal {

// The reserved address range of checked code: arenas first, then stacks. Reserved once per process, never unmapped.
struct AddressPlan {
  static constexpr uintptr_t kBase = 0x200000000000;
  static constexpr uint32_t kThreadsMax = 1024;
  static constexpr size_t kArenaSize = size_t{4} << 20;
  static constexpr size_t kStackSize = size_t{256} << 10;
  static constexpr uintptr_t kStacks = kBase + kThreadsMax * kArenaSize;
  static constexpr uintptr_t kEnd = kStacks + kThreadsMax * kStackSize;
};
// Reserves the range; prints one line and ends the process with code 2 if the addresses are taken.
void ReserveAddressRange();
inline bool InAddressRange(uintptr_t address) { return address >= AddressPlan::kBase && address < AddressPlan::kEnd; }

class Fiber {
 public:
  using Entry = void (*)(void* arg);

  // Prepares the fiber of stack slot `slot` to run entry(arg) at the next Resume(). Whatever ran on it before is abandoned.
  void Start(uint32_t slot, Entry entry, void* arg);
  // Runs the fiber until it calls Suspend(); REQUIRES that no fiber is running.
  void Resume();
  // Switches back to whoever resumed the running fiber.
  static void Suspend();
  // The fiber that runs now; null outside.
  static Fiber* running();

 private:
  friend struct FiberAccess;

  void* context_ = nullptr;
  Entry entry_ = nullptr;
  void* arg_ = nullptr;
  uint32_t slot_ = 0;
  void* exception_state_[2] = {nullptr, nullptr};
  void* fake_stack_ = nullptr;
};

}  // namespace graze::internal

#endif  // CHECKER_RUNTIME_FIBER_H_
