// SPDX-License-Identifier: MIT
// The small programs that memory models are explained with, in the language of program.h, and what published sources say of them. Random
// programs rarely have three orders in the right three places; each of these stands on one rule of one model, so that an engine without
// that rule, and an oracle without it, is noticed.
#ifndef CHECKER_TESTING_CLASSICS_H_
#define CHECKER_TESTING_CLASSICS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "checker/testing/model.h"
#include "checker/testing/program.h"

namespace graze::proof {

// What a source says of one outcome, or of races.
struct Classic {
  const char* name;  // as in the literature
  const char* text;
  std::vector<uint32_t> reads;                       // the outcome: the values of all reads, thread by thread
  const char* possible;                              // the models that allow it
  const char* impossible;                            // those that forbid it; about the others nothing is said
  std::vector<std::pair<char, uint32_t>> last = {};  // the outcome: what locations hold at the end

  // Without an outcome the matter is whether plain accesses race.
  bool is_about_races() const { return reads.empty() && last.empty(); }
};

const std::vector<Classic>& Classics();
// The programs, in the order of Classics(), parsed.
const std::vector<Program>& ClassicPrograms();

}  // namespace graze::proof

#endif  // CHECKER_TESTING_CLASSICS_H_
