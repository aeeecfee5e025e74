// SPDX-License-Identifier: MIT
#include "checker/testing/generate.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "checker/base/check.h"
#include "checker/base/random.h"
#include "checker/testing/annotate.h"

namespace graze::proof {
namespace {

constexpr int kX = 0, kData = 3, kLockWord = 5;

struct Weight {
  OpKind kind;
  uint32_t weight;
};

// One thread under construction.
class Builder {
 public:
  Builder(Random* random, int locations) : random_(*random), locations_(locations) {}

  Code& code() { return code_; }
  int last() const { return last_; }  // the register filled last; -1: none yet

  uint32_t Below(uint32_t n) { return random_.Below(n); }
  bool Chance(uint32_t percent) { return random_.Below(100) < percent; }
  uint32_t Pick(std::initializer_list<uint32_t> values) { return *(values.begin() + random_.Below(static_cast<uint32_t>(values.size()))); }

  void Add(Op op) { code_.push_back(std::move(op)); }
  void Add(OpKind kind) { Add(Op{.kind = kind}); }

  // `count` random operations.
  void Body(int count, const std::vector<Weight>& weights) {
    for (int i = 0; i < count; ++i) {
      if (Chance(6)) Add(OpKind::kFence);
      Add(Random1(weights));
      if (code_.back().kind == OpKind::kChoose && Chance(70)) Add(Make(OpKind::kIf, weights));  // a choice that matters
    }
  }

  Op Random1(const std::vector<Weight>& weights) {
    uint32_t total = 0;
    for (const Weight& w : weights) total += w.weight;
    uint32_t pick = random_.Below(total);
    for (const Weight& w : weights) {
      if (pick < w.weight) return Make(w.kind, weights);
      pick -= w.weight;
    }
    return Make(OpKind::kRead, weights);
  }

  Op Make(OpKind kind, const std::vector<Weight>& weights) {
    Op op{.kind = kind};
    if (kind == OpKind::kIf) {
      if (last_ < 0) return Make(OpKind::kRead, weights);
      op.reg = last_;
      op.expected = Pick({0, 1, 1, 2});
      const bool simple = Chance(60);
      op.body.push_back(simple ? Make(OpKind::kWrite, weights)
                               : Random1({{OpKind::kRead, 2}, {OpKind::kFetchAdd, 1}, {OpKind::kExchange, 1}}));
      return op;
    }
    op.location =
        kind == OpKind::kChoose || kind == OpKind::kFence ? -1 : static_cast<int>(random_.Below(static_cast<uint32_t>(locations_)));
    if (kind == OpKind::kPlainRead || kind == OpKind::kPlainWrite) op.location = kData + (Chance(80) ? 0 : 1);
    if (last_ >= 0 && Chance(15)) op.value.reg = last_;
    if (op.value.reg < 0) op.value.constant = Pick({0, 1, 1, 2, 2});
    if (kind == OpKind::kFetchAdd) op.value = {.reg = -1, .constant = 1};
    op.expected = kind == OpKind::kCompareExchange ? Pick({0, 0, 1, 1, 2}) : Pick({0, 1, 1, 1, 2});
    if (kind == OpKind::kCompareExchange) op.value = {.reg = -1, .constant = Pick({1, 2})};
    if (kind == OpKind::kChoose) op.other = 2;
    const bool stores_only = kind == OpKind::kWrite || kind == OpKind::kPlainWrite;
    const bool waits = kind == OpKind::kAwait || kind == OpKind::kAwaitExchange;
    if (!stores_only && !waits) op.reg = last_ = next_++ % kRegisters;
    if (stores_only || kind == OpKind::kFetchAdd || kind == OpKind::kExchange) op.expected = 0;
    if (kind == OpKind::kRead || kind == OpKind::kPlainRead || kind == OpKind::kAwait || kind == OpKind::kChoose) op.value = {};
    if (kind == OpKind::kRead || kind == OpKind::kPlainRead || kind == OpKind::kChoose) op.expected = 0;
    return op;
  }

