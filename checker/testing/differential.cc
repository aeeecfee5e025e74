// SPDX-License-Identifier: MIT
#include "checker/testing/differential.h"

#include <cstddef>
#include <unordered_map>
#include <unordered_set>

#include "checker/testing/interpret.h"
#include "checker/testing/oracle.h"

namespace graze::proof {
namespace {

constexpr const char* kSchedulerNames[] = {"write-first", "left-to-right", "right-to-left", "read-first", "random"};

class Comparer {
 public:
  Comparer(const OracleResult& oracle, const EngineOutcome& engine) : oracle_(oracle), engine_(engine) {
    for (const CompleteGraph& graph : oracle.graphs) {
      by_hash_.emplace(graph.hash, &graph);
      cores_.insert(graph.core);
      if (graph.hung) hung_.insert(graph.core);
      raced_ |= graph.raced;
    }
  }

  // Empty if they agree.
  std::string Difference() {
    if (engine_.result.verdict == Verdict::kError) return "the engine gives up: " + engine_.result.reason;
    if (engine_.result.verdict == Verdict::kInconclusive) return "the engine is inconclusive: " + engine_.result.reason;
    if (!engine_.other_violation.empty()) return "the engine reports " + engine_.other_violation;
    if (engine_.raced != raced_)
      return engine_.raced ? "the engine reports a race, no graph has one" : "the engine misses a race" + RacedText();
    if (std::string text = Extra(); !text.empty()) return text;
    if (raced_) return "";
    if (std::string text = Missing(); !text.empty()) return text;
    return Stalls();
  }

 private:
  std::string RacedText() const {
    for (const CompleteGraph& graph : oracle_.graphs) {
      if (graph.raced) return ":\n" + graph.text;
    }
    return "";
  }

  std::string Extra() {
    std::unordered_set<uint64_t> reported;
    for (const EngineGraph& graph : engine_.graphs) {
      const bool known = graph.waits_shown ? by_hash_.contains(graph.hash) : cores_.contains(graph.core);
      if (!known) return "the engine reports a graph that is not consistent or not complete:\n" + graph.text;
      if (!reported.insert(graph.hash).second) return "the engine reports a graph twice:\n" + graph.text;
    }
    return "";
  }

  std::string Missing() {
    std::unordered_set<uint64_t> reported;
    uint64_t finished = 0, hopeless = 0, expected = 0;
    for (const EngineGraph& graph : engine_.graphs) {
      reported.insert(graph.hash);
      finished += !graph.blocked;
      hopeless += graph.hopeless;
    }
    for (const CompleteGraph& graph : oracle_.graphs) {
      if (graph.blocked) continue;
      ++expected;
      if (!reported.contains(graph.hash)) return "the engine misses a graph:\n" + graph.text;
    }
    if (finished != expected) return "the engine reports a finished graph that the oracle calls blocked";
    // A stall is an execution too: it ends in a violation.
    if (engine_.result.executions != expected + hopeless) {
      return "the engine counts " + std::to_string(engine_.result.executions) + " executions instead of " +
             std::to_string(expected + hopeless);
    }
    return "";
  }

  std::string Stalls() {
    std::unordered_set<uint64_t> stalls;
    for (const EngineGraph& graph : engine_.graphs) {
      if (!graph.hopeless) continue;
      stalls.insert(graph.core);
      const auto found = by_hash_.find(graph.hash);
      const bool hung = hung_.contains(graph.core) || (found != by_hash_.end() && found->second->hung_as_seen);
      if (!hung) return "the engine calls a graph a stall that is none:\n" + graph.text;
    }
    for (const CompleteGraph& graph : oracle_.graphs) {
      if (!graph.hung) continue;
      if (!stalls.contains(graph.core)) return "the engine misses a stall:\n" + graph.text;
    }
    if (engine_.stalled == stalls.empty())
      return stalls.empty() ? "the engine reports a stall without a graph" : "the engine reports no stall";
    return "";
  }

  const OracleResult& oracle_;
  const EngineOutcome& engine_;
  std::unordered_map<uint64_t, const CompleteGraph*> by_hash_;
  std::unordered_set<uint64_t> cores_, hung_;
  bool raced_ = false;
};

Comparison CompareOnce(const Program& program, const EngineSetup& setup, bool keep_text) {
  Comparison comparison;
  const OracleResult oracle = BruteForce(program, {.keep_text = keep_text});
  if (oracle.too_large) {
    comparison.agreement = Agreement::kTooLarge;
    return comparison;
  }
  const EngineOutcome engine = RunOnEngine(program, setup.options, setup.join, keep_text);
  comparison.difference = Comparer(oracle, engine).Difference();
  if (oracle.rcu_disagreed != 0) comparison.difference = "the oracle's two forms of the RCU axiom disagree";
  if (!comparison.difference.empty()) comparison.agreement = Agreement::kDifferent;
  comparison.graphs = oracle.graphs.size();
  comparison.rcu_mattered = oracle.rcu_rejected > 0;
  for (const CompleteGraph& graph : oracle.graphs) {
    comparison.raced |= graph.raced;
    comparison.hung |= graph.hung;
  }
  return comparison;
}

}  // namespace

EngineSetup VariedSetup(uint64_t number) {
  EngineSetup setup;
  setup.options.scheduler = static_cast<SchedulerKind>(number % 5);
  setup.options.seed = number + 1;
  setup.options.shuffle_queue = number / 5 % 2 == 1;
  setup.options.self_check = number % 7 == 0;
  setup.options.keep_traces = number % 11 == 0;
  setup.options.split_after = number % 4 == 3 ? 1 + number / 4 % 3 : 0;
  setup.join = number % 3 == 0;
  setup.options.executions_max = 20'000;  // more than any program has that the oracle can take: a search that diverges fails
  return setup;
}

std::string ToText(const EngineSetup& setup) {
  return std::string("scheduler ") + kSchedulerNames[static_cast<size_t>(setup.options.scheduler)] + ", seed " +
         std::to_string(setup.options.seed) + (setup.options.shuffle_queue ? ", shuffled queue" : "") +
         (setup.options.self_check ? ", self check" : "") +
         (setup.options.split_after > 0 ? ", split after " + std::to_string(setup.options.split_after) : "") +
         (setup.join ? ", joined" : "");
}

Comparison Compare(const Program& program, const EngineSetup& setup) {
  const Comparison quick = CompareOnce(program, setup, false);
  return quick.agreement == Agreement::kDifferent ? CompareOnce(program, setup, true) : quick;
}

std::string Explain(const Program& program, const EngineSetup& setup) {
  const Program smallest =
      Shrink(program, [&](const Program& candidate) { return CompareOnce(candidate, setup, false).agreement == Agreement::kDifferent; });
  return ToText(smallest) + "(" + ToText(setup) + ")\n" + Compare(smallest, setup).difference;
}

}  // namespace graze::proof
