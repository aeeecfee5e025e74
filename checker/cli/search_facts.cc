// SPDX-License-Identifier: MIT
#include "checker/cli/search_facts.h"

namespace graze {
namespace {

SearchFactsOf& Registered() {
  static SearchFactsOf facts = nullptr;
  return facts;
}

}  // namespace

bool RegisterSearchFacts(SearchFactsOf facts) {
  Registered() = facts;
  return true;
}

SearchFacts FactsOfSearch(const std::string& scenario, const std::string& generation, const std::string& configuration,
                          const std::string& memory_model) {
  return Registered() == nullptr ? SearchFacts() : Registered()(scenario, generation, configuration, memory_model);
}

}  // namespace graze
