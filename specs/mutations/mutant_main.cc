// SPDX-License-Identifier: MIT
// The program around one changed copy of a port: explores one scenario and prints what it saw, one fact per line.
//
//   mutant SCENARIO GENERATION CONFIGURATION MEMORY-MODEL [SECONDS]
//   mutant TOKEN
//
// The line "result" carries everything, for whoever writes the report.
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include "checker/api/explore.h"
#include "checker/api/scenario.h"
#include "checker/cli/bounds.h"
#include "checker/cli/mutations.h"
#include "checker/verdict/result.h"
#include "checker/verdict/violation.h"

namespace {

const graze::Variant* FindVariant(const std::string& scenario, const std::string& generation, const std::string& configuration,
                                  const graze::Scenario** owner) {
  for (const graze::Scenario* each : graze::RegisteredScenarios()) {
    if (each->name != scenario) continue;
    *owner = each;
    for (const graze::Variant& variant : each->variants) {
      if (variant.generation == generation && variant.configuration == configuration) return &variant;
    }
  }
  return nullptr;
}

std::string IdOf(const graze::Violation& violation) { return violation.catalogue_id.empty() ? "-" : violation.catalogue_id; }

void Print(const graze::Result& result) {
  std::cout << "verdict " << graze::ToString(result.verdict) << "\n";
  if (!result.reason.empty()) std::cout << "reason " << result.reason << "\n";
  std::cout << "executions " << result.executions << "\nblocked " << result.blocked << "\n";
  for (const graze::Violation& violation : result.violations) {
    std::cout << "violation " << violation.rule << " " << IdOf(violation) << " " << violation.message << "\n";
    if (!violation.token.empty()) std::cout << "token " << violation.token << "\n";
  }
}

void PrintTrace(const graze::Result& result) {
  for (const graze::Violation& violation : result.violations) {
    for (const graze::TraceStep& step : violation.trace.steps) {
      if (step.internal) continue;
      std::cout << "step " << step.number << "\t" << step.thread << "\t" << step.op << "\t" << step.location << "\t" << step.value << "\t"
                << step.text << "\t" << step.function << " " << step.file << ":" << step.line << "\n";
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 5 && argc != 6) {
    std::cerr << "usage: " << argv[0] << " SCENARIO GENERATION CONFIGURATION MEMORY-MODEL [SECONDS]\n       " << argv[0] << " TOKEN\n";
    return 2;
  }
  graze::Options options;
  std::string name, generation, configuration;
  graze::BoundSettings bounds;
  if (argc == 2) {
    graze::TokenHeader header;
    std::string error;
    if (!graze::ParseTokenHeader(argv[1], &header, &error) || !graze::ParseBoundSettings(header.bounds, &bounds)) {
      std::cerr << argv[0] << ": " << error << "\n";
      return 2;
    }
    name = header.scenario, generation = header.generation, configuration = header.configuration;
    options.memory_model = header.memory_model;
  } else {
    name = argv[1], generation = argv[2], configuration = argv[3], options.memory_model = argv[4];
    if (argc == 6) options.seconds_max = std::atof(argv[5]);
  }
  const graze::Scenario* scenario = nullptr;
  const graze::Variant* variant = FindVariant(name, generation, configuration, &scenario);
  std::string why_not;
  if (variant != nullptr) variant = graze::WithBounds(*variant, bounds, &why_not);
  if (variant == nullptr) {
    std::cerr << argv[0] << ": no scenario '" << name << "' [" << configuration << "] for " << generation << " " << why_not << "\n";
    return 2;
  }
  if (argc == 2) {
    const graze::Result result = graze::Replay(*scenario, *variant, argv[1], options);
    Print(result);
    PrintTrace(result);
  } else {
    graze::Result result = graze::Explore(*scenario, *variant, options);
    Print(result);
    std::cout << "result " << graze::EncodeForReport(std::move(result), *variant) << "\n";
  }
  return 0;
}