  Op Write(int location, uint32_t value, OpKind kind = OpKind::kWrite) {
    return {.kind = kind, .location = location, .value = {.reg = -1, .constant = value}};
  }
  Op Read(int location, OpKind kind = OpKind::kRead) {
    last_ = next_++ % kRegisters;
    return {.kind = kind, .location = location, .reg = last_};
  }
  Op IfLast(uint32_t expected, Code body) { return {.kind = OpKind::kIf, .reg = last_, .expected = expected, .body = std::move(body)}; }

  // Wraps the operations [from, to) of what was built so far.
  void Wrap(size_t from, size_t to, Op before, Op after) {
    code_.insert(code_.begin() + static_cast<std::ptrdiff_t>(to), std::move(after));
    code_.insert(code_.begin() + static_cast<std::ptrdiff_t>(from), std::move(before));
  }
  void WrapSection(size_t from, size_t to) { Wrap(from, to, {.kind = OpKind::kRcuLock}, {.kind = OpKind::kRcuUnlock}); }
  // A lock around a random stretch that holds no bracket of another kind.
  void WrapLock(size_t from, size_t to) {
    const int word = kLockWord + (Chance(15) ? 1 : 0);
    if (!Chance(25)) {
      Wrap(from, to, {.kind = OpKind::kLock, .location = word}, {.kind = OpKind::kUnlock, .location = word});
      return;
    }
    const int reg = next_++ % kRegisters;
    Code body(code_.begin() + static_cast<std::ptrdiff_t>(from), code_.begin() + static_cast<std::ptrdiff_t>(to));
    body.push_back({.kind = OpKind::kUnlock, .location = word});
    code_.erase(code_.begin() + static_cast<std::ptrdiff_t>(from), code_.begin() + static_cast<std::ptrdiff_t>(to));
    Op test{.kind = OpKind::kIf, .reg = reg, .expected = 1, .body = std::move(body)};
    code_.insert(code_.begin() + static_cast<std::ptrdiff_t>(from), std::move(test));
    Op attempt{.kind = OpKind::kTryLock, .location = word, .reg = reg};
    code_.insert(code_.begin() + static_cast<std::ptrdiff_t>(from), std::move(attempt));
  }

 private:
  Random& random_;
  const int locations_;
  Code code_;
  int next_ = 0;
  int last_ = -1;
};

const std::vector<Weight>& Marked() {
  static const std::vector<Weight> weights = {
      {OpKind::kRead, 26}, {OpKind::kWrite, 26}, {OpKind::kFetchAdd, 11}, {OpKind::kExchange, 8}, {OpKind::kCompareExchange, 12},
      {OpKind::kIf, 9},    {OpKind::kChoose, 5}, {OpKind::kAwait, 3}};
  return weights;
}
const std::vector<Weight>& Waiting() {
  static const std::vector<Weight> weights = {{OpKind::kRead, 20},  {OpKind::kWrite, 34},         {OpKind::kFetchAdd, 8},
                                              {OpKind::kAwait, 20}, {OpKind::kAwaitExchange, 10}, {OpKind::kCompareExchange, 5},
                                              {OpKind::kIf, 5}};
  return weights;
}
const std::vector<Weight>& Short() {
  static const std::vector<Weight> weights = {{OpKind::kRead, 30},     {OpKind::kWrite, 30},
                                              {OpKind::kFetchAdd, 18}, {OpKind::kCompareExchange, 12},
                                              {OpKind::kExchange, 6},  {OpKind::kAwait, 4}};
  return weights;
}

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  Program Make(Mode mode, Model model) {
    locations_ = 1 + static_cast<int>(random_.Below(3));
    switch (mode) {
      case Mode::kMixed: Mixed(); break;
      case Mode::kRcu: Rcu(); break;
      case Mode::kWaits: Waits(); break;
      case Mode::kCreateJoin: CreateJoin(); break;
      case Mode::kPlain: Plain(); break;
      case Mode::kLifetimes: Lifetimes(); break;
      case Mode::kShapes: Shape(); break;
    }
    Annotate(&program_, mode, model, &random_);
    std::string why;
    GRAZE_CHECK(WellFormed(program_, &why));
    return std::move(program_);
  }

