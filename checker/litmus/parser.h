// SPDX-License-Identifier: MIT
// What the parts of the parser share: the next token, the names known so far, the first error.
#ifndef CHECKER_LITMUS_PARSER_H_
#define CHECKER_LITMUS_PARSER_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "checker/litmus/lexer.h"
#include "checker/litmus/parse.h"
#include "checker/litmus/test.h"

namespace graze::litmus {

class Parser {
 public:
  Parser(std::string_view text, LitmusTest* test);

  bool Run();
  const ParseError& error() const { return error_; }

 protected:
  using ExprPtr = std::unique_ptr<Expr>;
  using StatementPtr = std::unique_ptr<Statement>;

  // ---- tokens
  bool At(std::string_view what) const { return token_.Is(what); }
  bool AtName() const { return token_.kind == Token::Kind::kName; }
  void Advance();
  bool Accept(std::string_view what);
  // An error if it is not there; `where` ends the sentence ("after the condition of 'if'").
  bool Expect(std::string_view what, std::string_view where);
  // The name that stands here, or an error.
  std::string TakeName(std::string_view what);
  bool TakeNumber(int64_t* number);  // a sign may stand before it
  // Keeps the first error; everything that follows sees the end of the file.
  void Fail(unsigned line, const std::string& reason);
  void FailHere(const std::string& expected);
  bool failed() const { return error_.line != 0; }

  // ---- names and types
  size_t LocationNamed(const std::string& name);  // made if it is new
  size_t ElementNamed(const std::string& array, int64_t element);
  bool AtType() const;
  // "int *", "struct srcu_struct *": the number of stars. An error if there is no type here.
  unsigned TakeType();
  bool IsTypeName(std::string_view name) const;
  void Declare(size_t location, const Width* width);

  // ---- sections
  void ParseInit();
  void ParseInitItem();
  void ParseRegisterInit(uint32_t process);
  void ParseLocationInit(bool typed);
  int64_t ParseInitValue();
  void ParseProcess();
  void ParseParameters();
  void ParseClauses();
  void ParseLocations();
  void ResolveRegisterInits();

  // ---- statements
  StatementPtr ParseStatement();
  StatementPtr ParseBlock();
  StatementPtr ParseIf();
  StatementPtr ParseWhile();
  StatementPtr ParseDeclaration();
  StatementPtr ParseSimple();
  StatementPtr ParseAssignment(ExprPtr target, unsigned line);
  StatementPtr NewStatement(Statement::Kind kind, unsigned line, const std::string& word = "");
  bool AtDeclaration() const;

  // ---- expressions
  ExprPtr ParseExpr();
  ExprPtr ParseBinary(int weakest);
  ExprPtr ParseUnary();
  ExprPtr ParsePostfix(ExprPtr base);
  ExprPtr ParsePrimary();
  ExprPtr ParseAddressOf(unsigned line);
  ExprPtr ParseCall(const std::string& name, unsigned line);
  ExprPtr NewExpr(Expr::Kind kind, unsigned line, const std::string& word = "");
  ExprPtr NewLoad(ExprPtr address, unsigned line);
  ExprPtr NewBinary(Op op, ExprPtr left, ExprPtr right, unsigned line);
  ExprPtr NewRegister(const std::string& name, unsigned line);
  size_t RegisterNamed(const std::string& name);  // made if it is new

  // ---- clauses
  Proposition ParseProposition();
  Proposition ParseDisjunction();
  Proposition ParseConjunction();
  Proposition ParseAtom();
  Proposition ParseComparison();
  Operand ParseOperand();
  Operand RegisterOperand(uint32_t number, const std::string& name, unsigned line);
  // Says something of the test, once.
  void Remark(const std::string& note);
  void RemarkOnLocation(const std::string& name);
  void RemarkOnInit();
  void RemarkOnCode();
  bool OnlyWaits(const Statement& loop) const;
  void Observe(const Operand& operand);
  void ObserveAll(const Proposition& proposition);

  // Recursion is as deep as the test nests, and a stack is not endless.
  struct Nesting {
    explicit Nesting(Parser* owner) : parser(owner) { ++parser->depth_; }
    ~Nesting() { --parser->depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    Parser* parser;
  };
  bool TooDeep(unsigned line);

  // `word` is what a trace calls what is done there; empty: the process.
  const SourceSite* SiteAt(unsigned line, const std::string& word = "") const;

  struct RegisterInit {
    uint32_t process;
    std::string name;
    int64_t value;
    unsigned line;
  };

  Lexer lexer_;
  Token token_;
  LitmusTest& test_;
  ParseError error_;
  Process* process_ = nullptr;               // the one whose code is being read
  const Width* taken_ = nullptr;             // of the type that was read last, whatever its stars
  std::map<std::string, unsigned> pointer_;  // of that process: parameters and the number of stars of their types
  std::map<std::string, size_t> locations_;
  std::map<std::string, bool> initialised_;
  std::set<std::string> reached_;             // locations that are parameters, or whose address is a value
  std::map<size_t, const Width*> declared_;   // locations with a type
  std::map<size_t, unsigned> initial_lines_;  // of locations with an initial value
  std::vector<RegisterInit> register_inits_;
  size_t variables_ = 0;  // arrays count once
  unsigned depth_ = 0;
  bool statement_begins_ = false;  // here: a call may stand alone
};

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_PARSER_H_
