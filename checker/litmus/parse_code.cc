// SPDX-License-Identifier: MIT
// Statements and expressions.
#include <array>
#include <utility>

#include "checker/base/strings.h"
#include "checker/litmus/parser.h"

namespace graze::litmus {
namespace {

struct BinaryOp {
  std::string_view text;
  int strength;
  Op op;
};
constexpr std::array<BinaryOp, 18> kBinaryOps = {{{"||", 1, Op::kLogicOr},
                                                  {"&&", 2, Op::kLogicAnd},
                                                  {"|", 3, Op::kOr},
                                                  {"^", 4, Op::kXor},
                                                  {"&", 5, Op::kAnd},
                                                  {"==", 6, Op::kEqual},
                                                  {"!=", 6, Op::kNotEqual},
                                                  {"<", 7, Op::kLess},
                                                  {">", 7, Op::kGreater},
                                                  {"<=", 7, Op::kLessEqual},
                                                  {">=", 7, Op::kGreaterEqual},
                                                  {"<<", 8, Op::kShiftLeft},
                                                  {">>", 8, Op::kShiftRight},
                                                  {"+", 9, Op::kAdd},
                                                  {"-", 9, Op::kSub},
                                                  {"*", 10, Op::kMul},
                                                  {"/", 10, Op::kDiv},
                                                  {"%", 10, Op::kRem}}};

struct AssignmentOp {
  std::string_view text;
  Op op;
};
constexpr std::array<AssignmentOp, 10> kAssignmentOps = {{{"+=", Op::kAdd},
                                                          {"-=", Op::kSub},
                                                          {"*=", Op::kMul},
                                                          {"/=", Op::kDiv},
                                                          {"%=", Op::kRem},
                                                          {"&=", Op::kAnd},
                                                          {"|=", Op::kOr},
                                                          {"^=", Op::kXor},
                                                          {"<<=", Op::kShiftLeft},
                                                          {">>=", Op::kShiftRight}}};

constexpr std::array<std::string_view, 10> kUnsupported = {"for",  "do",     "switch", "goto",   "break",
                                                           "case", "return", "asm",    "sizeof", "typedef"};

// What traces call them, beside the names of primitives.
constexpr char kPlainAccess[] = "plain";

bool IsUnsupported(std::string_view word) {
  for (const std::string_view each : kUnsupported) {
    if (each == word) return true;
  }
  return false;
}

}  // namespace

// ---- statements -------------------------------------------------------------------------------------------------------------------

Parser::StatementPtr Parser::NewStatement(Statement::Kind kind, unsigned line, const std::string& word) {
  auto statement = std::make_unique<Statement>();
  statement->kind = kind;
  statement->site = SiteAt(line, word);
  return statement;
}

bool Parser::AtDeclaration() const {
  if (AtType()) return true;
  if (!AtName() || At("else")) return false;
  Lexer look = lexer_;
  const Token next = look.Next();
  return next.kind == Token::Kind::kName;  // "foo_t r1"
}

Parser::StatementPtr Parser::ParseStatement() {
  const Nesting nesting(this);
  const unsigned line = token_.line;
  if (TooDeep(line)) return nullptr;
  if (At("{")) return ParseBlock();
  if (At("if")) return ParseIf();
  if (At("while")) return ParseWhile();
  if (AtName() && IsUnsupported(token_.text)) {
    Fail(line, "'" + std::string(token_.text) + "' is not supported; a litmus test has if, else and while");
    return nullptr;
  }
  if (AtDeclaration()) return ParseDeclaration();
  if (Accept(";")) return NewStatement(Statement::Kind::kBlock, line);
  return ParseSimple();
}

Parser::StatementPtr Parser::ParseBlock() {
  StatementPtr block = NewStatement(Statement::Kind::kBlock, token_.line);
  Expect("{", "before a block");
  while (!failed() && !At("}")) {
    if (token_.kind == Token::Kind::kEnd) FailHere("'}' after a block");
    if (StatementPtr statement = ParseStatement()) block->parts.push_back(std::move(statement));
  }
  Expect("}", "after a block");
  return block;
}

Parser::StatementPtr Parser::ParseIf() {
  StatementPtr statement = NewStatement(Statement::Kind::kIf, token_.line);
  Advance();
  Expect("(", "after 'if'");
  statement->exprs.push_back(ParseExpr());
  Expect(")", "after the condition of 'if'");
  statement->parts.push_back(ParseStatement());
  if (Accept("else")) statement->parts.push_back(ParseStatement());
  return statement;
}

Parser::StatementPtr Parser::ParseWhile() {
  StatementPtr statement = NewStatement(Statement::Kind::kWhile, token_.line);
  Advance();
  Expect("(", "after 'while'");
  statement->exprs.push_back(ParseExpr());
  Expect(")", "after the condition of 'while'");
  statement->parts.push_back(ParseStatement());
  test_.loops = true;
  statement->only_waits = !failed() && OnlyWaits(*statement);
  return statement;
}

Parser::StatementPtr Parser::ParseDeclaration() {
  StatementPtr block = NewStatement(Statement::Kind::kBlock, token_.line);
  unsigned stars = TakeType();
  const Width* const width = taken_;
  for (;; stars = 0) {
    while (Accept("*")) ++stars;
    const unsigned line = token_.line;
    const std::string name = TakeName("the name of a variable");
    if (failed()) break;
    if (pointer_.count(name) != 0) Fail(line, "'" + name + "' is a parameter already");
    const size_t target = RegisterNamed(name);
    RegisterInfo& info = process_->registers[target];
    info.declared = true;
    info.width = stars > 0 ? nullptr : width;
    info.pointee = stars == 1 ? width : nullptr;
    if (Accept("=")) {
      StatementPtr assignment = NewStatement(Statement::Kind::kAssign, line);
      assignment->target = target;
      assignment->exprs.push_back(ParseExpr());
      block->parts.push_back(std::move(assignment));
    }
    if (!Accept(",")) break;
  }
  Expect(";", "after a declaration");
  return block;
}

Parser::StatementPtr Parser::ParseSimple() {
  const unsigned line = token_.line;
  statement_begins_ = AtName();
  ExprPtr expr = ParseUnary();
  statement_begins_ = false;
  if (failed()) return nullptr;
  StatementPtr statement;
  const bool is_call = expr->kind == Expr::Kind::kCall;
  if (!is_call && !At(";")) {
    statement = ParseAssignment(std::move(expr), line);
  } else {
    statement = NewStatement(Statement::Kind::kExpression, line);
    statement->exprs.push_back(std::move(expr));
  }
  Expect(";", "after a statement");
  return statement;
}

Parser::StatementPtr Parser::ParseAssignment(ExprPtr target, unsigned line) {
  const bool is_register = target->kind == Expr::Kind::kRegister;
  if (!is_register && target->kind != Expr::Kind::kLoad) {
    Fail(line, "only a variable or '*pointer' can be assigned to");
    return nullptr;
  }
  const AssignmentOp* compound = nullptr;
  for (const AssignmentOp& each : kAssignmentOps) {
    if (At(each.text)) compound = &each;
  }
  ExprPtr value;
  if (At("++") || At("--")) {
    ExprPtr one = NewExpr(Expr::Kind::kNumber, line);
    one->number = 1;
    value = NewBinary(At("++") ? Op::kAdd : Op::kSub, nullptr, std::move(one), line);
    Advance();
  } else if (compound != nullptr) {
    Advance();
    value = NewBinary(compound->op, nullptr, ParseExpr(), line);
  } else if (Expect("=", "or a call in a statement")) {
    value = ParseExpr();
  }
  if (failed()) return nullptr;
  const bool reads_target = value->kind == Expr::Kind::kBinary && value->args[0] == nullptr;
  if (reads_target && !is_register) {
    Fail(line, "'*pointer' can be assigned to with '=' only");
    return nullptr;
  }
  StatementPtr statement =
      is_register ? NewStatement(Statement::Kind::kAssign, line) : NewStatement(Statement::Kind::kStore, line, kPlainAccess);
  if (is_register) {
    statement->target = static_cast<size_t>(target->number);
    process_->registers[statement->target].declared = true;
    if (reads_target) value = NewBinary(value->op, std::move(target), std::move(value->args[1]), line);
  } else {
    statement->exprs.push_back(std::move(target->args[0]));
  }
  statement->exprs.push_back(std::move(value));
  return statement;
}

// ---- expressions ------------------------------------------------------------------------------------------------------------------

Parser::ExprPtr Parser::NewExpr(Expr::Kind kind, unsigned line, const std::string& word) {
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->site = SiteAt(line, word);
  return expr;
}

Parser::ExprPtr Parser::NewLoad(ExprPtr address, unsigned line) {
  ExprPtr load = NewExpr(Expr::Kind::kLoad, line, kPlainAccess);
  if (address->kind == Expr::Kind::kRegister) load->width = process_->registers[static_cast<size_t>(address->number)].pointee;
  load->args.push_back(std::move(address));
  return load;
}

Parser::ExprPtr Parser::NewBinary(Op op, ExprPtr left, ExprPtr right, unsigned line) {
  ExprPtr expr = NewExpr(Expr::Kind::kBinary, line);
  expr->op = op;
  // As in C: what is narrower than an int is one, and of two types the wider counts.
  const bool compares = op >= Op::kEqual && op <= Op::kLogicOr;
  const bool shifts = op == Op::kShiftLeft || op == Op::kShiftRight;
  const auto as_operand = [](const ExprPtr& operand) {
    return operand->width == nullptr || operand->width == &kUnsigned ? operand->width : &kInt;
  };
  expr->width = &kInt;
  if (!compares && left != nullptr) {
    const Width* const first = as_operand(left);
    const Width* const second = shifts ? first : as_operand(right);
    expr->width = first == nullptr || second == nullptr ? nullptr : first == &kUnsigned ? first : second;
  }
  expr->args.push_back(std::move(left));
  expr->args.push_back(std::move(right));
  return expr;
}

size_t Parser::RegisterNamed(const std::string& name) {
  const size_t index = process_->FindRegister(name);
  if (index == process_->registers.size()) process_->registers.push_back({.name = name});
  return index;
}

// A name that nobody declared is a register too, and 0 until it is assigned to: so does herd7.
Parser::ExprPtr Parser::NewRegister(const std::string& name, unsigned line) {
  ExprPtr expr = NewExpr(Expr::Kind::kRegister, line);
  expr->number = static_cast<int64_t>(RegisterNamed(name));
  expr->width = process_->registers[static_cast<size_t>(expr->number)].width;
  return expr;
}

Parser::ExprPtr Parser::ParseExpr() {
  const Nesting nesting(this);
  const unsigned line = token_.line;
  if (TooDeep(line)) return NewExpr(Expr::Kind::kNumber, line);
  ExprPtr condition = ParseBinary(1);
  if (!Accept("?")) return condition;
  ExprPtr expr = NewExpr(Expr::Kind::kConditional, line);
  expr->args.push_back(std::move(condition));
  expr->args.push_back(ParseExpr());
  Expect(":", "after the first choice of '?'");
  expr->args.push_back(ParseExpr());
  return expr;
}

Parser::ExprPtr Parser::ParseBinary(int weakest) {
  ExprPtr left = ParseUnary();
  while (!failed()) {
    const BinaryOp* found = nullptr;
    for (const BinaryOp& each : kBinaryOps) {
      if (At(each.text) && each.strength >= weakest) found = &each;
    }
    if (found == nullptr) break;
    const unsigned line = token_.line;
    Advance();
    left = NewBinary(found->op, std::move(left), ParseBinary(found->strength + 1), line);
  }
  return left;
}

Parser::ExprPtr Parser::ParseUnary() {
  const Nesting nesting(this);
  const unsigned line = token_.line;
  if (TooDeep(line)) return NewExpr(Expr::Kind::kNumber, line);
  constexpr std::pair<std::string_view, Op> kUnary[] = {{"!", Op::kNot}, {"~", Op::kComplement}, {"-", Op::kNegate}};
  for (const auto& [text, op] : kUnary) {
    if (!Accept(text)) continue;
    ExprPtr expr = NewExpr(Expr::Kind::kUnary, line);
    expr->op = op;
    expr->args.push_back(ParseUnary());
    const Width* const width = expr->args[0]->width;
    expr->width = op != Op::kNot && (width == nullptr || width == &kUnsigned) ? width : &kInt;
    return expr;
  }
  if (Accept("+")) return ParseUnary();
  if (Accept("*")) return NewLoad(ParseUnary(), line);
  if (Accept("&")) return ParseAddressOf(line);
  if (At("(")) {
    Lexer look = lexer_;
    const Token next = look.Next();
    if (next.kind == Token::Kind::kName && IsTypeName(next.text)) {  // a cast
      Advance();
      const unsigned stars = TakeType();
      const Width* const width = stars > 0 ? nullptr : taken_;
      Expect(")", "after a type");
      ExprPtr expr = ParseUnary();
      // What was computed as an int had to fit into one before it became anything else.
      if (expr->kind != Expr::Kind::kUnary && expr->kind != Expr::Kind::kBinary) expr->width = width;
      return expr;
    }
  }
  return ParsePostfix(ParsePrimary());
}

Parser::ExprPtr Parser::ParseAddressOf(unsigned line) {
  if (AtName() && pointer_.count(std::string(token_.text)) == 0 && locations_.count(std::string(token_.text)) != 0 &&
      process_->FindRegister(std::string(token_.text)) == process_->registers.size()) {
    ExprPtr expr = NewExpr(Expr::Kind::kAddress, line);
    expr->number = test_.locations[LocationNamed(std::string(token_.text))].address;
    reached_.insert(std::string(token_.text));
    Advance();
    return expr;
  }
  ExprPtr operand = ParseUnary();
  if (failed()) return operand;
  if (operand->kind != Expr::Kind::kLoad) {
    Fail(line, "'&' has no meaning here: parameters are addresses already, and local variables have none");
    return operand;
  }
  return std::move(operand->args[0]);
}

Parser::ExprPtr Parser::ParsePostfix(ExprPtr base) {
  while (!failed()) {
    const unsigned line = token_.line;
    if (Accept("[")) {
      ExprPtr index = ParseExpr();
      Expect("]", "after an index");
      base = NewLoad(NewBinary(Op::kAdd, std::move(base), std::move(index), line), line);
    } else if (At("->") || At(".")) {
      Fail(line, "members of structures are not supported");
    } else {
      break;
    }
  }
  return base;
}

Parser::ExprPtr Parser::ParsePrimary() {
  const unsigned line = token_.line;
  ExprPtr expr;
  if (token_.kind == Token::Kind::kNumber) {
    expr = NewExpr(Expr::Kind::kNumber, line);
    expr->number = token_.number;
    expr->width = token_.number > kInt.most ? nullptr : &kInt;
    Advance();
    return expr;
  }
  if (Accept("(")) {
    expr = ParseExpr();
    Expect(")", "after an expression");
    return expr;
  }
  const std::string name = TakeName("an expression");
  if (failed()) return NewExpr(Expr::Kind::kNumber, line);
  if (At("(")) {
    expr = ParseCall(name, line);
    if (!failed() && !expr->primitive->returns && !statement_begins_) Fail(line, name + " returns nothing");
    return expr;
  }
  if (IsUnsupported(name)) Fail(line, "'" + name + "' is not supported");
  return NewRegister(name, line);
}

Parser::ExprPtr Parser::ParseCall(const std::string& name, unsigned line) {
  ExprPtr expr = NewExpr(Expr::Kind::kCall, line, name);
  const Primitive* const primitive = FindPrimitive(name);
  if (primitive == nullptr) {
    // What begins a clause tells that a brace is missing.
    if (name == "exists" || name == "forall" || name == "filter") {
      Fail(line, "expected '}' after the code of " + process_->name + ", but '" + name + "' stands here");
    }
    Fail(line, "'" + name + "' is no primitive of the kernel's litmus tests");
    return expr;
  }
  expr->primitive = primitive;
  if (primitive->newer) test_.newer.insert(name);
  const bool outer = std::exchange(statement_begins_, false);
  Expect("(", "after the name of a primitive");
  while (!failed() && !At(")")) {
    expr->args.push_back(ParseExpr());
    if (!At(")")) Expect(",", "between arguments");
  }
  Expect(")", "after the arguments");
  statement_begins_ = outer;
  if (failed()) return expr;
  if (primitive->returns) expr->width = &kInt;
  if (expr->args.size() != primitive->arity) {
    Fail(line, name + " takes " + Count(primitive->arity, "argument") + ", not " + std::to_string(expr->args.size()));
    return expr;
  }
  const auto location_width = [&](const Expr& address) {
    return address.kind == Expr::Kind::kRegister ? process_->registers[static_cast<size_t>(address.number)].pointee : nullptr;
  };
  const bool tells = primitive->outcome != Outcome::kValue || primitive->action == Action::kAddUnless;
  if (primitive->returns && primitive->arity > 0 && !tells) expr->width = location_width(*expr->args[primitive->pointer]);
  if (!primitive->lvalue) return expr;
  // What is written `*x` is about the location that x points to.
  if (expr->args[0]->kind != Expr::Kind::kLoad) {
    Fail(line, "the first argument of " + name + " has to be '*pointer'");
    return expr;
  }
  expr->args[0] = std::move(expr->args[0]->args[0]);
  const Expr& pointer = *expr->args[0];
  expr->width = location_width(pointer);
  if (pointer.kind == Expr::Kind::kRegister) {
    const auto it = pointer_.find(process_->registers[static_cast<size_t>(pointer.number)].name);
    expr->to_pointer = it != pointer_.end() && it->second > 1;
  }
  return expr;
}

}  // namespace graze::litmus
