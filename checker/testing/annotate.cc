// SPDX-License-Identifier: MIT
#include "checker/testing/annotate.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <utility>

namespace graze::proof {
namespace {

bool Waits(const Program& program) {
  return HasKind(program, OpKind::kAwait) || HasKind(program, OpKind::kAwaitExchange) || HasKind(program, OpKind::kLock) ||
         HasKind(program, OpKind::kTryLock);
}

class Annotator {
 public:
  Annotator(Mode mode, Model model, Random* random) : model_(model), random_(*random) {
    const bool shapes = mode == Mode::kShapes;
    orders_ = Pick({0, 25, 50, 75});
    fences_ = shapes ? Pick({10, 35, 60}) : Pick({0, 10, 25, 40});
    dependencies_ = IsLkmm(model) ? (shapes ? Pick({10, 35, 60}) : Pick({0, 15, 35})) : Pick({0, 0, 10});
    publishes_ = (mode == Mode::kPlain || mode == Mode::kLifetimes) && Chance(55);
  }

  void Run(Program* program) {
    const bool sleepable = IsLkmm(model_) && !Waits(*program) && HasKind(*program, OpKind::kRcuLock) && Chance(45);
    for (Code& code : program->threads) {
      last_ = -1;
      code = Annotated(std::move(code));
      if (sleepable) MakeSleepable(&code);
    }
  }

 private:
  bool Chance(uint32_t percent) { return random_.Below(100) < percent; }
  uint32_t Pick(std::initializer_list<uint32_t> values) { return *(values.begin() + random_.Below(static_cast<uint32_t>(values.size()))); }
  template <typename T>
  T One(std::initializer_list<T> values) {
    return *(values.begin() + random_.Below(static_cast<uint32_t>(values.size())));
  }

  Code Annotated(Code code) {
    Code result;
    for (Op& op : code) {
      if (!result.empty() && Chance(fences_)) result.push_back({.kind = OpKind::kFence, .fence = AnyFence()});
      if (op.kind == OpKind::kFence) {  // the generator's own, which SC does not tell apart
        result.push_back({.kind = OpKind::kFence, .fence = AnyFence()});
        continue;
      }
      const bool rmw = IsRmw(op.kind) && op.location < kFirstLockWord;
      if (rmw && has_fences_beside_ && Chance(15)) result.push_back({.kind = OpKind::kFence, .fence = FenceWord::kBeforeAtomic});
      if (last_ >= 0 && Chance(dependencies_ / 4)) result.push_back({.kind = OpKind::kBranch, .dep = last_});
      if (Has(op) && last_ >= 0 && Chance(dependencies_)) op.dep = last_;
      if (CanHave(op.kind, Order::kSeqCst)) op.order = AnyOrder(op);
      if (op.order == Order::kNoReturn) op.reg = -1;
      if (op.kind == OpKind::kIf) op.body = Annotated(std::move(op.body));
      if (op.reg >= 0 && op.kind != OpKind::kIf) last_ = op.reg;
      const bool lock = op.kind == OpKind::kLock;
      result.push_back(std::move(op));
      if (!has_fences_beside_) continue;
      if (rmw && Chance(15)) result.push_back({.kind = OpKind::kFence, .fence = FenceWord::kAfterAtomic});
      if (lock && Chance(30)) result.push_back({.kind = OpKind::kFence, .fence = FenceWord::kAfterSpinlock});
      if (lock && Chance(35)) result.push_back({.kind = OpKind::kFence, .fence = FenceWord::kAfterUnlockLock});
    }
    return result;
  }

  // Can the operation take an address dependency?
  static bool Has(const Op& op) {
    switch (op.kind) {
      case OpKind::kRead:
      case OpKind::kWrite:
      case OpKind::kPlainRead:
      case OpKind::kPlainWrite:
      case OpKind::kFetchAdd:
      case OpKind::kExchange:
      case OpKind::kCompareExchange: return true;
      default: return false;
    }
  }

  FenceWord AnyFence() {
    using F = FenceWord;
    const F c11 = One({F::kAcquire, F::kRelease, F::kAcqRel, F::kSeqCst, F::kSeqCst});
    const F kernel = One({F::kMb, F::kMb, F::kMb, F::kRmb, F::kRmb, F::kWmb, F::kWmb, F::kBeforeAtomic, F::kAfterAtomic, F::kAfterSpinlock,
                          F::kAfterUnlockLock});
    return Chance(model_ == Model::kRc11 ? 75 : 8) ? c11 : kernel;
  }

