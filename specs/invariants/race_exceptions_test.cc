// SPDX-License-Identifier: MIT
#include "specs/invariants/race_exceptions.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace specs {
namespace {

// The tests run in the repository root.
std::set<std::string> FilesThatDeclareRacyFields() {
  std::set<std::string> found;
  const std::regex field(R"(\n\s+[^/\n]*\bracy<[^\n]*>\s*\*?\s*\w+(\[[^\]]*\])?;)");
  for (const auto& entry : std::filesystem::recursive_directory_iterator("model")) {
    if (entry.path().extension() != ".h" && entry.path().filename() != "cpumap.cc") continue;
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    if (std::regex_search(text.str(), field)) found.insert(entry.path().string());
  }
  return found;
}

TEST(RaceExceptions, AreListedForEveryFileThatDeclaresRacyFields) {
  std::set<std::string> listed;
  for (const RaceException& exception : RaceExceptions()) listed.insert(exception.file);
  EXPECT_EQ(listed, FilesThatDeclareRacyFields());
}

}  // namespace
}  // namespace specs