 private:
  bool Chance(uint32_t percent) { return random_.Below(100) < percent; }
  Builder NewThread() { return {&random_, locations_}; }
  void Done(Builder& builder) { program_.threads.push_back(std::move(builder.code())); }

  // Splits `total` operations over `threads` threads, at least one each.
  std::vector<int> Split(int total, int threads) {
    std::vector<int> sizes(static_cast<size_t>(threads), 1);
    for (int i = threads; i < total; ++i) ++sizes[random_.Below(static_cast<uint32_t>(threads))];
    return sizes;
  }
  int Total() { return 4 + static_cast<int>(random_.Below(5)); }

  void Mixed() {
    for (const int size : Split(Total(), 2 + static_cast<int>(random_.Below(3)))) {
      Builder thread = NewThread();
      thread.Body(size, Marked());
      if (Chance(8)) thread.WrapLock(0, thread.code().size());
      if (Chance(12)) thread.WrapSection(0, thread.code().size());
      if (Chance(6)) thread.Add(OpKind::kSync);
      Done(thread);
    }
  }

  void Reader(Builder* thread, int size, const std::vector<Weight>& weights) {
    thread->Body(size, weights);
    const size_t count = thread->code().size();
    if (Chance(15)) thread->WrapSection(random_.Below(static_cast<uint32_t>(count)), count);
    thread->WrapSection(0, thread->code().size());
    if (Chance(20)) thread->Body(1, weights);
  }
  void Updater(Builder* thread, const std::vector<Weight>& weights) {
    thread->Body(1, weights);
    thread->Add(OpKind::kSync);
    thread->Body(1, weights);
    if (!Chance(20)) return;
    thread->Add(OpKind::kSync);
    thread->Body(1, weights);
  }

  void Rcu() {
    locations_ = std::min(locations_, 2);
    const int threads = Chance(20) ? 4 : Chance(65) ? 3 : 2;
    const uint32_t swap = random_.Below(2);
    for (int t = 0; t < threads; ++t) {
      Builder thread = NewThread();
      const bool reader = t < 2 ? static_cast<uint32_t>(t) == swap : Chance(50);
      if (reader) {
        Reader(&thread, 1 + static_cast<int>(random_.Below(threads == 4 ? 2 : 3)), Short());
      } else {
        Updater(&thread, Short());
      }
      Done(thread);
    }
  }

  void Waits() {
    locations_ = std::min(locations_, 2);
    const bool rcu = Chance(50), locks = Chance(65);
    const int threads = Chance(30) ? 2 : 3;
    for (int t = 0; t < threads; ++t) {
      Builder thread = NewThread();
      const uint32_t role = !rcu ? 2 : t < 2 ? static_cast<uint32_t>(t) : random_.Below(3);
      const size_t free_from = role == 1 ? 1 : 0;  // a lock never spans a bracket of another kind
      if (role == 1) {
        Updater(&thread, Waiting());
      } else {
        thread.Body(1 + static_cast<int>(random_.Below(role == 0 ? 2 : 3)), Waiting());
      }
      if (locks && Chance(75) && role != 1) {
        const size_t from = free_from + random_.Below(static_cast<uint32_t>(thread.code().size() - free_from + 1));
        const size_t to = from + random_.Below(static_cast<uint32_t>(thread.code().size() - from + 1));
        thread.WrapLock(from, to);
      } else if (locks && role == 1 && Chance(50)) {
        thread.WrapLock(0, thread.code().size());  // a lock holder that waits for a grace period
      }
      if (role == 0) thread.WrapSection(0, thread.code().size());
      Done(thread);
    }
  }

