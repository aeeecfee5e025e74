// SPDX-License-Identifier: MIT
// The reader of the text form described in program.h.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <iterator>
#include <string>

#include "checker/testing/program.h"

namespace graze::proof {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Program> Parse() {
    Program program;
    for (Skip(); ok_ && at_ < text_.size(); Skip()) {
      const int number = ThreadName();
      if (number != static_cast<int>(program.threads.size())) Fail("threads must be numbered T0, T1, ...");
      Expect(":");
      program.threads.push_back(Sequence("T"));
    }
    if (ok_ && program.threads.size() > kThreadsMax) Fail("too many threads");
    return ok_ ? std::optional<Program>(std::move(program)) : std::nullopt;
  }
  const std::string& error() const { return error_; }

 private:
  void Fail(const std::string& what) {
    if (ok_) error_ = what + " at \"" + std::string(text_.substr(at_, 20)) + "\"";
    ok_ = false;
  }
  void Skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool Peek(std::string_view token) {
    Skip();
    return text_.substr(at_, token.size()) == token;
  }
  bool Accept(std::string_view token) {
    if (!Peek(token)) return false;
    at_ += token.size();
    return true;
  }
  void Expect(std::string_view token) {
    if (ok_ && !Accept(token)) Fail("expected '" + std::string(token) + "'");
  }
  std::string Word() {
    Skip();
    const size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_')) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  uint32_t Number(const std::string& digits) {
    if (digits.empty() || digits.size() > 6 || digits.find_first_not_of("0123456789") != std::string::npos) {
      Fail("expected a number");
      return 0;
    }
    return static_cast<uint32_t>(std::stoul(digits));
  }
  int ThreadName() {
    Expect("T");
    return static_cast<int>(Number(Word()));
  }
  static bool IsRegister(const std::string& word) {
    return word.size() == 2 && word[0] == 'r' && word[1] >= '0' && word[1] < '0' + kRegisters;
  }
  int Reg(const std::string& word) {
    if (!IsRegister(word)) Fail("expected a register");
    return ok_ ? word[1] - '0' : 0;
  }
  // "x" or "dep(r0) x", of which `word` was read already.
  void PlaceFrom(std::string word, Op* op) {
    if (word == "dep" && Accept("(")) {
      op->dep = Reg(Word());
      Expect(")");
      word = Word();
    }
    op->location = Location(word);
  }
  void Place(Op* op) { PlaceFrom(Word(), op); }
  static Order OrderNamed(const std::string& word) {
    for (int o = 1; o < kOrders; ++o) {
      if (word == ToString(static_cast<Order>(o))) return static_cast<Order>(o);
    }
    return Order::kUsual;
  }
  int Domain() {
    const std::string word = Word();
    for (int d = 0; d < kDomains; ++d) {
      if (word == kDomainNames[d]) return d;
    }
    Fail("no such domain: '" + word + "'");
    return 0;
  }
  int Location(const std::string& word) {
    for (int i = 0; i < kLocations; ++i) {
      if (word == kLocationNames[i]) return i;
    }
    Fail("no such location: '" + word + "'");
    return 0;
  }
  Operand Value() {
    const std::string word = Word();
    if (IsRegister(word)) return {.reg = Reg(word), .constant = 0};
    return {.reg = -1, .constant = Number(word)};
  }

  Code Sequence(std::string_view end) {
    Code code;
    while (ok_) {
      while (Accept(";")) {
      }
      Skip();
      if (at_ >= text_.size() || Peek(end)) break;
      code.push_back(Operation());
    }
    return code;
  }

  Op Operation() {
    const std::string word = Word();
    if (word == "plain") return PlainWrite();
    if (word == "if") return If();
    if (IsRegister(word)) {
      const int reg = Reg(word);
      Expect("=");
      Op op = RightHandSide(Word());
      op.reg = reg;
      return op;
    }
    for (const OpKind kind : {OpKind::kRcuLock, OpKind::kRcuUnlock, OpKind::kSync}) {
      if (word == ToString(kind)) return {.kind = kind};
    }
    for (int f = 0; f < kFenceWords; ++f) {
      if (word == ToString(static_cast<FenceWord>(f))) return {.kind = OpKind::kFence, .fence = static_cast<FenceWord>(f)};
    }
    if (word == "lock" || word == "unlock") return PlaceOp(word == "lock" ? OpKind::kLock : OpKind::kUnlock);
    if (word == "free") return PlaceOp(OpKind::kFree);
    if (word == "create" || word == "join") return ThreadOp(word == "create" ? OpKind::kCreate : OpKind::kJoin);
    if (word == "branch") return Branch();
    if (word == "srcu_read_unlock" || word == "synchronize_srcu") return SrcuOp(word);
    const Order order = OrderNamed(word);
    if (order == Order::kUsual && word != "dep" && (Peek("(") || Peek("."))) return RightHandSide(word);
    Op op{.kind = OpKind::kWrite, .order = order};
    PlaceFrom(order == Order::kUsual ? word : Word(), &op);
    Expect("=");
    op.value = Value();
    return op;
  }

