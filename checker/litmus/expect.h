// SPDX-License-Identifier: MIT
// Verdicts that are known, from a CSV file, and whether ours agree with them.
#ifndef CHECKER_LITMUS_EXPECT_H_
#define CHECKER_LITMUS_EXPECT_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/litmus/run.h"

namespace graze::litmus {

// What one row says about one memory model; what it leaves open is absent.
struct Expectation {
  std::string verdict;  // empty = nobody knows
  std::optional<bool> data_race;
  std::optional<uint64_t> states, positive, negative;
};

enum class Agreement { kAgrees, kDiffers, kNotJudged, kUnsupported, kInconclusive };

struct Comparison {
  Agreement agreement = Agreement::kNotJudged;
  std::string difference;             // "verdict Never, expected Sometimes; data race no, expected yes"
  std::vector<std::string> compared;  // "verdict", "states", "witnesses", "data race"; the row is silent on the others
};

class Expectations {
 public:
  // Columns by their names in the first line, as SYNTAX.md describes them: path, and judge, verdict_B, race_B, verdict_k61, verdict_new,
  // verdict_src, flags_k61, states, positive, negative, porf_cyclic as far as they are there. False with one line that says what is wrong.
  bool Read(const std::string& path, bool model_6_1, std::string* error);
  // The row whose path ends the path of a test; null if there is none. Rows begin with the folder of a collection ("linux/tools/..."),
  // which may be called otherwise where the test lies.
  const Expectation* Find(const std::string& test_path) const;
  Comparison Compare(const Report& report) const;
  // Is a verdict of it known?
  bool Expects(const std::string& test_path) const;
  // How many rows belong to none of these tests.
  size_t RowsWithout(const std::vector<Report>& reports) const;
  size_t size() const { return rows_.size(); }

 private:
  std::map<std::string, Expectation> rows_;
  std::map<std::string, const Expectation*> without_collection_;  // null if several have the same rest
};

// One line of a CSV file; a field may stand in double quotes.
std::vector<std::string> SplitCsvLine(const std::string& line);

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_EXPECT_H_
