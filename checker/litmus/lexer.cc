// SPDX-License-Identifier: MIT
#include "checker/litmus/lexer.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "checker/base/strings.h"

namespace graze::litmus {
namespace {

bool IsBlank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool IsNameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

// Longest first.
constexpr std::string_view kPunctuation[] = {"<<=", ">>=", "/\\", "\\/", "=>", "==", "!=", "<>", "<=", ">=", "&&", "||", "<<",
                                             ">>",  "++",  "--",  "+=",  "-=", "*=", "/=", "%=", "&=", "|=", "^=", "->"};
constexpr std::string_view kSingle = "(){}[];:,=<>+-*/%&|^~!?.";

}  // namespace

void Lexer::Step(size_t count) {
  const std::string_view passed = text_.substr(at_, count);
  line_ += static_cast<unsigned>(std::count(passed.begin(), passed.end(), '\n'));
  at_ += passed.size();
}

std::string_view Lexer::RestOfLine() const {
  const std::string_view rest = text_.substr(at_);
  return rest.substr(0, rest.find('\n'));
}

bool Lexer::SkipComment(std::string_view open, std::string_view close, bool nests) {
  const Lexer before = *this;
  size_t depth = 0;
  while (at_ < text_.size()) {
    if (StartsWith(open) && (nests || depth == 0)) {
      Step(open.size());
      ++depth;
    } else if (StartsWith(close)) {
      Step(close.size());
      if (--depth == 0) return true;
    } else {
      Step(1);
    }
  }
  line_ = before.line_;
  error_ = "a comment begins here and never ends";
  return false;
}

bool Lexer::SkipBlanks() {
  while (at_ < text_.size()) {
    if (IsBlank(text_[at_])) {
      Step(1);
    } else if (StartsWith("//")) {
      Step(RestOfLine().size());
    } else if (StartsWith("/*")) {
      if (!SkipComment("/*", "*/", false)) return false;
    } else if (mode_ == Mode::kClauses && StartsWith("(*")) {
      if (!SkipComment("(*", "*)", true)) return false;
    } else {
      break;
    }
  }
  return true;
}

Token Lexer::Bad(std::string what) {
  error_ = std::move(what);
  Token token;
  token.kind = Token::Kind::kBad;
  token.line = line_;
  at_ = text_.size();
  return token;
}

Token Lexer::Number() {
  Token token;
  token.kind = Token::Kind::kNumber;
  token.line = line_;
  size_t length = 0;
  while (at_ + length < text_.size() && IsNamePart(text_[at_ + length])) ++length;
  token.text = text_.substr(at_, length);
  if (at_ + length < text_.size() && text_[at_ + length] == '.') return Bad("'" + std::string(token.text) + ".' begins no whole number");
  std::string digits(token.text);
  while (!digits.empty() && std::string_view("uUlL").find(digits.back()) != std::string_view::npos) digits.pop_back();
  const unsigned base = digits.starts_with("0x") || digits.starts_with("0X") ? 16 : digits.size() > 1 && digits[0] == '0' ? 8 : 10;
  if (base == 16) digits.erase(0, 2);
  uint64_t value = 0;
  bool good = !digits.empty();
  for (const char c : digits) {
    const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const unsigned digit = IsDigit(c) ? static_cast<unsigned>(c - '0') : lower >= 'a' ? static_cast<unsigned>(lower - 'a') + 10 : base;
    good = good && digit < base && value <= (uint64_t{INT64_MAX} - digit) / base;
    if (!good) break;
    value = value * base + digit;
  }
  if (!good) return Bad("'" + std::string(token.text) + "' is no number that fits into 64 bits");
  token.number = static_cast<int64_t>(value);
  Step(length);
  return token;
}

Token Lexer::Next() {
  Token token;
  if (!SkipBlanks()) return Bad(error_);
  token.line = line_;
  if (at_ >= text_.size()) return token;
  const char c = text_[at_];
  if (IsDigit(c)) return Number();
  size_t length = 0;
  if (IsNameStart(c)) {
    token.kind = Token::Kind::kName;
    while (at_ + length < text_.size() && IsNamePart(text_[at_ + length])) ++length;
  } else {
    token.kind = Token::Kind::kPunctuation;
    for (const std::string_view each : kPunctuation) {
      if (length == 0 && StartsWith(each)) length = each.size();
    }
    if (length == 0 && kSingle.find(c) != std::string_view::npos) length = 1;
    if (length == 0) {
      const bool visible = std::isprint(static_cast<unsigned char>(c)) != 0;
      return Bad(visible ? "'" + std::string(1, c) + "' has no meaning here" : "a character that has no meaning in a litmus test");
    }
  }
  token.text = text_.substr(at_, length);
  Step(length);
  return token;
}

bool Lexer::SkipHeader(std::string* name) {
  if (!SkipBlanks()) return false;
  const std::string_view first = RestOfLine();
  if (!first.starts_with("C") || (first.size() > 1 && !IsBlank(first[1]))) {
    error_ = "this is no litmus test in C: its first line has to be 'C' and a name";
    return false;
  }
  std::string_view rest = first.substr(1);
  while (!rest.empty() && IsBlank(rest.front())) rest.remove_prefix(1);
  *name = OneLine(rest.substr(0, std::min(rest.find_first_of(" \t\r"), rest.size())));
  Step(first.size());
  while (true) {
    if (!SkipBlanks()) return false;
    if (at_ >= text_.size()) {
      error_ = "the test ends before its initial state; '{' is missing";
      return false;
    }
    if (text_[at_] == '{') return true;
    if (text_[at_] == '"') {
      const size_t close = text_.find('"', at_ + 1);
      if (close == std::string_view::npos) {
        error_ = "a quoted text begins here and never ends";
        return false;
      }
      Step(close + 1 - at_);
    } else {
      Step(RestOfLine().size());  // "Com=Rf Fr" and the like
    }
  }
}

}  // namespace graze::litmus
