// SPDX-License-Identifier: MIT
#include "checker/testing/random_run.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "checker/base/check.h"
#include "checker/testing/classics.h"
#include "checker/testing/generate.h"

namespace graze::proof {
namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t interrupted = 0;

// While one exists, an interruption is noted instead of ending the process.
class InterruptionNoted {
 public:
  InterruptionNoted() {
    struct sigaction action = {};
    action.sa_handler = [](int) { interrupted = 1; };
    interrupted = 0;
    sigaction(SIGINT, &action, &old_interrupt_);
    sigaction(SIGTERM, &action, &old_terminate_);
  }
  ~InterruptionNoted() {
    sigaction(SIGINT, &old_interrupt_, nullptr);
    sigaction(SIGTERM, &old_terminate_, nullptr);
  }
  InterruptionNoted(const InterruptionNoted&) = delete;
  InterruptionNoted& operator=(const InterruptionNoted&) = delete;

 private:
  struct sigaction old_interrupt_ = {};
  struct sigaction old_terminate_ = {};
};

// What a process tells the others while it works.
struct Slot {
  std::atomic<uint64_t> current{0};  // number of the program it is at
  std::atomic<uint64_t> done{0};
  std::atomic<uint64_t> differences{0};
  Census census;  // to be read when the process is gone
};
struct Board {
  explicit Board(size_t processes)
      : size_(processes * sizeof(Slot)),
        slots_(static_cast<Slot*>(mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))),
        count_(processes) {
    GRAZE_CHECK(slots_ != MAP_FAILED);
    for (size_t i = 0; i < count_; ++i) new (&slots_[i]) Slot;
  }
  ~Board() { munmap(slots_, size_); }
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  Slot& slot(size_t i) { return slots_[i]; }
  uint64_t Sum(std::atomic<uint64_t> Slot::* member) const {
    uint64_t sum = 0;
    for (size_t i = 0; i < count_; ++i) sum += (slots_[i].*member).load();
    return sum;
  }

 private:
  const size_t size_;
  Slot* const slots_;
  const size_t count_;
};

// Every run but under sc, which knows none of the orders that they are about, begins with the classics; random programs come behind them.
uint64_t ClassicsIn(const RandomRunOptions& options) { return options.model == Model::kSc ? 0 : Classics().size(); }
uint64_t Modes(const RandomRunOptions& options) { return static_cast<uint64_t>(ModesOf(options.model)); }
// Of random programs, counted from 0.
Mode ModeOf(const RandomRunOptions& options, uint64_t number) { return static_cast<Mode>(number % Modes(options)); }
uint64_t SeedOf(const RandomRunOptions& options, uint64_t number) { return options.first_seed + number / Modes(options); }

// Of all programs of the run.
Program ProgramOf(const RandomRunOptions& options, uint64_t number) {
  const uint64_t classics = ClassicsIn(options);
  if (number < classics) return ClassicPrograms()[number];
  return Generate(ModeOf(options, number - classics), SeedOf(options, number - classics), options.model);
}
uint64_t SetupOf(const RandomRunOptions& options, uint64_t number) {
  const uint64_t classics = ClassicsIn(options);
  return number < classics ? number : SeedOf(options, number - classics);
}
std::string NameOf(const RandomRunOptions& options, uint64_t number) {
  const uint64_t classics = ClassicsIn(options);
  const std::string model = std::string(ToString(options.model)) + ", ";
  if (number < classics) return model + Classics()[number].name;
  return model + ToString(ModeOf(options, number - classics)) + " program " + std::to_string(SeedOf(options, number - classics));
}

// One write per line or block, so that the processes do not mix them up.
void Print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Work(const RandomRunOptions& options, unsigned process, Board* board) {
  Slot& slot = board->slot(process);
  for (uint64_t number = process; number < options.programs; number += options.processes) {
    if (interrupted != 0 || board->Sum(&Slot::differences) >= options.differences_max) return;
    slot.current = number;
    const Program program = ProgramOf(options, number);
    EngineSetup setup = VariedSetup(SetupOf(options, number), options.model);
    setup.options.self_check &= options.self_check;
    const Comparison comparison = Compare(program, setup);
    slot.census.Add(program, comparison);
    ++slot.done;
    if (comparison.agreement != Agreement::kDifferent) continue;
    ++slot.differences;
    const std::string story =
        options.shrink ? Explain(program, setup) : ToText(program) + "(" + ToText(setup) + ")\n" + comparison.difference;
    Print("different: " + NameOf(options, number) + (options.shrink ? ", shrunk:\n" : ":\n") + story + "\n");
  }
}

std::string ProgressLine(const RandomRunOptions& options, const Board& board, Clock::time_point began) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - began).count();
  return "random programs: " + std::to_string(board.Sum(&Slot::done)) + " of " + std::to_string(options.programs) + ", " +
         std::to_string(board.Sum(&Slot::differences)) + " differences, " + std::to_string(seconds) + " s\n";
}

// Says how a process ended that did not end well.
void ReportDeath(const RandomRunOptions& options, Slot* slot, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  ++slot->differences;
  const std::string how = WIFSIGNALED(status) ? std::string("died of ") + strsignal(WTERMSIG(status)) : "ended early";
  Print("different: " + NameOf(options, slot->current) + ": the process that ran it " + how + "\n" +
        ToText(ProgramOf(options, slot->current)));
}

void WaitForAll(const RandomRunOptions& options, Board* board, std::vector<pid_t> children) {
  const auto began = Clock::now();
  auto next_line = began + std::chrono::seconds(options.progress_seconds);
  for (size_t left = children.size(); left > 0;) {
    // At a terminal the children were told too; each comes to the end of its program.
    if (interrupted != 0) {
      for (const pid_t child : children) {
        if (child != 0) kill(child, SIGTERM);
      }
    }
    for (size_t i = 0; i < children.size(); ++i) {
      int status = 0;
      if (children[i] == 0 || waitpid(children[i], &status, WNOHANG) != children[i]) continue;
      children[i] = 0;
      --left;
      ReportDeath(options, &board->slot(i), status);
    }
    if (left > 0) poll(nullptr, 0, 20);
    if (options.progress_seconds == 0 || Clock::now() < next_line) continue;
    next_line += std::chrono::seconds(options.progress_seconds);
    Print(ProgressLine(options, *board, began));
  }
}

}  // namespace

RandomRunResult RunRandomPrograms(const RandomRunOptions& options) {
  Board board(options.processes);
  const InterruptionNoted noted;
  const pid_t parent = getpid();
  std::vector<pid_t> children;
  for (unsigned process = 0; process < options.processes; ++process) {
    const pid_t child = fork();
    GRAZE_CHECK(child >= 0);
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(0);
      Work(options, process, &board);
      _exit(0);
    }
    children.push_back(child);
  }
  WaitForAll(options, &board, std::move(children));
  RandomRunResult result;
  for (unsigned process = 0; process < options.processes; ++process) result.census.Merge(board.slot(process).census);
  result.done = board.Sum(&Slot::done);
  result.differences = board.Sum(&Slot::differences);
  result.interrupted = interrupted != 0;
  return result;
}

}  // namespace graze::proof
