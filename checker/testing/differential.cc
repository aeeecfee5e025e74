// SPDX-License-Identifier: MIT
#include "checker/testing/differential.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "checker/testing/interpret.h"
#include "checker/testing/oracle.h"

namespace graze::proof {
namespace {

constexpr const char* kSchedulerNames[] = {"write-first", "left-to-right", "right-to-left", "read-first", "random"};

// What no program of the language may lead to. Empty if it did not.
std::string GivesUp(const EngineOutcome& engine) {
  if (engine.result.verdict == Verdict::kError) return "the engine gives up: " + engine.result.reason;
  if (engine.result.verdict == Verdict::kInconclusive) return "the engine is inconclusive: " + engine.result.reason;
  return engine.other_violation.empty() ? "" : "the engine reports " + engine.other_violation;
}

// The oracle that builds graphs against the engine.
class Comparer {
 public:
  Comparer(const OracleResult& oracle, const EngineOutcome& engine) : oracle_(oracle), engine_(engine) {
    for (const CompleteGraph& graph : oracle.graphs) {
      by_hash_.emplace(graph.hash, &graph);
      cores_.insert(graph.core);
      if (graph.hung) hung_.insert(graph.core);
      raced_ |= graph.raced;
      used_after_free_ |= graph.used_after_free;
    }
  }

  // Empty if they agree.
  std::string Difference() {
    if (std::string text = GivesUp(engine_); !text.empty()) return text;
    if (std::string text = Misuses(); !text.empty()) return text;
    if (std::string text = Extra(); !text.empty()) return text;
    if (raced_ || used_after_free_) return "";
    if (std::string text = Missing(); !text.empty()) return text;
    return Stalls();
  }

