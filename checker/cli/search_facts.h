// SPDX-License-Identifier: MIT
// What is known of a search before it runs: told by the program whose scenarios it is about.
#ifndef CHECKER_CLI_SEARCH_FACTS_H_
#define CHECKER_CLI_SEARCH_FACTS_H_

#include <string>

namespace graze {

struct SearchFacts {
  // `check` does it with --thorough only, and says so.
  bool takes_minutes = false;
  // The part of the configuration that is the case nowhere: what shows with it only is no bug of the generation. Empty if there is none.
  std::string hypothetical = {};
};

// Without a registered function nothing is known of any search. `memory_model` is a name with its form: "lkmm-6.1".
using SearchFactsOf = SearchFacts (*)(const std::string& scenario, const std::string& generation, const std::string& configuration,
                                      const std::string& memory_model);
bool RegisterSearchFacts(SearchFactsOf facts);
SearchFacts FactsOfSearch(const std::string& scenario, const std::string& generation, const std::string& configuration,
                          const std::string& memory_model);

}  // namespace graze

#endif  // CHECKER_CLI_SEARCH_FACTS_H_