  void CreateJoin() {
    locations_ = std::min(locations_, 2);
    const bool plain = Chance(35), nested = Chance(25), sibling = Chance(60);
    const int children = nested ? 1 : 1 + static_cast<int>(random_.Below(2));
    Builder parent = NewThread();
    for (int c = 1; c <= children; ++c) {
      if (Chance(60)) parent.Add(plain && Chance(60) ? parent.Make(OpKind::kPlainWrite, Short()) : parent.Random1(Short()));
      parent.Add({.kind = OpKind::kCreate, .other = c});
    }
    if (Chance(50)) parent.Body(1, Short());
    for (int c = 1; c <= children; ++c) {
      if (Chance(75)) parent.Add({.kind = OpKind::kJoin, .other = c});
    }
    parent.Add(plain && Chance(60) ? parent.Make(OpKind::kPlainRead, Short()) : parent.Random1(Short()));
    Done(parent);
    for (int c = 1; c <= children; ++c) {
      Builder child = NewThread();
      child.Body(1 + static_cast<int>(random_.Below(2)), Marked());
      if (plain && Chance(50)) child.Add(child.Make(Chance(50) ? OpKind::kPlainWrite : OpKind::kPlainRead, Short()));
      if (Chance(20)) child.WrapSection(0, child.code().size());
      if (Chance(15)) child.Add(OpKind::kSync);
      if (nested) {
        child.Add({.kind = OpKind::kCreate, .other = 2});
        if (Chance(60)) child.Add({.kind = OpKind::kJoin, .other = 2});
      }
      Done(child);
    }
    if (nested || sibling) {
      Builder last = NewThread();
      last.Body(1 + static_cast<int>(random_.Below(2)), Short());
      Done(last);
    }
  }

  // One access of the shared data, or a read whose value decides what follows.
  Code DataAccess(Builder* thread) {
    Code code;
    const int location = kData + (Chance(80) ? 0 : 1);
    if (Chance(50)) {
      code.push_back(thread->Write(location, 1 + random_.Below(2), OpKind::kPlainWrite));
    } else {
      code.push_back(thread->Read(location, OpKind::kPlainRead));
      if (Chance(30)) code.push_back(thread->IfLast(random_.Below(3), {thread->Write(kX + 1, 1)}));
    }
    return code;
  }
  void AppendData(Builder* thread) {
    for (Op& op : DataAccess(thread)) thread->Add(std::move(op));
  }

  void PlainRole(Builder* thread, uint32_t role, bool sloppy) {
    if (sloppy && Chance(30)) AppendData(thread);
    const size_t from = thread->code().size();
    switch (role) {
      case 0:  // publishes
        AppendData(thread);
        if (Chance(70)) {
          thread->Add(thread->Write(kX, 1));
        } else {
          thread->Add(thread->Make(OpKind::kFetchAdd, Short()));
        }
        break;
      case 1:  // consumes
        if (Chance(30)) {
          thread->Add({.kind = OpKind::kAwait, .location = kX, .expected = 1});
          AppendData(thread);
        } else {
          thread->Add(thread->Read(kX));
          thread->Add(thread->IfLast(1, {}));
          const size_t test = thread->code().size() - 1;
          thread->code()[test].body = DataAccess(thread);
        }
        break;
      case 2:  // locks
        AppendData(thread);
        thread->WrapLock(from, thread->code().size());
        break;
      case 3:  // reads under RCU
        thread->Add(thread->Read(kX));
        thread->Add(thread->IfLast(0, {}));
        thread->code().back().body = DataAccess(thread);
        if (Chance(25)) thread->Body(1, Short());
        thread->WrapSection(from, thread->code().size());
        break;
      default:  // takes down under RCU
        if (!sloppy || Chance(70)) thread->Add(thread->Write(kX, 1));
        if (!sloppy || Chance(80)) thread->Add(OpKind::kSync);
        AppendData(thread);
        break;
    }
  }