  Order AnyOrder(const Op& op) {
    using O = Order;
    if (Chance(3) && CanHave(op.kind, O::kRacy)) return O::kRacy;
    if (IsRmw(op.kind)) {
      if (op.kind == OpKind::kFetchAdd && Chance(IsLkmm(model_) ? 25 : 4)) return O::kNoReturn;
      if (!Chance(std::max(orders_, 30U))) return O::kUsual;
      if (IsLkmm(model_))
        return One({O::kRelaxed, O::kRelaxed, O::kAcquire, O::kAcquire, O::kRelease, O::kRelease, O::kAcqRel, O::kSeqCst});
      return One({O::kRelaxed, O::kAcquire, O::kRelease, O::kAcqRel, O::kSeqCst});
    }
    if (publishes_ && Chance(90)) return op.kind == OpKind::kWrite ? O::kRelease : O::kAcquire;
    if (!Chance(orders_)) return O::kUsual;
    if (Chance(model_ == Model::kRc11 ? 40 : 10)) return O::kSeqCst;
    if (op.kind == OpKind::kWrite) return O::kRelease;
    return Chance(12) ? O::kConsume : O::kAcquire;
  }

  // Turns most brackets of a thread, and its grace periods, into sleepable ones.
  void MakeSleepable(Code* code) {
    int domain[8] = {};
    bool sleepable[8] = {};
    size_t depth = 0;
    Code result;
    for (Op& op : *code) {
      const bool here = Chance(75);
      const int other = Chance(20) ? 1 : 0;
      if (op.kind == OpKind::kRcuLock) {
        domain[depth] = other;
        sleepable[depth] = here;
        if (here) op = {.kind = OpKind::kSrcuLock, .reg = CookieOf(depth), .other = other};
        ++depth;
      } else if (op.kind == OpKind::kRcuUnlock) {
        --depth;
        if (sleepable[depth]) {
          if (Chance(10)) ThroughMemory(CookieOf(depth), &result);
          op = {.kind = OpKind::kSrcuUnlock, .value = {.reg = CookieOf(depth), .constant = 0}, .other = domain[depth]};
        }
      } else if (op.kind == OpKind::kSync && here) {
        op = {.kind = OpKind::kSrcuSync, .other = other};
      }
      const bool unlocks = op.kind == OpKind::kSrcuUnlock;
      result.push_back(std::move(op));
      if (unlocks && !IsLkmm61(model_) && Chance(25)) result.push_back({.kind = OpKind::kFence, .fence = FenceWord::kAfterSrcuUnlock});
    }
    *code = std::move(result);
    if (Chance(30)) SwapCookies(code);
  }
  // The registers that the generator comes to last.
  static int CookieOf(size_t depth) { return kRegisters - 1 - static_cast<int>(depth); }

  void ThroughMemory(int cookie, Code* code) {
    const int location = static_cast<int>(random_.Below(3));
    code->push_back({.kind = OpKind::kWrite, .location = location, .value = {.reg = cookie, .constant = 0}});
    code->push_back({.kind = OpKind::kRead, .location = location, .reg = cookie});
  }
  // Sections inside each other become sections that overlap.
  static void SwapCookies(Code* code) {
    Op* first = nullptr;
    for (Op& op : *code) {
      if (op.kind != OpKind::kSrcuUnlock) continue;
      if (first != nullptr && first->other == op.other) {
        std::swap(first->value, op.value);
        return;
      }
      first = &op;
    }
  }

  const Model model_;
  const bool has_fences_beside_ = IsLkmm(model_) || model_ == Model::kRc11;  // smp_mb__after_atomic() and its kin
  Random& random_;
  uint32_t orders_ = 0, fences_ = 0, dependencies_ = 0;  // in percent
  bool publishes_ = false;                               // flags are stored with release and read with acquire
  int last_ = -1;                                        // the register filled last
};

}  // namespace

void Annotate(Program* program, Mode mode, Model model, Random* random) {
  if (model != Model::kSc) Annotator(mode, model, random).Run(program);
}

}  // namespace graze::proof