  Op Branch() {
    Op op{.kind = OpKind::kBranch};
    Expect("(");
    op.dep = Reg(Word());
    Expect(")");
    return op;
  }
  Op SrcuOp(const std::string& word) {
    Op op{.kind = word == "srcu_read_lock" ? OpKind::kSrcuLock : word == "synchronize_srcu" ? OpKind::kSrcuSync : OpKind::kSrcuUnlock};
    Expect("(");
    op.other = Domain();
    if (op.kind == OpKind::kSrcuUnlock) {
      Expect(",");
      op.value = Value();
    }
    Expect(")");
    return op;
  }
  Op PlainWrite() {
    Op op{.kind = OpKind::kPlainWrite};
    Place(&op);
    Expect("=");
    op.value = Value();
    return op;
  }
  Op If() {
    Expect("(");
    Op op{.kind = OpKind::kIf};
    op.reg = Reg(Word());
    Expect("==");
    op.expected = Number(Word());
    Expect(")");
    Expect("{");
    op.body = Sequence("}");
    Expect("}");
    return op;
  }
  // "(d)".
  Op PlaceOp(OpKind kind) {
    Expect("(");
    Op op{.kind = kind, .location = Location(Word())};
    Expect(")");
    return op;
  }
  Op ThreadOp(OpKind kind) {
    Expect("(");
    Op op{.kind = kind};
    op.other = ThreadName();
    Expect(")");
    return op;
  }

  // What may stand behind "rN = ", and the calls whose result may be dropped.
  Op RightHandSide(const std::string& word) {
    Op op;
    if (word == "plain") {
      op.kind = OpKind::kPlainRead;
      Place(&op);
      return op;
    }
    if (word == "srcu_read_lock") return SrcuOp(word);
    if (word == "choose") {
      op.kind = OpKind::kChoose;
      Expect("(");
      op.other = static_cast<int>(Number(Word()));
      Expect(")");
      return op;
    }
    op.order = OrderNamed(word);
    if (op.order != Order::kUsual || word == "dep" || !(Peek("(") || Peek("."))) {
      op.kind = OpKind::kRead;
      PlaceFrom(op.order == Order::kUsual ? word : Word(), &op);
      return op;
    }
    CallNamed(word, &op);
    return op;
  }

  void CallNamed(const std::string& word, Op* op) {
    static constexpr OpKind kCalls[] = {OpKind::kFetchAdd, OpKind::kExchange, OpKind::kCompareExchange,
                                        OpKind::kTryLock,  OpKind::kAwait,    OpKind::kAwaitExchange};
    const OpKind* const call = std::find_if(std::begin(kCalls), std::end(kCalls), [&](OpKind kind) { return word == ToString(kind); });
    if (call == std::end(kCalls)) return Fail("no such operation: '" + word + "'");
    op->kind = *call;
    if (Accept(".")) {
      op->order = OrderNamed(Word());
      if (op->order == Order::kUsual) Fail("no such order");
    }
    Expect("(");
    Place(op);
    if (op->kind == OpKind::kAwait || op->kind == OpKind::kAwaitExchange) {
      Expect("==");
      op->expected = Number(Word());
    }
    if (op->kind == OpKind::kCompareExchange) {
      Expect(",");
      op->expected = Number(Word());
    }
    if (op->kind != OpKind::kTryLock && op->kind != OpKind::kAwait) {
      Expect(",");
      op->value = Value();
    }
    Expect(")");
  }

  std::string_view text_;
  size_t at_ = 0;
  bool ok_ = true;
  std::string error_;
};

}  // namespace

std::optional<Program> ParseProgram(std::string_view text, std::string* error) {
  Parser parser(text);
  std::optional<Program> program = parser.Parse();
  if (!program && error != nullptr) *error = parser.error();
  return program;
}

}  // namespace graze::proof
