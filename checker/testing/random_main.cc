// SPDX-License-Identifier: MIT
// random_programs [--memory-model M] [--programs N] [--seed S] [--processes N] [--progress S] [--mutant]
//
// Compares N programs, first the classics (but for sc) and then random ones, on the engine, under memory model M (sc), with the oracles
// (for sc there are two, for others one) and prints what the programs were like; every S seconds (10; 0 for never)
// how far it is. Ends with 0 if all agree and the programs were varied enough, with 1 if not, with 2 if it is called wrongly, with 3 if it
// was interrupted before (what was compared until then is printed). --mutant is for an engine with a mistake built in: it stops
// at the first difference and leaves the engine's own checks off, so that it is the comparison that has to find the mistake.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <thread>

#include "checker/testing/random_run.h"

namespace graze::proof {
namespace {

constexpr const char* kUsage =
    "usage: random_programs [--memory-model M] [--programs N] [--seed S] [--processes N] [--progress S] [--mutant]\n";
// Fewer programs may lack something by chance.
constexpr uint64_t kEnoughToJudge = 2'000;
// Seeds differ by this much between runs that were given neighbouring numbers, so that they share no program.
constexpr uint64_t kSeedsPerRun = 1'000'000;

bool ParseNumber(const char* text, uint64_t most, uint64_t* number) {
  char* end = nullptr;
  errno = 0;
  *number = std::strtoull(text, &end, 10);
  return errno == 0 && end != text && *end == '\0' && *text != '-' && *number <= most;
}

std::string ModelNames() {
  std::string names;
  for (int m = 0; m < kModels; ++m) names += std::string(m > 0 ? ", " : "") + ToString(static_cast<Model>(m));
  return names;
}

int Fail(const std::string& message) {
  std::fprintf(stderr, "random_programs: %s\n%s", message.c_str(), kUsage);
  return 2;
}

int Main(int argc, char** argv) {
  RandomRunOptions options{.programs = 20'000, .processes = std::max(1U, std::thread::hardware_concurrency())};
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--mutant") {
      options.self_check = options.shrink = false;
      options.differences_max = 1;
      options.progress_seconds = 0;
      continue;
    }
    if (name == "--memory-model") {
      const std::optional<Model> model = ModelFromName(++i < argc ? argv[i] : "");
      if (!model) return Fail("--memory-model wants one of " + ModelNames());
      options.model = *model;
      continue;
    }
    uint64_t number = 0;
    const bool known = name == "--programs" || name == "--seed" || name == "--processes" || name == "--progress";
    if (!known) return Fail("unknown option " + name);
    ++i;
    if (i == argc || !ParseNumber(argv[i], 1'000'000'000'000, &number)) return Fail(name + " wants a number");
    if (number == 0 && name != "--seed" && name != "--progress") return Fail(name + " wants a number above 0");
    if (name == "--processes" && number > 1024) return Fail("at most 1024 processes");
    if (name == "--progress") options.progress_seconds = static_cast<unsigned>(std::min<uint64_t>(number, 1'000'000));
    if (name == "--programs") options.programs = number;
    if (name == "--seed") options.first_seed = number * kSeedsPerRun;
    if (name == "--processes") options.processes = static_cast<unsigned>(number);
  }
  const RandomRunResult result = RunRandomPrograms(options);
  if (options.first_seed > 0)
    std::printf("random programs: --seed %llu\n", static_cast<unsigned long long>(options.first_seed / kSeedsPerRun));
  if (options.model != Model::kSc) std::printf("random programs: --memory-model %s\n", ToString(options.model));
  std::printf("random programs: %s", result.census.ToText().c_str());
  bool lacks = false;
  if (!result.interrupted && result.done >= kEnoughToJudge && result.differences == 0) {
    for (const std::string& what : result.census.Lacks(options.model)) {
      std::printf("too rare: %s\n", what.c_str());
      lacks = true;
    }
  }
  if (result.interrupted) {
    std::printf("random programs: interrupted after %llu of %llu; %llu differences\n", static_cast<unsigned long long>(result.done),
                static_cast<unsigned long long>(options.programs), static_cast<unsigned long long>(result.differences));
    return result.differences > 0 ? 1 : 3;
  }
  std::printf("random programs: %s\n", result.differences > 0 ? "explorers differ" : lacks ? "not varied enough" : "all agree");
  return result.differences > 0 || lacks ? 1 : 0;
}

}  // namespace
}  // namespace graze::proof

int main(int argc, char** argv) { return graze::proof::Main(argc, argv); }
