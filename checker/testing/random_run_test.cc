// SPDX-License-Identifier: MIT
#include "checker/testing/random_run.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace graze::proof {
namespace {

constexpr uint64_t kMoreThanAnybodyWaitsFor = 1'000'000'000;
constexpr int kInterrupted = 3;

// A run in a process of its own, and what it prints.
class RunInTheBackground {
 public:
  explicit RunInTheBackground(const RandomRunOptions& options) {
    int ends[2];
    if (pipe(ends) != 0) return;
    std::fflush(stdout);  // or the child prints it once more
    child_ = fork();
    if (child_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      const RandomRunResult result = RunRandomPrograms(options);
      const bool plausible = result.done > 0 && result.done < options.programs && result.differences == 0;
      _exit(!result.interrupted ? 0 : plausible ? kInterrupted : 1);
    }
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
  }
  ~RunInTheBackground() {
    if (output_ != nullptr) std::fclose(output_);
  }
  RunInTheBackground(const RunInTheBackground&) = delete;
  RunInTheBackground& operator=(const RunInTheBackground&) = delete;

  pid_t child() const { return child_; }
  // Comes back as soon as there is one.
  std::string NextLine() {
    std::string line;
    for (int c = std::fgetc(output_); c != EOF && c != '\n'; c = std::fgetc(output_)) line += static_cast<char>(c);
    return line;
  }
  int ExitCode() const {
    int status = 0;
    waitpid(child_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t child_ = -1;
  FILE* output_ = nullptr;
};

TEST(RandomRun, AnInterruptionEndsItWithWhatWasComparedUntilThen) {
  for (const int signal : {SIGINT, SIGTERM}) {
    // The first line of progress comes when programs have been compared for a second, by then in every process.
    const RandomRunOptions options{
        .model = Model::kLkmm, .programs = kMoreThanAnybodyWaitsFor, .processes = 2, .self_check = false, .progress_seconds = 1};
    RunInTheBackground run(options);
    ASSERT_GT(run.child(), 0);
    EXPECT_TRUE(run.NextLine().starts_with("random programs: "));
    kill(run.child(), signal);
    EXPECT_EQ(run.ExitCode(), kInterrupted);
  }
}

TEST(RandomRun, WithoutAnInterruptionAllProgramsAreCompared) {
  const RandomRunResult result = RunRandomPrograms({.model = Model::kTso, .programs = 90, .processes = 2, .progress_seconds = 0});
  EXPECT_EQ(result.done, 90U);
  EXPECT_FALSE(result.interrupted);
  EXPECT_EQ(result.differences, 0U);
}

}  // namespace
}  // namespace graze::proof
