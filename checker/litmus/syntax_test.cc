// SPDX-License-Identifier: MIT
// SYNTAX.md, what users are told, beside the parser.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "checker/litmus/primitives.h"
#include "checker/litmus/run.h"

namespace graze::litmus {
namespace {

std::string Page() {
  std::ifstream file("checker/litmus/SYNTAX.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What stands under a heading of the page.
std::string Section(const std::string& heading) {
  const std::string page = Page();
  const size_t begin = page.find("\n## " + heading + "\n");
  if (begin == std::string::npos) return "";
  return page.substr(begin, page.find("\n## ", begin + 1) - begin);
}

// The texts between backticks.
std::vector<std::string> Quoted(const std::string& text) {
  std::vector<std::string> quoted;
  for (size_t at = text.find('`'); at != std::string::npos;) {
    const size_t end = text.find('`', at + 1);
    if (end == std::string::npos) break;
    quoted.push_back(text.substr(at + 1, end - at - 1));
    at = text.find('`', end + 1);
  }
  return quoted;
}

// "a{b,c}" is "ab" and "ac".
std::vector<std::string> Expanded(const std::string& text) {
  const size_t open = text.find('{');
  if (open == std::string::npos) return {text};
  const size_t close = text.find('}', open);
  std::vector<std::string> all;
  std::istringstream choices(text.substr(open + 1, close - open - 1) + ",");
  for (std::string choice; std::getline(choices, choice, ',');) {
    for (const std::string& each : Expanded(text.substr(0, open) + choice + text.substr(close + 1))) all.push_back(each);
  }
  return all;
}

// The first cells of the rows of a table whose first cell is code, each with the second one.
std::vector<std::pair<std::string, std::string>> Rows(const std::string& section) {
  std::vector<std::pair<std::string, std::string>> rows;
  std::istringstream lines(section);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    const size_t middle = line.find(" | ", 2);
    rows.emplace_back(line.substr(2, middle - 2), line.substr(middle + 3, line.rfind(" |") - middle - 3));
  }
  return rows;
}

// "xchg(x, v)" by its name.
std::map<std::string, std::string> PrimitivesOfThePage() {
  std::map<std::string, std::string> calls;
  for (const auto& [names, meaning] : Rows(Section("Primitives"))) {
    for (const std::string& quoted : Quoted(names)) {
      for (const std::string& call : Expanded(quoted)) {
        EXPECT_TRUE(calls.emplace(call.substr(0, call.find('(')), call).second) << call << " stands there twice";
      }
    }
  }
  return calls;
}

TEST(LitmusSyntax, ThePageHasThePrimitivesThatTheParserKnows) {
  const std::map<std::string, std::string> page = PrimitivesOfThePage();
  for (const Primitive& primitive : Primitives()) EXPECT_EQ(page.count(primitive.name), 1U) << primitive.name << " is not on the page";
  for (const auto& [name, call] : page) {
    const Primitive* const primitive = FindPrimitive(name);
    ASSERT_NE(primitive, nullptr) << name;
    const std::string arguments = call.substr(call.find('('));
    const auto commas = std::count(arguments.begin(), arguments.end(), ',');
    EXPECT_EQ(arguments == "()" ? 0 : commas + 1, primitive->arity) << call;
    EXPECT_EQ(arguments.starts_with("(*"), primitive->lvalue) << call;
    const char last = primitive->pointer == 0 ? arguments[primitive->lvalue ? 2 : 1] : arguments[arguments.size() - 2];
    if (primitive->arity > 0) {
      EXPECT_NE(std::string("xls").find(last), std::string::npos) << call << ": which one is the location?";
    }
  }
}

TEST(LitmusSyntax, ThePageSaysWhichPrimitivesTheModelOfLinux61Lacks) {
  const std::string section = Section("Primitives");
  const size_t begin = section.find("The model of Linux 6.1 lacks");
  ASSERT_NE(begin, std::string::npos);
  std::set<std::string> page, code;
  for (const std::string& quoted : Quoted(section.substr(begin))) {
    for (const std::string& name : Expanded(quoted)) page.insert(name);
  }
  page.erase("--lkmm=6.1");
  for (const Primitive& primitive : Primitives()) {
    if (primitive.newer) code.insert(primitive.name);
  }
  EXPECT_EQ(page, code);
}

TEST(LitmusSyntax, WhatIsRefusedIsRefusedWithTheLineThatThePageShows) {
  const auto rows = Rows(Section("Refused"));
  EXPECT_GT(rows.size(), 10U);
  for (const auto& [code, complaint] : rows) {
    const Report report =
        RunText("C t\n{}\nP0(int *x, int *y, spinlock_t *l, struct srcu_struct *s)\n{\n" + Quoted(code).at(0) + "\n}\nexists (x=1)\n",
                "t.litmus", {});
    EXPECT_EQ(report.status, Report::Status::kUnsupported) << code;
    EXPECT_EQ(report.error, "t.litmus:5: " + complaint) << code;
  }
}

TEST(LitmusSyntax, TheExampleIsJudgedAsThePageSays) {
  const std::string page = Page();
  const size_t begin = page.find("```c\n") + 5;
  const Report report = RunText(page.substr(begin, page.find("```", begin) - begin), "t.litmus", {});
  EXPECT_EQ(report.error, "");
  EXPECT_EQ(report.verdict, "Never");
  EXPECT_TRUE(report.notes.empty());
}

}  // namespace
}  // namespace graze::litmus
