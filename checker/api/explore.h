// SPDX-License-Identifier: MIT
// Exploring from ordinary code, for instance from a GoogleTest:
//
//   graze::Result result = graze::Explore([] { ... }, {.memory_model = "sc"});
//   EXPECT_EQ(result.verdict, graze::Verdict::kVerified);
#ifndef CHECKER_API_EXPLORE_H_
#define CHECKER_API_EXPLORE_H_

#include <cstdint>
#include <functional>
#include <string>

#include "checker/api/scenario.h"
#include "checker/verdict/graph_dump.h"
#include "checker/verdict/result.h"

namespace graze {

enum class SchedulerKind : uint8_t { kWriteFirst, kLeftToRight, kRightToLeft, kReadFirst, kRandom };

struct Options {
  std::string memory_model = "sc";
  SchedulerKind scheduler = SchedulerKind::kWriteFirst;  // never changes the set of results, only the order
  uint64_t seed = 1;                                     // for kRandom and for queue order
  bool shuffle_queue = false;                            // take alternatives of one event in random order
  uint64_t executions_max = 0;                           // 0 = no bound; reaching it is inconclusive
  double seconds_max = 0;                                // 0 = no bound; reaching it is inconclusive
  uint32_t events_max = 100'000;                         // per execution; reaching it names the loop and is inconclusive
  uint32_t loop_max = 1'000;                             // visits of one site by one thread without waiting
  bool leak_check = true;
  uint64_t split_after = 0;        // > 0: cut the search into work items whenever that many executions passed (tests)
  bool self_check = false;         // slow: duplicates, declarative maximality, full axioms, invariants
  bool keep_traces = true;         // build the trace of each distinct violation
  std::string variant_label = {};  // opaque selection text stored in tokens
  // Called now and then; returning false stops the search (inconclusive, "interrupted").
  std::function<bool(const Result& so_far)> progress = {};
  // Called with the canonical hash of every complete execution (tests).
  std::function<void(uint64_t hash)> on_execution = {};
  // Called with every complete graph as plain data (tests, tools).
  GraphHook on_graph = {};
};

// Explores every execution of `body` under options.memory_model. An unknown memory model is an error result with a reason.
Result Explore(const std::function<void()>& body, const Options& options = {});
// The same for a registered scenario's variant, with its at_end hook.
Result Explore(const Scenario& scenario, const Variant& variant, const Options& options);

// Runs the one execution that `token` names and records its trace. On success result.violations holds what that execution shows and
// result.violations[i].trace.hash equals the hash in the token; otherwise verdict kError with a reason that says what diverged.
Result Replay(const std::function<void()>& body, const std::string& token, const Options& options = {});
Result Replay(const Scenario& scenario, const Variant& variant, const std::string& token, const Options& options);

// The parts of a token, for finding the scenario it belongs to.
struct TokenHeader {
  std::string scenario, generation, configuration, memory_model;
  uint64_t trace_hash = 0;
  std::string bounds = {};  // Variant::bounds_set
};
// False with a one-line reason if `token` is no token of this version.
bool ParseTokenHeader(const std::string& token, TokenHeader* header, std::string* error);

// Names usable as Options::memory_model, in order of strength.
std::vector<std::string> MemoryModelNames();

// Field names of a type of tracked object, for traces: (offset, size, name). `stride` > 0 repeats the entry as an array "name[i]".
struct FieldName {
  uint32_t offset;
  uint32_t size;
  const char* name;
  uint32_t stride = 0;
  uint32_t count = 1;
};
// Where types of one name come in several layouts, `of` says whose this one is, and UseFieldsOf() which of them the execution at hand has.
void RegisterFields(const char* type, std::vector<FieldName> fields, const char* of = "");
void UseFieldsOf(const char* of);  // must live for ever
// How to print the values of a field: "pointer" values are printed as object names by default; enums by this function.
void RegisterValuePrinter(const char* type, const char* field, std::string (*print)(uint64_t value));

// Which rule a use of a freed object of `type` breaks, where it is not I-UAF. Both are literals.
void RegisterLifetimeRule(const char* type, const char* rule);

}  // namespace graze

#endif  // CHECKER_API_EXPLORE_H_
