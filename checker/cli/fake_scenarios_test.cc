// SPDX-License-Identifier: MIT
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "checker/api/graze.h"
#include "checker/cli/command.h"
#include "checker/cli/fake_scenarios_for_test.h"
#include "checker/cli/run_main.h"
#include "checker/cli/search_facts.h"

namespace graze::testing {

Outcome Graze(const std::vector<std::string>& args) {
  std::vector<const char*> argv = {"graze"};
  for (const std::string& arg : args) argv.push_back(arg.c_str());
  std::ostringstream out, err;
  Outcome outcome;
  outcome.code = RunMain(static_cast<int>(argv.size()), argv.data(), out, err);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

FakeSwitches& Switches() {
  static FakeSwitches switches;
  return switches;
}

namespace {

const int kStrict = 1;

void Increments(const Variant& /*variant*/) {
  atomic<int> x{0};
  thread first([&] { x.fetch_add(1); });
  thread second([&] { x.fetch_add(1); });
  first.join();
  second.join();
  GRAZE_ASSERT_RULE("I-SUM", x.load() == 2);
}

// A lost update, unless the variant has an argument.
void LostUpdate(const Variant& variant) {
  atomic<int> x{0};
  const auto add = [&] {
    if (variant.arg != nullptr) {
      x.fetch_add(1);
    } else {
      x.store(x.load() + 1);
    }
  };
  thread first({.name = "first"}, add);
  thread second({.name = "second"}, add);
  first.join();
  second.join();
  GRAZE_ASSERT_RULE("I-SUM", x.load() == 2);
}

// As many threads as the variant says increment, and three are one too many.
void SomeThreads(const Variant& variant) {
  atomic<int> x{0};
  run_threads_indexed(*static_cast<const unsigned*>(variant.arg), [&](unsigned) { x.fetch_add(1); });
  GRAZE_ASSERT_RULE("I-SUM", x.load() < 3);
}

const unsigned kThreads[] = {1, 2, 3, 4};

bool WithThreads(const Variant& variant, const std::vector<uint64_t>& values, Variant* changed, std::string* why_not) {
  const uint64_t threads = values[0], seats = values[1];
  if (threads > seats) {
    *why_not = std::to_string(threads) + " threads are too many for " + std::to_string(seats) + " seats";
    return false;
  }
  *changed = variant;
  changed->bounds = {{"threads", std::to_string(threads)}, {"free seats", std::to_string(seats)}};
  changed->arg = &kThreads[threads - 1];
  return true;
}

Variant OfThreads(const char* generation, bool settable) {
  Variant variant{.generation = generation, .configuration = "", .bounds = {{"threads", "2"}, {"free seats", "3"}}, .arg = &kThreads[1]};
  if (settable) variant.settable = {{"threads", 2, 1, 4}, {"free seats", 3, 2, 4}};
  variant.rebound = &WithThreads;
  return variant;
}

void NothingHappens(const Variant& /*variant*/) { assume(false); }

void Crash(const Variant& /*variant*/) { raise(SIGKILL); }

// 8 threads that increment: 8! = 40,320 executions.
void Endless(const Variant& /*variant*/) {
  const int runs = ++Switches().runs;
  if (runs == 300 && Switches().interrupt_self) kill(getpid(), SIGINT);
  if (runs == 300 && Switches().interrupt_parent) kill(getppid(), SIGINT);
  atomic<int> x{0};
  run_threads_indexed(8, [&](unsigned) { x.fetch_add(1); });
  CountCheck("I-SUM");
}

void Nondeterministic(const Variant& /*variant*/) {
  static int runs = 0;
  ++runs;
  atomic<int> x{0};
  thread other([&] { x.store(runs); });
  x.store(runs % 2 == 0 ? 7 : 8);
  if (runs > 1) x.load();
  other.join();
}

const Variant kV1{.generation = "v1", .configuration = "", .bounds = {{"threads", "2"}}, .arg = nullptr};
const Variant kV2{.generation = "v2", .configuration = "", .bounds = {{"threads", "2"}}, .arg = &kStrict};
const Variant kV1Strict{.generation = "v1", .configuration = "", .bounds = {}, .arg = &kStrict};
const Variant kV2Masked{.generation = "v2", .configuration = "mask=on", .bounds = {{"threads", "2"}}, .arg = &kStrict};

[[maybe_unused]] const bool registered[] = {
    RegisterScenario(
        {.name = "Fake.Holds", .summary = "two threads increment", .body = &Increments, .variants = {kV1}, .rules = {"I-SUM"}}),
    RegisterScenario({.name = "Fake.LostUpdate",
                      .summary = "two threads increment, not atomically in v1",
                      .body = &LostUpdate,
                      .variants = {kV1, kV2, kV2Masked},
                      .rules = {"I-SUM"}}),
    RegisterScenario({.name = "Fake.Long",
                      .summary = "two threads increment, as if it took minutes in v1 under two memory models",
                      .body = &LostUpdate,
                      .variants = {kV1Strict, kV2},
                      .rules = {"I-SUM"}}),
    RegisterScenario(
        {.name = "Fake.Unchecked", .summary = "names a rule that nothing checks", .body = &Increments, .rules = {"I-SUM", "I-NEVER"}}),
    RegisterScenario({.name = "Fake.Threads",
                      .summary = "a few threads increment, which must not be three",
                      .body = &SomeThreads,
                      .variants = {OfThreads("v1", true), OfThreads("v2", false)},
                      .rules = {"I-SUM"}}),
    RegisterScenario({.name = "Fake.Nothing", .summary = "assumes what is false", .body = &NothingHappens}),
    RegisterScenario({.name = "Spoiler.Crash", .summary = "kills its process", .body = &Crash}),
    RegisterScenario({.name = "Spoiler.Endless",
                      .summary = "many executions",
                      .body = &Endless,
                      .variants = {Variant{.generation = "v3", .configuration = "", .bounds = {}}},
                      .rules = {"I-SUM"}}),
    RegisterScenario({.name = "Spoiler.Nondeterministic", .summary = "differs from run to run", .body = &Nondeterministic}),
};

[[maybe_unused]] const bool facts_registered = RegisterSearchFacts(
    [](const std::string& scenario, const std::string& generation, const std::string&, const std::string& memory_model) {
      return SearchFacts{.takes_minutes = scenario == "Fake.Long" && generation == "v1" && memory_model != "tso"};
    });

// A catalogue with one entry.
const CatalogueFacts kFacts = {"D91", "an increment that is no atomic one", "0123456789ab", "CVE-1999-0001"};
[[maybe_unused]] const bool classifier_registered = [] {
  RegisterClassifier({.classify = [](const Violation& violation) { return std::string(violation.rule == "I-SUM" ? "D91" : ""); },
                      .facts = [](const std::string& id) { return id == "D91" || id == "CVE-1999-0001" ? &kFacts : nullptr; }});
  RegisterBugList([]() -> std::vector<KnownBug> {
    return {{kFacts.id, kFacts.cve, kFacts.title, {"fixed by " + kFacts.fixed_by}, "Two threads read before either writes.", {"v1"}}};
  });
  return true;
}();

}  // namespace
}  // namespace graze::testing