  // A section that waits for what may never come holds a grace period back, and data behind it.
  void HeldBack(uint32_t t) {
    Builder thread = NewThread();
    const int said = kX + 1;
    switch (t) {
      case 0:
        thread.Add(thread.Write(said, 1));
        thread.Add({.kind = OpKind::kAwait, .location = kX, .expected = 1});
        if (Chance(20)) AppendData(&thread);
        thread.WrapSection(0, thread.code().size());
        break;
      case 1:
        if (Chance(50)) {
          thread.Add({.kind = OpKind::kAwait, .location = said, .expected = 1});
        } else {
          thread.Add(thread.Read(said));
        }
        thread.Add(OpKind::kSync);
        AppendData(&thread);
        break;
      default: AppendData(&thread); break;
    }
    if (Chance(15)) thread.Body(1, Short());
    Done(thread);
  }

  void Plain() {
    locations_ = std::min(locations_, 2);
    if (Chance(10)) {
      for (uint32_t t = 0; t < 3; ++t) HeldBack(t);
      return;
    }
    const bool sloppy = Chance(30);
    const uint32_t style = random_.Below(3);  // flags, locks, RCU
    const int threads = Chance(60) ? 2 : 3;
    for (int t = 0; t < threads; ++t) {
      Builder thread = NewThread();
      const uint32_t second = static_cast<uint32_t>(t) % 2;
      PlainRole(&thread, style == 0 ? second : style == 1 ? 2 : 3 + second, sloppy);
      if (Chance(25)) thread.Body(1, Short());
      Done(thread);
    }
  }

  // A use of the object, marked or plain.
  void Use(Builder* thread) {
    if (Chance(50)) return AppendData(thread);
    thread->Add(Chance(50) ? thread->Read(kData) : thread->Write(kData, 1 + random_.Below(2)));
  }
  Op Free() const { return {.kind = OpKind::kFree, .location = kData}; }

  // Looks whether the object is still there, and uses it then.
  void ReaderOfObject(bool sloppy) {
    Builder thread = NewThread();
    thread.Add(thread.Read(kX));
    Builder inside = NewThread();
    Use(&inside);
    thread.Add(thread.IfLast(0, std::move(inside.code())));
    if (Chance(25)) thread.Body(1, Short());
    if (Chance(15)) thread.WrapSection(1, thread.code().size());
    if (!sloppy || Chance(50)) thread.WrapSection(0, thread.code().size());
    Done(thread);
  }
  // Takes the object away and frees it behind a grace period: its own, or that of a callback.
  void Reclaim(bool callback, bool sloppy) {
    Builder thread = NewThread(), last = NewThread();
    const int behind = static_cast<int>(program_.threads.size()) + 1;
    if (!sloppy || Chance(60)) thread.Add(thread.Write(kX, 1));
    if (Chance(20)) thread.Body(1, Short());
    Builder* const owner = callback ? &last : &thread;
    if (callback) thread.Add({.kind = OpKind::kCreate, .other = behind});
    if (!sloppy || Chance(60)) owner->Add(OpKind::kSync);
    if (Chance(30)) Use(owner);
    owner->Add(Free());
    if (callback && Chance(30)) thread.Body(1, Short());
    if (callback && Chance(25)) thread.Add({.kind = OpKind::kJoin, .other = behind});
    if (Chance(10)) Use(&thread);
    Done(thread);
    if (callback) Done(last);
  }
  // Whoever is the last to be done with the object frees it.
  void CountsReferences(uint32_t users, bool sloppy) {
    for (uint32_t t = 0; t < users; ++t) {
      Builder thread = NewThread();
      Use(&thread);
      Op done = thread.Make(OpKind::kFetchAdd, Short());
      done.location = kX;
      thread.Add(std::move(done));
      thread.Add(thread.IfLast(sloppy && Chance(30) ? 0 : users - 1, {Free()}));
      Done(thread);
    }
  }
  void HandsOver(bool sloppy) {
    Builder user = NewThread(), owner = NewThread();
    Use(&user);
    user.Add(user.Write(kX, 1));
    if (sloppy && Chance(30)) Use(&user);
    if (Chance(50)) {
      owner.Add({.kind = OpKind::kAwait, .location = kX, .expected = 1});
      owner.Add(Free());
    } else {
      owner.Add(owner.Read(kX));
      owner.Add(owner.IfLast(1, {Free()}));
    }
    Done(user);
    Done(owner);
  }
  void Lifetimes() {
    locations_ = std::min(locations_, 2);
    const bool sloppy = Chance(30);
    const uint32_t style = random_.Below(6);
    if (style == 0) return HandsOver(sloppy);
    if (style == 1) return CountsReferences(Chance(70) ? 2 : 3, sloppy);
    for (int readers = Chance(70) ? 1 : 2; readers > 0; --readers) ReaderOfObject(sloppy);
    Reclaim(style >= 4, sloppy);
  }

