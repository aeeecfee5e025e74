// SPDX-License-Identifier: MIT
// After linux-kernel.def of the kernel's tools/memory-model, as of 2026; that of Linux 6.1 is a part of it.
#include "checker/litmus/primitives.h"

#include <algorithm>
#include <utility>

namespace graze::litmus {
namespace {

using List = std::vector<Primitive>;

struct Suffix {
  const char* text;
  MemoryOrder order;
};
constexpr Suffix kSuffixes[] = {
    {"", MemoryOrder::kFull},
    {"_relaxed", MemoryOrder::kRelaxed},
    {"_acquire", MemoryOrder::kAcquire},
    {"_release", MemoryOrder::kRelease},
};

void AddAccesses(List* list) {
  const auto load = [&](const char* name, bool lvalue, MemoryOrder order) {
    list->push_back({.name = name, .action = Action::kLoad, .arity = 1, .returns = true, .lvalue = lvalue, .order = order});
  };
  const auto store = [&](const char* name, bool lvalue, MemoryOrder order, Action action = Action::kStore) {
    list->push_back({.name = name, .action = action, .arity = 2, .lvalue = lvalue, .order = order});
  };
  load("READ_ONCE", true, MemoryOrder::kRelaxed);
  load("smp_load_acquire", false, MemoryOrder::kAcquire);
  load("rcu_dereference", true, MemoryOrder::kConsume);
  load("atomic_read", false, MemoryOrder::kRelaxed);
  load("atomic_read_acquire", false, MemoryOrder::kAcquire);
  store("WRITE_ONCE", true, MemoryOrder::kRelaxed);
  store("smp_store_release", false, MemoryOrder::kRelease);
  store("rcu_assign_pointer", true, MemoryOrder::kRelease);
  store("smp_store_mb", true, MemoryOrder::kRelaxed, Action::kStoreMb);
  store("atomic_set", false, MemoryOrder::kRelaxed);
  store("atomic_set_release", false, MemoryOrder::kRelease);
}

void AddFences(List* list) {
  const std::pair<const char*, FenceKind> fences[] = {
      {"smp_mb", FenceKind::kMb},
      {"smp_rmb", FenceKind::kRmb},
      {"smp_wmb", FenceKind::kWmb},
      {"smp_mb__before_atomic", FenceKind::kBeforeAtomic},
      {"smp_mb__after_atomic", FenceKind::kAfterAtomic},
      {"smp_mb__after_spinlock", FenceKind::kAfterSpinlock},
      {"smp_mb__after_unlock_lock", FenceKind::kAfterUnlockLock},
  };
  for (const auto& [name, fence] : fences) list->push_back({.name = name, .action = Action::kFence, .fence = fence});
  list->push_back(
      {.name = "smp_mb__after_srcu_read_unlock", .action = Action::kFence, .newer = true, .fence = FenceKind::kAfterSrcuUnlock});
  list->push_back({.name = "barrier", .action = Action::kNothing});
}

void AddExchanges(List* list) {
  for (const Suffix& suffix : kSuffixes) {
    for (const char* const prefix : {"", "atomic_"}) {
      list->push_back({.name = std::string(prefix) + "xchg" + suffix.text,
                       .action = Action::kExchange,
                       .arity = 2,
                       .returns = true,
                       .order = suffix.order});
      list->push_back({.name = std::string(prefix) + "cmpxchg" + suffix.text,
                       .action = Action::kCompareExchange,
                       .arity = 3,
                       .returns = true,
                       .order = suffix.order});
    }
  }
  list->push_back({.name = "atomic_add_unless", .action = Action::kAddUnless, .arity = 3, .returns = true, .order = MemoryOrder::kFull});
}

void AddAtomics(List* list) {
  struct Family {
    const char* name;
    Op op;
    bool by_one;
    bool has_return;
  };
  constexpr Family kFamilies[] = {{"add", Op::kAdd, false, true},  {"sub", Op::kSub, false, true},       {"inc", Op::kAdd, true, true},
                                  {"dec", Op::kSub, true, true},   {"and", Op::kAnd, false, false},      {"or", Op::kOr, false, false},
                                  {"xor", Op::kXor, false, false}, {"andnot", Op::kAndNot, false, false}};
  for (const Family& family : kFamilies) {
    const std::string name = family.name;
    Primitive one{.arity = static_cast<uint8_t>(family.by_one ? 1 : 2),
                  .pointer = static_cast<uint8_t>(family.by_one ? 0 : 1),
                  .by_one = family.by_one,
                  .op = family.op};
    const auto add = [&](std::string full_name, Action action, MemoryOrder order, Outcome outcome = Outcome::kValue) {
      one.name = std::move(full_name);
      one.action = action;
      one.order = order;
      one.outcome = outcome;
      one.returns = action != Action::kAtomic;
      one.newer = !family.has_return || (outcome == Outcome::kIsNegative && order != MemoryOrder::kFull);
      list->push_back(one);
    };
    add("atomic_" + name, Action::kAtomic, MemoryOrder::kNoReturn);
    for (const Suffix& suffix : kSuffixes) {
      add("atomic_fetch_" + name + suffix.text, Action::kAtomicFetch, suffix.order);
      if (family.has_return) add("atomic_" + name + "_return" + suffix.text, Action::kAtomicReturn, suffix.order);
      if (name == "add") add("atomic_add_negative" + std::string(suffix.text), Action::kAtomicReturn, suffix.order, Outcome::kIsNegative);
    }
    if (family.has_return && name != "add")
      add("atomic_" + name + "_and_test", Action::kAtomicReturn, MemoryOrder::kFull, Outcome::kIsZero);
  }
}

void AddLocks(List* list) {
  list->push_back({.name = "spin_lock", .action = Action::kLock, .arity = 1});
  list->push_back({.name = "spin_unlock", .action = Action::kUnlock, .arity = 1});
  list->push_back({.name = "spin_trylock", .action = Action::kTryLock, .arity = 1, .returns = true});
  list->push_back({.name = "spin_is_locked", .action = Action::kIsLocked, .arity = 1, .returns = true});
}

void AddRcu(List* list) {
  list->push_back({.name = "rcu_read_lock", .action = Action::kRcuLock});
  list->push_back({.name = "rcu_read_unlock", .action = Action::kRcuUnlock});
  for (const char* const name : {"synchronize_rcu", "synchronize_rcu_expedited"}) {
    list->push_back({.name = name, .action = Action::kRcuSync});
  }
  list->push_back({.name = "srcu_read_lock", .action = Action::kSrcuLock, .arity = 1, .returns = true});
  list->push_back({.name = "srcu_down_read", .action = Action::kSrcuLock, .arity = 1, .newer = true, .returns = true});
  list->push_back({.name = "srcu_read_unlock", .action = Action::kSrcuUnlock, .arity = 2});
  list->push_back({.name = "srcu_up_read", .action = Action::kSrcuUnlock, .arity = 2, .newer = true});
  for (const char* const name : {"synchronize_srcu", "synchronize_srcu_expedited"}) {
    list->push_back({.name = name, .action = Action::kSrcuSync, .arity = 1});
  }
}

List MakeList() {
  List list;
  AddAccesses(&list);
  AddFences(&list);
  AddExchanges(&list);
  AddAtomics(&list);
  AddLocks(&list);
  AddRcu(&list);
  std::sort(list.begin(), list.end(), [](const Primitive& a, const Primitive& b) { return a.name < b.name; });
  return list;
}

}  // namespace

const std::vector<Primitive>& Primitives() {
  static const List* const list = new List(MakeList());
  return *list;
}

const Primitive* FindPrimitive(std::string_view name) {
  const List& list = Primitives();
  const auto it = std::lower_bound(list.begin(), list.end(), name, [](const Primitive& a, std::string_view b) { return a.name < b; });
  return it == list.end() || it->name != name ? nullptr : &*it;
}

}  // namespace graze::litmus
