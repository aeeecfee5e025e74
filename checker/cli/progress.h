// SPDX-License-Identifier: MIT
// The line that says how far a long run is. It is redrawn in place, and gone when the run is over.
#ifndef CHECKER_CLI_PROGRESS_H_
#define CHECKER_CLI_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace graze {

class ProgressLine {
 public:
  // Does nothing at all unless `enabled`.
  ProgressLine(std::ostream& err, bool enabled) : err_(err), enabled_(enabled), started_(Clock::now()) {}
  ~ProgressLine() { Clear(); }

  void Begin(const std::string& search);
  // Executions so far of a search that runs. Redraws at most four times a second.
  void Update(const std::string& search, uint64_t executions);
  void End(const std::string& search, uint64_t executions);
  void Clear();

  void set_searches(size_t searches) { searches_ = searches; }

  // "[2/7] Cpumap.Teardown v5.9 sc: 12,345 executions, 45,000/s, 3 s"; at most `width` characters.
  static std::string Format(size_t done, size_t searches, const std::vector<std::string>& running, uint64_t executions, double seconds,
                            size_t width);

 private:
  using Clock = std::chrono::steady_clock;
  struct Running {
    std::string search;
    uint64_t executions;
  };

  void Draw();

  std::ostream& err_;
  bool enabled_;
  bool drawn_ = false;
  Clock::time_point started_, last_;
  size_t searches_ = 0, done_ = 0;
  uint64_t finished_executions_ = 0;
  std::vector<Running> running_;
};

}  // namespace graze

#endif  // CHECKER_CLI_PROGRESS_H_