  // Thread t accesses location t and then the next one; of the two accesses of a location one is a write.
  void Shape() {
    const int threads = 2 + static_cast<int>(Chance(60)) + static_cast<int>(Chance(20));
    const bool rcu = Chance(35);
    locations_ = threads;
    std::vector<bool> last_writes;
    for (int t = 0; t < threads; ++t) last_writes.push_back(Chance(45));
    for (int t = 0; t < threads; ++t) {
      Builder thread = NewThread();
      const bool read = last_writes[static_cast<size_t>((t + threads - 1) % threads)] && Chance(50);
      thread.Add(ShapeAccess(&thread, t, read, 1));
      if (rcu && Chance(45)) thread.Add(OpKind::kSync);
      thread.Add(ShapeAccess(&thread, (t + 1) % threads, !last_writes[static_cast<size_t>(t)], 2));
      const bool synchronizes = thread.code().size() == 3;
      if (threads == 2 && Chance(25)) thread.Body(1, Short());
      if (rcu && !synchronizes && Chance(75)) thread.WrapSection(0, thread.code().size());
      if (!rcu && Chance(10)) thread.WrapLock(0, thread.code().size());
      Done(thread);
    }
    if (threads == 2 && Chance(20)) {
      Builder thread = NewThread();
      thread.Body(1, Short());
      Done(thread);
    }
  }
  Op ShapeAccess(Builder* thread, int location, bool read, uint32_t value) {
    if (Chance(12)) {
      Op rmw = thread->Make(Chance(50) ? OpKind::kFetchAdd : OpKind::kExchange, Short());
      rmw.location = location;
      return rmw;
    }
    if (read) return thread->Read(location);
    const bool computed = Chance(20) && thread->last() >= 0;
    Op write = thread->Write(location, value);
    if (computed) write.value = {.reg = thread->last(), .constant = 0};
    return write;
  }

  Random random_;
  int locations_ = 1;
  Program program_;
};

}  // namespace

const char* ToString(Mode mode) {
  static constexpr const char* kNames[kModes] = {"mixed", "rcu", "waits", "create-join", "plain", "lifetimes", "shapes"};
  return kNames[static_cast<size_t>(mode)];
}

Program Generate(Mode mode, uint64_t seed, Model model) {
  // Modes and models that came later leave the programs of the others as they were.
  constexpr uint64_t kKnown = 5;
  const uint64_t number = static_cast<uint64_t>(mode) < kKnown ? seed * kKnown + static_cast<uint64_t>(mode)
                          : mode == Mode::kShapes              ? ~seed
                                                               : Mix64(~seed);
  return Generator(Mix64(number) + static_cast<uint64_t>(model)).Make(mode, model);
}

}  // namespace graze::proof
