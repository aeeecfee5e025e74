// SPDX-License-Identifier: MIT
// A concurrent program as one line of text, so that tests can be tables:
//
//   x = 1.rel; a = y.acq || y = 1.rel; F.sc; b = x
//
// Threads stand between "||". Letters u to z are locations, all others registers, each of one thread; all start as 0.
//   x = V          store            a = x           load           x[a], y[b]   the location as many letters after it as the register says
//   a = add(x, V)  a = xchg(x, V)   a = cas(x, V, V)               read-modify-writes, which give the old value ("a =" may be left out)
//   F              fence            if V == V       the rest of the thread happens only then (== != < > >=; "if a" is "if a != 0")
//   await x == V   waits            assume V == V   as in assume.h          lock(x)  unlock(x)   x is a lock word
// V is a sum of numbers and registers ("1 + a - a"); !a is 1 if a is 0, else 0. An access or fence says its order behind a point, relaxed
// if it says none: rlx acq rel ar sc (C11), na (not atomic), racy, full (a barrier on both sides), once (no value returned); fences acq rel
// ar sc mb rmb wmb. What an address, a value or a condition is computed from is a dependency, for the models that ask.
#ifndef CHECKER_API_TINY_PROGRAM_FOR_TEST_H_
#define CHECKER_API_TINY_PROGRAM_FOR_TEST_H_

#include <gtest/gtest.h>

#include <array>
#include <cctype>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/api/graze.h"
#include "checker/api/ops.h"

namespace graze::testing {

struct TinyProgram {
  struct Term {
    int sign = 1;
    char reg = 0;  // 0: the number
    bool negated = false;
    int number = 0;
  };
  using Sum = std::vector<Term>;
  enum class Kind : uint8_t { kLoad, kStore, kAdd, kExchange, kCompareExchange, kFence, kIf, kAssume, kAwait, kLock, kUnlock };
  struct Statement {
    Kind kind = Kind::kFence;
    char reg = 0;
    char location = 0;
    Sum index = {};
    Sum left = {};   // kIf, kAssume; kCompareExchange: the value expected
    Sum right = {};  // what is stored, added or compared with
    std::string relation = {};
    MemoryOrder order = MemoryOrder::kRelaxed;
    FenceKind fence = FenceKind::kSeqCst;
  };
  std::vector<std::vector<Statement>> threads;
};

// Reads one line. A mistake in it makes error() say what was expected and where; the program is of no use then.
class TinyParser {
 public:
  explicit TinyParser(std::string_view text) : text_(text) {}

  TinyProgram Parse() {
    TinyProgram program;
    do {
      program.threads.emplace_back();
      do program.threads.back().push_back(Next());
      while (Accept(";"));
    } while (Accept("||"));
    if (!AtEnd()) Fail("expected ; or ||");
    return program;
  }
  const std::string& error() const { return error_; }

 private:
  using Kind = TinyProgram::Kind;
  using Statement = TinyProgram::Statement;

