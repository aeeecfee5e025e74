// SPDX-License-Identifier: MIT
#include "checker/cli/mutations.h"

#include <utility>
#include <vector>

#include "checker/cli/search_runner.h"
#include "checker/report/table.h"

namespace graze {

std::string EncodeForReport(Result result, const Variant& variant) {
  if (result.bounds.empty()) result.bounds = variant.bounds;
  Classify(&result);
  return EncodeResult(result);
}

nlohmann::ordered_json MutationsReport(const MutationReport& report, const FactsOf& facts) {
  std::vector<Search> searches;
  for (const MutantSearch& each : report.searches) {
    Search search{.scenario = each.scenario,
                  .generation = each.generation,
                  .configuration = each.configuration,
                  .memory_model = each.memory_model,
                  .mutation = each.mutation,
                  .rules = {},
                  .result = {}};
    if (DecodeResult(each.result, &search.result)) searches.push_back(std::move(search));
  }
  nlohmann::ordered_json pairs = nlohmann::ordered_json::array();
  for (const MutantPair& pair : report.pairs) {
    pairs.push_back({{"mutation", pair.mutation}, {"generation", pair.generation}, {"outcome", pair.outcome}, {"summary", pair.summary}});
  }
  nlohmann::ordered_json document = CheckReport("check", RowsOf(searches), facts);
  document["mutations"] = std::move(pairs);
  return document;
}

}  // namespace graze