 private:
  // Races and uses after free. One may keep the other from showing, since its thread ends there: with both, one is enough.
  std::string Misuses() const {
    if (engine_.raced && !raced_) return "the engine reports a race, no graph has one";
    if (engine_.used_after_free && !used_after_free_) return "the engine reports a use after free, no graph has one";
    if (engine_.raced || engine_.used_after_free) return "";
    if (raced_) return "the engine misses a race" + TextOf(&CompleteGraph::raced);
    return used_after_free_ ? "the engine misses a use after free" + TextOf(&CompleteGraph::used_after_free) : "";
  }
  std::string TextOf(bool CompleteGraph::* what) const {
    for (const CompleteGraph& graph : oracle_.graphs) {
      if (graph.*what) return ":\n" + graph.text;
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
  bool raced_ = false, used_after_free_ = false;
};

std::vector<uint64_t> Sorted(std::vector<uint64_t> hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

// Of the oracle that builds graphs: what `wanted` holds of, as hashes or as hashes of cores.
template <typename Wanted>
std::vector<uint64_t> Select(const OracleResult& oracle, uint64_t CompleteGraph::* hash, Wanted wanted) {
  std::vector<uint64_t> hashes;
  for (const CompleteGraph& graph : oracle.graphs) {
    if (wanted(graph)) hashes.push_back(graph.*hash);
  }
  return Sorted(std::move(hashes));
}

// Empty if two sorted lists of hashes are equal; else `what`, and the text of the first graph that is in one of them only, if there is one.
std::string Unlike(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b, const std::string& what,
                   const std::map<uint64_t, std::string>& texts) {
  if (a == b) return "";
  std::vector<uint64_t> only;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only));
  const auto text = texts.find(only.front());
  return what + (text != texts.end() ? ":\n" + text->second : "");
}

bool Waits(const Program& program) {
  return HasKind(program, OpKind::kAwait) || HasKind(program, OpKind::kAwaitExchange) || HasKind(program, OpKind::kLock);
}

// All that is known of one program.
struct Evidence {
  OracleResult graphs;
  InterleavingResult waiting;    // threads wait until they can go on
  InterleavingResult giving_up;  // threads may give up: the same if nothing waits
  EngineOutcome engine;
};

// The oracle that runs schedules against the two others. Empty if they agree.
std::string ScheduleDifference(const Program& program, const Evidence& all, bool raced) {
  const InterleavingResult& schedules = all.waiting;
  const bool exact = !HasKind(program, OpKind::kSync);  // graphs and schedules agree on deadlocks
  std::map<uint64_t, std::string> texts = schedules.texts;
  for (const CompleteGraph& graph : all.graphs.graphs) texts.emplace(graph.hash, graph.text);
  for (const EngineGraph& graph : all.engine.graphs) texts.emplace(graph.hash, graph.text);
  if (!all.graphs.too_large) {
    const auto finished = Select(all.graphs, &CompleteGraph::hash, [](const auto& graph) { return !graph.blocked; });
    const auto hung = Select(all.graphs, &CompleteGraph::core, [](const auto& graph) { return graph.hung; });
    if (auto text = Unlike(finished, schedules.finished, "the two oracles differ in a finished graph", texts); !text.empty()) return text;
    const bool stalls =
        std::any_of(all.graphs.graphs.begin(), all.graphs.graphs.end(), [](const auto& g) { return g.hung || g.hung_as_seen; });
    if (exact && hung != schedules.blocked) return "the two oracles differ in a deadlock";
    if (stalls && schedules.blocked.empty()) return "a graph is a stall, and no schedule ends in a deadlock";
    if (exact && !all.giving_up.too_large) {
      const auto everything = Select(all.graphs, &CompleteGraph::hash, [](const auto&) { return true; });
      std::vector<uint64_t> ends = all.giving_up.finished;
      ends.insert(ends.end(), all.giving_up.blocked.begin(), all.giving_up.blocked.end());
      if (auto text = Unlike(everything, Sorted(std::move(ends)), "the two oracles differ in a graph", texts); !text.empty()) return text;
    }
  }
  if (raced || all.engine.raced || all.engine.used_after_free) return "";
  std::vector<uint64_t> finished, stalls;
  for (const EngineGraph& graph : all.engine.graphs) {
    if (!graph.blocked) finished.push_back(graph.hash);
    if (graph.hopeless) stalls.push_back(graph.core);
  }
  const size_t reported = finished.size();
  finished = Sorted(std::move(finished));
  if (finished.size() != reported) return "the engine reports a finished graph twice";
  if (auto text = Unlike(finished, schedules.finished, "engine and schedules differ in a finished graph", texts); !text.empty())
    return text;
  if (exact && Sorted(std::move(stalls)) != schedules.blocked) return "engine and schedules differ in a deadlock";
  if (all.engine.stalled && schedules.blocked.empty()) return "the engine reports a stall, and no schedule ends in a deadlock";
  return "";
}

Comparison CompareOnce(const Program& program, const EngineSetup& setup, bool keep_text) {
  Comparison comparison;
  Evidence all;
  const Model model = ModelFromName(setup.options.memory_model).value();
  const bool schedules = model == Model::kSc;
  all.graphs = BruteForce(program, {.model = model, .keep_text = keep_text});
  if (schedules) all.waiting = Interleave(program, {.wait = true, .keep_text = keep_text});
  all.waiting.too_large |= !schedules;
  comparison.by_graphs = !all.graphs.too_large;
  comparison.by_interleavings = !all.waiting.too_large;
  if (all.graphs.too_large && all.waiting.too_large) {
    comparison.agreement = Agreement::kTooLarge;
    return comparison;
  }
  all.giving_up = schedules && Waits(program) ? Interleave(program, {.keep_text = keep_text}) : all.waiting;
  all.engine = RunOnEngine(program, setup.options, setup.join, keep_text);
  for (const CompleteGraph& graph : all.graphs.graphs) {
    comparison.raced |= graph.raced;
    comparison.used_after_free |= graph.used_after_free;
    comparison.blocked |= graph.blocked;
    comparison.hung |= graph.hung;
  }
  if (all.graphs.rcu_disagreed != 0) {
    comparison.difference = "the oracle's two forms of the RCU axiom disagree";
  } else if (comparison.by_graphs) {
    comparison.difference = Comparer(all.graphs, all.engine).Difference();
  } else {
    comparison.difference = GivesUp(all.engine);
  }
  if (comparison.difference.empty() && comparison.by_interleavings) {
    comparison.difference = ScheduleDifference(program, all, comparison.raced || comparison.used_after_free);
  }
  if (!comparison.difference.empty()) comparison.agreement = Agreement::kDifferent;
  comparison.graphs = comparison.by_graphs ? all.graphs.graphs.size() : all.waiting.finished.size() + all.waiting.blocked.size();
  for (const EngineGraph& graph : all.engine.graphs) comparison.events = std::max<uint64_t>(comparison.events, graph.events);
  comparison.rcu_mattered = all.graphs.rcu_rejected > 0;
  comparison.plain_coherence_mattered = all.graphs.plain_rejected > 0;
  comparison.doomed = all.engine.result.doomed > 0;
  return comparison;
}

}  // namespace

EngineSetup VariedSetup(uint64_t number, Model model) {
  EngineSetup setup;
  setup.options.memory_model = ToString(model);
  setup.options.scheduler = static_cast<SchedulerKind>(number % 5);
  setup.options.seed = number + 1;
  setup.options.shuffle_queue = number / 5 % 2 == 1;
  setup.options.self_check = number % 7 == 0;
  setup.options.keep_traces = number % 11 == 0;
  setup.options.split_after = number % 4 == 3 ? 1 + number / 4 % 3 : 0;
  setup.join = number % 3 == 0;
  setup.options.executions_max = 50'000;  // more than any program has that the oracle can take: a search that diverges fails
  return setup;
}

std::string ToText(const EngineSetup& setup) {
  return std::string("scheduler ") + kSchedulerNames[static_cast<size_t>(setup.options.scheduler)] + ", seed " +
         std::to_string(setup.options.seed) + (setup.options.shuffle_queue ? ", shuffled queue" : "") +
         (setup.options.self_check ? ", self check" : "") +
         (setup.options.split_after > 0 ? ", split after " + std::to_string(setup.options.split_after) : "") +
         (setup.join ? ", joined" : "") + (setup.options.memory_model != "sc" ? ", " + setup.options.memory_model : "");
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