  // The rest of the text is dropped.
  void Fail(const std::string& what) {
    if (error_.empty()) error_ = what + " at \"" + std::string(text_.substr(at_)) + "\"";
    at_ = text_.size();
  }
  bool AtEnd() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ == text_.size();
  }
  bool Accept(std::string_view token) {
    AtEnd();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  void Expect(std::string_view token) {
    if (!Accept(token)) Fail("expected " + std::string(token));
  }
  std::string Word() {
    AtEnd();
    const size_t begin = at_;
    while (at_ < text_.size() && std::isalnum(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  static bool IsLocation(const std::string& word) { return word.size() == 1 && word[0] >= 'u' && word[0] <= 'z'; }
  static bool IsRegister(const std::string& word) { return word.size() == 1 && word[0] >= 'a' && word[0] < 'u'; }

  Statement Next() {
    const size_t begin = at_;
    const std::string word = Word();
    Statement statement;
    if (word == "F") {
      statement.kind = Kind::kFence;
      statement.fence = Fence();
    } else if (word == "if" || word == "assume") {
      statement.kind = word == "if" ? Kind::kIf : Kind::kAssume;
      statement.left = Sum();
      Comparison(&statement);
    } else if (word == "lock" || word == "unlock") {
      statement.kind = word == "lock" ? Kind::kLock : Kind::kUnlock;
      Expect("(");
      Location(&statement, Word());
      Expect(")");
    } else if (word == "await") {
      statement.kind = Kind::kAwait;
      Location(&statement, Word());
      Comparison(&statement);
      statement.order = Order();
    } else {
      at_ = begin;
      Access(&statement);
      statement.order = Order();
    }
    return statement;
  }

  void Access(Statement* statement) {
    std::string word = Word();
    if (IsLocation(word)) {
      statement->kind = Kind::kStore;
      Location(statement, word);
      Expect("=");
      statement->right = Sum();
      return;
    }
    if (IsRegister(word)) {
      statement->reg = word[0];
      Expect("=");
      word = Word();
    }
    if (IsLocation(word)) {
      statement->kind = Kind::kLoad;
      return Location(statement, word);
    }
    static const std::map<std::string, Kind> kinds = {{"add", Kind::kAdd}, {"xchg", Kind::kExchange}, {"cas", Kind::kCompareExchange}};
    const auto kind = kinds.find(word);
    if (kind == kinds.end()) return Fail("no such operation: " + word);
    statement->kind = kind->second;
    Expect("(");
    Location(statement, Word());
    Expect(",");
    if (statement->kind == Kind::kCompareExchange) {
      statement->left = Sum();
      Expect(",");
    }
    statement->right = Sum();
    Expect(")");
  }

  void Location(Statement* statement, const std::string& word) {
    if (!IsLocation(word)) return Fail("no location: " + word);
    statement->location = word[0];
    if (!Accept("[")) return;
    statement->index = Sum();
    Expect("]");
  }

  void Comparison(Statement* statement) {
    for (const char* relation : {"==", "!=", ">=", "<", ">"}) {
      if (!Accept(relation)) continue;
      statement->relation = relation;
      statement->right = Sum();
      return;
    }
    statement->relation = "!=";
    statement->right = {TinyProgram::Term{}};
  }

  TinyProgram::Sum Sum() {
    TinyProgram::Sum sum;
    int sign = 1;
    do {
      TinyProgram::Term term;
      term.sign = sign;
      term.negated = Accept("!");
      const std::string word = Word();
      if (IsRegister(word)) {
        term.reg = word[0];
      } else if (!word.empty() && word.find_first_not_of("0123456789") == std::string::npos) {
        term.number = std::stoi(word);
      } else {
        Fail("neither a number nor a register: " + word);
      }
      sum.push_back(term);
      sign = Accept("+") ? 1 : Accept("-") ? -1 : 0;
    } while (sign != 0);
    return sum;
  }

  MemoryOrder Order() {
    static const std::map<std::string, MemoryOrder> orders = {
        {"rlx", MemoryOrder::kRelaxed}, {"acq", MemoryOrder::kAcquire}, {"rel", MemoryOrder::kRelease},
        {"ar", MemoryOrder::kAcqRel},   {"sc", MemoryOrder::kSeqCst},   {"na", MemoryOrder::kPlain},
        {"racy", MemoryOrder::kRacy},   {"full", MemoryOrder::kFull},   {"once", MemoryOrder::kNoReturn}};
    if (!Accept(".")) return MemoryOrder::kRelaxed;
    const auto order = orders.find(Word());
    if (order != orders.end()) return order->second;
    Fail("no such order before");
    return MemoryOrder::kRelaxed;
  }
  FenceKind Fence() {
    static const std::map<std::string, FenceKind> fences = {
        {"acq", FenceKind::kAcquire}, {"rel", FenceKind::kRelease}, {"ar", FenceKind::kAcqRel}, {"sc", FenceKind::kSeqCst},
        {"mb", FenceKind::kMb},       {"rmb", FenceKind::kRmb},     {"wmb", FenceKind::kWmb}};
    Expect(".");
    const auto fence = fences.find(Word());
    if (fence != fences.end()) return fence->second;
    Fail("no such fence before");
    return FenceKind::kSeqCst;
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string error_;
};

// Runs a program as checked code. Registers and locations live outside, so that they can be looked at when an execution is complete.
class TinyMachine {
 public:
  explicit TinyMachine(TinyProgram program) : program_(std::move(program)) {}

  void Run() {
    registers_.fill({});
    run_threads_indexed(static_cast<unsigned>(program_.threads.size()), [this](unsigned thread) {
      for (const Statement& each : program_.threads[thread]) {
        if (!Step(each)) return;
      }
    });
  }

  // The value of a register or the last one of a location.
  unsigned Final(char letter, const Execution& execution) const {
    if (letter < 'u') return Register(letter).value;
    uint64_t value = 0;
    execution.FinalValue(&memory_[static_cast<size_t>(letter - 'u')], &value);
    return static_cast<unsigned>(value);
  }

 private:
  static constexpr size_t kLocations = 6;
  using Kind = TinyProgram::Kind;
  using Statement = TinyProgram::Statement;
  struct Value {
    unsigned value = 0;
    DepHandle dep = 0;
  };
  struct Operands {
    Kind kind;
    unsigned left, right;
    const std::string* relation;
  };

  Value& Register(char name) { return registers_[static_cast<size_t>(name - 'a')]; }
  const Value& Register(char name) const { return registers_[static_cast<size_t>(name - 'a')]; }

  Value Evaluate(const TinyProgram::Sum& sum) const {
    Value total;
    for (const TinyProgram::Term& each : sum) {
      const Value term = each.reg == 0 ? Value{static_cast<unsigned>(each.number), 0} : Register(each.reg);
      const unsigned value = each.negated ? (term.value == 0 ? 1U : 0U) : term.value;
      total.value += each.sign > 0 ? value : 0U - value;
      if (term.dep != 0) total.dep = JoinDeps(total.dep, term.dep);
    }
    return total;
  }
  static bool Holds(unsigned a, const std::string& relation, unsigned b) {
    if (relation == "==") return a == b;
    if (relation == "!=") return a != b;
    if (relation == ">=") return a >= b;
    return relation == "<" ? a < b : a > b;
  }
  static bool Update(uint64_t old, const void* arg, uint64_t* stored) {
    const auto& operands = *static_cast<const Operands*>(arg);
    *stored = operands.kind == Kind::kAdd ? static_cast<unsigned>(old) + operands.right : operands.right;
    return operands.kind != Kind::kCompareExchange || old == operands.left;
  }
  static bool Satisfies(uint64_t value, const void* arg) {
    const auto& operands = *static_cast<const Operands*>(arg);
    return Holds(static_cast<unsigned>(value), *operands.relation, operands.right);
  }
  // What a compare-exchange of this order has if it fails.
  static MemoryOrder OrderOfFailure(MemoryOrder order) {
    if (order == MemoryOrder::kSeqCst || order == MemoryOrder::kAcquire) return order;
    return order == MemoryOrder::kAcqRel ? MemoryOrder::kAcquire : MemoryOrder::kRelaxed;
  }

  // False: the thread ends here.
  bool Step(const Statement& statement) {
    const Site site = graze::internal::SiteOf(std::source_location::current());
    const Value left = Evaluate(statement.left);
    const Value right = Evaluate(statement.right);
    switch (statement.kind) {
      case Kind::kFence: Fence(statement.fence, site); return true;
      case Kind::kIf:
      case Kind::kAssume: {
        const bool holds = Holds(left.value, statement.relation, right.value);
        if (const DepHandle dep = JoinDeps(left.dep, right.dep); dep != 0) Branch(dep);
        if (statement.kind == Kind::kAssume) Assume(holds, site);
        return holds;
      }
      default: Access(statement, left, right, site); return true;
    }
  }

  void Access(const Statement& statement, Value left, Value right, Site site) {
    constexpr unsigned kSize = sizeof(unsigned);
    const Value index = Evaluate(statement.index);
    const size_t location = static_cast<size_t>(statement.location - 'u') + index.value;
    if (location >= kLocations) Fail("assert", "an index leads out of the locations", site);
    unsigned* const address = &memory_[location];
    const Operands operands{statement.kind, left.value, right.value, &statement.relation};
    Deps deps{.addr = index.dep, .data = right.dep};
    Value result;
    if (statement.kind == Kind::kLock) return LockAcquire(address, kSize, "lock", site);
    if (statement.kind == Kind::kUnlock) return LockRelease(address, kSize, site);
    if (statement.kind == Kind::kStore) return Store(address, kSize, right.value, statement.order, deps, site);
    if (statement.kind == Kind::kLoad || statement.kind == Kind::kAwait) {
      const Loaded loaded = statement.kind == Kind::kLoad ? Load(address, kSize, statement.order, deps, site)
                                                          : Await(address, kSize, &Satisfies, &operands, statement.order, "await", site);
      result = {static_cast<unsigned>(loaded.value), loaded.dep};
    } else {
      deps.ctrl = left.dep;
      deps.from_old = statement.kind == Kind::kAdd;
      const RmwResult rmw = Rmw(address, kSize, &Update, &operands, statement.order, OrderOfFailure(statement.order), deps, site);
      result = {static_cast<unsigned>(rmw.old), rmw.dep};
    }
    if (statement.reg != 0) Register(statement.reg) = result;
  }

  TinyProgram program_;
  std::array<unsigned, kLocations> memory_{};  // what the locations hold at first
  std::array<Value, 'u' - 'a'> registers_{};
};

// Explores a program; `look` is called for each execution in which every thread reached its end.
inline Result ExploreTiny(std::string_view text, const Options& options,
                          std::function<void(const TinyMachine&, const Execution&)> look = nullptr) {
  struct Search {
    TinyMachine machine;
    std::function<void(const TinyMachine&, const Execution&)> look;
  };
  TinyParser parser(text);
  Search search{TinyMachine(parser.Parse()), std::move(look)};
  EXPECT_EQ(parser.error(), "") << text;
  Scenario scenario;
  scenario.name = "Test.Tiny";
  scenario.summary = "a program of a test";
  scenario.body = [](const Variant& variant) { static_cast<Search*>(const_cast<void*>(variant.arg))->machine.Run(); };
  scenario.at_end = [](const Variant& variant, Execution& execution) {
    const auto& of = *static_cast<const Search*>(variant.arg);
    if (of.look && execution.finished()) of.look(of.machine, execution);
  };
  Variant variant;
  variant.arg = &search;
  return Explore(scenario, variant, options);
}

}  // namespace graze::testing

#endif  // CHECKER_API_TINY_PROGRAM_FOR_TEST_H_
