// SPDX-License-Identifier: MIT
// Tokens, names, and the sections of a test: its initial state and the heads of its processes.
#include "checker/litmus/parse.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <initializer_list>
#include <set>
#include <utility>

#include "checker/base/strings.h"
#include "checker/litmus/parser.h"

namespace graze::litmus {
namespace {

constexpr unsigned kProcessesMax = 64;

constexpr std::array<std::string_view, 40> kTypeNames = {"void",
                                                         "char",
                                                         "short",
                                                         "int",
                                                         "long",
                                                         "signed",
                                                         "unsigned",
                                                         "bool",
                                                         "_Bool",
                                                         "const",
                                                         "volatile",
                                                         "struct",
                                                         "atomic_t",
                                                         "atomic64_t",
                                                         "atomic_long_t",
                                                         "spinlock_t",
                                                         "raw_spinlock_t",
                                                         "intptr_t",
                                                         "uintptr_t",
                                                         "size_t",
                                                         "ssize_t",
                                                         "ptrdiff_t",
                                                         "int8_t",
                                                         "int16_t",
                                                         "int32_t",
                                                         "int64_t",
                                                         "uint8_t",
                                                         "uint16_t",
                                                         "uint32_t",
                                                         "uint64_t",
                                                         "u8",
                                                         "u16",
                                                         "u32",
                                                         "u64",
                                                         "s8",
                                                         "s16",
                                                         "s32",
                                                         "s64",
                                                         "__rcu",
                                                         "srcu_struct"};

// Null for 64 bits, and for what nobody knows.
const Width* WidthOf(const std::set<std::string>& words) {
  static constexpr Width kWidths[] = {
      {"char", -128, 127}, {"unsigned char", 0, 255}, {"short", -32768, 32767}, {"unsigned short", 0, 65535}, {"bool", 0, 1}};
  const auto any = [&](std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(), [&](const char* name) { return words.count(name) != 0; });
  };
  const bool is_unsigned = any({"unsigned"});
  if (any({"struct", "long"})) return nullptr;
  if (any({"char", "int8_t", "s8", "uint8_t", "u8"})) return &kWidths[is_unsigned || any({"uint8_t", "u8"}) ? 1 : 0];
  if (any({"short", "int16_t", "s16", "uint16_t", "u16"})) return &kWidths[is_unsigned || any({"uint16_t", "u16"}) ? 3 : 2];
  if (any({"bool", "_Bool"})) return &kWidths[4];
  if (is_unsigned || any({"uint32_t", "u32"})) return &kUnsigned;
  return any({"int", "signed", "atomic_t", "int32_t", "s32"}) ? &kInt : nullptr;
}

bool IsProcessName(std::string_view name) {
  return name.size() > 1 && name[0] == 'P' && name.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

}  // namespace

Parser::Parser(std::string_view text, LitmusTest* test) : lexer_(text), test_(*test) {}

// ---- tokens ---------------------------------------------------------------------------------------------------------------------

void Parser::Fail(unsigned line, const std::string& reason) {
  if (failed()) return;
  error_ = {.line = std::max(line, 1u), .reason = OneLine(reason)};
  token_ = Token();
  token_.line = line;
}

void Parser::FailHere(const std::string& expected) {
  const std::string found = token_.kind == Token::Kind::kEnd ? "the file ends" : "'" + std::string(token_.text) + "' stands here";
  Fail(token_.line, "expected " + expected + ", but " + found);
}

void Parser::Advance() {
  if (failed()) return;
  token_ = lexer_.Next();
  if (token_.kind == Token::Kind::kBad) Fail(token_.line, lexer_.error());
}

bool Parser::Accept(std::string_view what) {
  if (!At(what)) return false;
  Advance();
  return true;
}

bool Parser::Expect(std::string_view what, std::string_view where) {
  if (Accept(what)) return true;
  FailHere("'" + std::string(what) + "' " + std::string(where));
  return false;
}

std::string Parser::TakeName(std::string_view what) {
  if (!AtName()) {
    FailHere(std::string(what));
    return "";
  }
  std::string name(token_.text);
  Advance();
  return name;
}

bool Parser::TakeNumber(int64_t* number) {
  const bool negative = Accept("-");
  if (token_.kind != Token::Kind::kNumber) {
    FailHere("a number");
    return false;
  }
  *number = negative ? -token_.number : token_.number;
  Advance();
  return true;
}

bool Parser::TooDeep(unsigned line) {
  constexpr unsigned kDeepest = 200;
  if (depth_ > kDeepest) Fail(line, "nested more than " + std::to_string(kDeepest) + " levels deep");
  return failed();
}

// Never given back: what a site stands for is remembered by its address, over all searches of a process.
const SourceSite* Parser::SiteAt(unsigned line, const std::string& word) const {
  static auto* const sites = new std::deque<SourceSite>;
  static auto* const names = new std::set<std::string>;
  const char* const file = names->insert(test_.path).first->c_str();
  const std::string process = process_ == nullptr ? "" : process_->name;
  const char* const function = names->insert(word.empty() ? process : word).first->c_str();
  return &sites->emplace_back(SourceSite{.file = file, .func = function, .line = line, .col = 0});
}

// ---- names and types ------------------------------------------------------------------------------------------------------------

size_t Parser::LocationNamed(const std::string& name) {
  const auto [it, inserted] = locations_.try_emplace(name, test_.locations.size());
  if (inserted) test_.locations.push_back({.name = name, .address = kAddressBase + static_cast<int64_t>(variables_++) * kVariableStride});
  return it->second;
}

size_t Parser::ElementNamed(const std::string& array, int64_t element) {
  const size_t first = LocationNamed(array);
  if (element == 0 || failed()) return first;
  const auto it = locations_.find(array + "[" + std::to_string(element) + "]");
  if (it != locations_.end()) return it->second;
  Fail(token_.line, "there is no element " + array + "[" + std::to_string(element) + "]");
  return first;
}

bool Parser::IsTypeName(std::string_view name) const { return std::find(kTypeNames.begin(), kTypeNames.end(), name) != kTypeNames.end(); }

bool Parser::AtType() const { return AtName() && IsTypeName(token_.text); }

// Several declarations of one location: the widest counts.
void Parser::Declare(size_t location, const Width* width) {
  const auto [it, inserted] = declared_.try_emplace(location, width);
  const Width* const before = it->second;
  if (!inserted && (width == nullptr || (before != nullptr && before->most < width->most))) it->second = width;
  test_.locations[location].width = it->second;
}

unsigned Parser::TakeType() {
  if (!AtName()) {
    FailHere("a type");
    return 0;
  }
  std::set<std::string> words;
  // Of a type nobody knows one word is taken, of known ones as many as there are ("const unsigned long").
  do {
    words.insert(std::string(token_.text));
    if (Accept("struct")) {
      TakeName("the name of a struct");
    } else {
      Advance();
    }
  } while (AtType());
  taken_ = WidthOf(words);
  unsigned stars = 0;
  while (At("*") || At("const") || At("volatile") || At("__rcu")) {
    if (At("*")) ++stars;
    Advance();
  }
  return stars;
}

// ---- the initial state ------------------------------------------------------------------------------------------------------------

void Parser::ParseInit() {
  Expect("{", "before the initial state");
  while (!failed() && !At("}")) {
    if (Accept(";")) continue;
    ParseInitItem();
    if (!At("}")) Expect(";", "after an initial value");
  }
  Expect("}", "after the initial state");
}

void Parser::ParseInitItem() {
  const Lexer ahead = lexer_;
  bool typed = false;
  if (AtName()) {
    // "int x", "foo_t *x", "int 0:r1": two words, or a star after the first.
    Lexer look = ahead;
    const Token next = look.Next();
    typed = AtType() || next.kind == Token::Kind::kName || next.kind == Token::Kind::kNumber || next.Is("*");
    if (next.Is(":")) typed = false;
  }
  unsigned stars = typed ? TakeType() : 0;
  const bool has_type = typed;
  for (; Accept("*"); ++stars) typed = true;
  const Width* const width = stars > 0 ? nullptr : taken_;
  if (AtName() && IsProcessName(token_.text)) {
    Lexer look = lexer_;
    if (look.Next().Is(":")) {
      const int64_t number = std::strtoll(std::string(token_.text.substr(1)).c_str(), nullptr, 10);
      Advance();
      Advance();
      return ParseRegisterInit(static_cast<uint32_t>(std::min<int64_t>(number, kProcessesMax)));
    }
  }
  if (token_.kind == Token::Kind::kNumber) {
    const int64_t number = token_.number;
    Advance();
    if (!Expect(":", "after the number of a process")) return;
    if (number >= kProcessesMax) return Fail(token_.line, "there is no process " + std::to_string(number));
    return ParseRegisterInit(static_cast<uint32_t>(number));
  }
  const size_t first = test_.locations.size();
  ParseLocationInit(typed);
  for (size_t i = first; has_type && !failed() && i < test_.locations.size() && test_.BaseOf(i) == first; ++i) Declare(i, width);
}

int64_t Parser::ParseInitValue() {
  int64_t value = 0;
  if (Accept("ATOMIC_INIT")) {
    Expect("(", "after ATOMIC_INIT");
    value = ParseInitValue();
    Expect(")", "after the value of ATOMIC_INIT");
    return value;
  }
  if (Accept("(")) {
    if (AtType()) {  // a cast
      TakeType();
      Expect(")", "after a type");
      return ParseInitValue();
    }
    value = ParseInitValue();
    Expect(")", "after a value");
    return value;
  }
  const bool address = Accept("&");
  if (address || AtName()) {
    const std::string name = TakeName("the name of a location");
    if (failed()) return 0;
    size_t location = LocationNamed(name);
    reached_.insert(name);
    if (Accept("[")) {
      int64_t element = 0;
      TakeNumber(&element);
      Expect("]", "after the number of an element");
      location = ElementNamed(name, element);
    }
    return test_.locations[location].address;
  }
  TakeNumber(&value);
  return value;
}

void Parser::ParseRegisterInit(uint32_t process) {
  RegisterInit init{.process = process, .name = "", .value = 0, .line = token_.line};
  init.name = TakeName("the name of a register");
  if (Accept("=")) init.value = ParseInitValue();
  if (!failed()) register_inits_.push_back(std::move(init));
}

void Parser::ParseLocationInit(bool typed) {
  const bool bracketed = !typed && Accept("[");
  const unsigned line = token_.line;
  const std::string name = TakeName("the name of a location");
  if (failed()) return;
  if (bracketed) Expect("]", "after the name of a location");
  if (std::exchange(initialised_[name], true)) return Fail(line, "'" + name + "' has two initial values");
  int64_t elements = 1;
  const bool array = Accept("[");
  if (array) {
    TakeNumber(&elements);
    Expect("]", "after the number of elements");
    if (failed()) return;
    if (elements < 1 || elements > kElementsMax) return Fail(line, "an array of " + std::to_string(elements) + " elements");
    if (locations_.count(name) != 0) return Fail(line, "the array '" + name + "' has to be declared before it is used");
  }
  const size_t first = LocationNamed(name);
  initial_lines_[first] = line;
  for (int64_t i = 1; i < elements; ++i) {
    const std::string element = name + "[" + std::to_string(i) + "]";
    locations_[element] = test_.locations.size();
    test_.locations.push_back({.name = element, .address = test_.locations[first].address + i * kElementStride});
  }
  if (!Accept("=")) return;
  if (!array) {
    const int64_t value = ParseInitValue();
    test_.locations[first].initial = value;
    return;
  }
  Expect("{", "before the values of an array");
  for (int64_t i = 0; i < elements && !failed(); ++i) {
    if (i > 0 && !Accept(",")) break;
    const int64_t value = ParseInitValue();
    test_.locations[first + static_cast<size_t>(i)].initial = value;
  }
  Expect("}", "after the values of an array");
}

void Parser::ResolveRegisterInits() {
  for (const RegisterInit& init : register_inits_) {
    if (init.process >= test_.processes.size()) return Fail(init.line, "there is no process " + std::to_string(init.process));
    process_ = test_.processes[init.process].get();
    const bool known = process_->FindRegister(init.name) < process_->registers.size();
    const std::string full_name = std::to_string(init.process) + ":" + init.name;
    const auto same = [&](const RegisterInit& other) { return other.process == init.process && other.name == init.name; };
    if (std::count_if(register_inits_.begin(), register_inits_.end(), same) > 1) {
      return Fail(init.line, "'" + full_name + "' has two initial values");
    }
    RegisterInfo& info = process_->registers[RegisterNamed(init.name)];
    if (info.parameter) {
      return Fail(init.line, "'" + full_name + "' is a parameter of " + process_->name + ", which is the address of '" + init.name + "'");
    }
    if (!known) Remark(process_->name + " has no variable " + init.name);
    info.initial = init.value;
    info.declared = true;
  }
  process_ = nullptr;
}

// ---- processes --------------------------------------------------------------------------------------------------------------------

void Parser::ParseParameters() {
  Expect("(", "after the name of a process");
  if (At("void")) {
    Lexer look = lexer_;
    if (look.Next().Is(")")) Advance();
  }
  while (!failed() && !At(")")) {
    const unsigned stars = TakeType();
    const unsigned line = token_.line;
    const std::string name = TakeName("the name of a parameter");
    if (failed()) return;
    if (stars == 0) return Fail(line, "the parameter '" + name + "' is no pointer; the parameters of a process are the shared locations");
    if (process_->FindRegister(name) < process_->registers.size()) return Fail(line, "two parameters '" + name + "'");
    const size_t location = LocationNamed(name);
    reached_.insert(name);
    const Width* const width = stars > 1 ? nullptr : taken_;
    for (size_t i = location; i < test_.locations.size() && test_.BaseOf(i) == location; ++i) Declare(i, width);
    process_->registers.push_back({.name = name,
                                   .initial = test_.locations[location].address,
                                   .width = nullptr,
                                   .pointee = width,
                                   .parameter = true,
                                   .declared = true});
    pointer_[name] = stars;
    if (!At(")")) Expect(",", "between parameters");
  }
  Expect(")", "after the parameters");
}

void Parser::ParseProcess() {
  const unsigned line = token_.line;
  std::string name = TakeName("a process");
  test_.processes.push_back(std::make_unique<Process>());
  process_ = test_.processes.back().get();
  process_->number = static_cast<uint32_t>(test_.processes.size() - 1);
  process_->name = std::move(name);
  process_->site = SiteAt(line);
  if (test_.processes.size() > kProcessesMax) return Fail(line, "more than " + std::to_string(kProcessesMax) + " processes");
  if (process_->name != "P" + std::to_string(process_->number)) {
    return Fail(line, "expected process P" + std::to_string(process_->number) + ", but '" + process_->name + "' stands here");
  }
  pointer_.clear();
  ParseParameters();
  if (!At("{")) return FailHere("'{' before the code of a process");
  lexer_.set_mode(Lexer::Mode::kCode);
  Advance();
  process_->body.site = process_->site;
  while (!failed() && !At("}")) {
    if (token_.kind == Token::Kind::kEnd) return FailHere("'}' after the code of " + process_->name);
    if (StatementPtr statement = ParseStatement()) process_->body.parts.push_back(std::move(statement));
  }
  lexer_.set_mode(Lexer::Mode::kClauses);
  Expect("}", "after the code of a process");
  process_ = nullptr;
}

bool Parser::Run() {
  if (!lexer_.SkipHeader(&test_.name)) Fail(lexer_.line(), lexer_.error());
  Advance();
  ParseInit();
  const auto at_process = [&] {
    if (At("void")) Advance();
    return AtName() && IsProcessName(token_.text);
  };
  while (!failed() && at_process()) ParseProcess();
  if (!failed() && test_.processes.empty()) FailHere("a process");
  ResolveRegisterInits();
  ParseClauses();
  for (const auto& [location, line] : initial_lines_) {
    const LocationInfo& info = test_.locations[location];
    if (info.width == nullptr || info.width->Holds(info.initial)) continue;
    Fail(line, std::to_string(info.initial) + " does not fit into the " + info.width->name + " '" + info.name + "'");
  }
  if (failed()) return false;
  RemarkOnInit();
  RemarkOnCode();
  return true;
}

std::unique_ptr<LitmusTest> Parse(std::string_view text, const std::string& path, ParseError* error) {
  auto test = std::make_unique<LitmusTest>();
  test->path = path;
  Parser parser(text, test.get());
  if (parser.Run()) return test;
  *error = parser.error();
  return nullptr;
}

}  // namespace graze::litmus
