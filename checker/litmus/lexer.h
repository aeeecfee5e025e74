// SPDX-License-Identifier: MIT
// Cuts a litmus test into tokens. A copy of a lexer looks ahead.
#ifndef CHECKER_LITMUS_LEXER_H_
#define CHECKER_LITMUS_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace graze::litmus {

struct Token {
  enum class Kind : uint8_t { kEnd, kName, kNumber, kPunctuation, kBad };
  Kind kind = Kind::kEnd;
  std::string_view text;
  int64_t number = 0;
  unsigned line = 1;

  bool Is(std::string_view what) const { return (kind == Kind::kName || kind == Kind::kPunctuation) && text == what; }
};

class Lexer {
 public:
  // Around the processes `(*` opens a comment; inside them it is a parenthesis and a star.
  enum class Mode : uint8_t { kClauses, kCode };

  explicit Lexer(std::string_view text) : text_(text) {}

  void set_mode(Mode mode) { mode_ = mode; }
  Token Next();
  // What is wrong with the last token, if its kind is kBad.
  const std::string& error() const { return error_; }

  // What stands before the first brace: the line that names the test, then whatever its generator wrote. The name is empty if it has none;
  // false if this is no litmus test in C.
  bool SkipHeader(std::string* name);
  unsigned line() const { return line_; }

 private:
  bool StartsWith(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  void Step(size_t count);
  // False in the middle of a comment that never ends.
  bool SkipBlanks();
  bool SkipComment(std::string_view open, std::string_view close, bool nests);
  std::string_view RestOfLine() const;
  Token Number();
  Token Bad(std::string what);

  std::string_view text_;
  size_t at_ = 0;
  unsigned line_ = 1;
  Mode mode_ = Mode::kClauses;
  std::string error_;
};

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_LEXER_H_
