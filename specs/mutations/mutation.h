// SPDX-License-Identifier: MIT
// What the project knows about its mutations and fixes: the heads of the *.mutation files.
#ifndef SPECS_MUTATIONS_MUTATION_H_
#define SPECS_MUTATIONS_MUTATION_H_

#include <string>
#include <vector>

namespace specs {

// What exploring one scenario with a changed copy must give.
struct MutationRun {
  std::string scenario, configuration;
  std::string expectation;                    // "holds", "finds" (each of `violations` is broken), "shows" (exactly `violations`)
  std::vector<std::string> violations;        // "I-UAF" for finds, "I-EMPTY/D02" or "I-LEAK/-" for shows
  std::string memory_model = {};              // empty = the one of the mutation
  std::vector<std::string> generations = {};  // empty = all of the mutation

  bool IsFor(const std::string& generation) const;
  // The name that the variant has in `generation`: masks that its kernel makes superfluous are none there.
  std::string ConfigurationIn(const std::string& generation) const;
};

struct Mutation {
  std::string id, title;
  std::string kind;  // "mutation", "fix", "control"
  std::vector<std::string> generations;
  std::string memory_model;  // the weakest that shows it
  std::string on;            // whose change comes first; empty = nothing's
  std::string left_out;      // why it is neither built nor run; empty = it is
  std::vector<MutationRun> runs;
};

const std::vector<Mutation>& Mutations();

// The violations of one exploration, in the two spellings that expectations use.
struct MutationOutcome {
  std::string verdict;  // as ToString(Verdict)
  std::string reason;
  std::vector<std::string> rules;           // "I-UAF"
  std::vector<std::string> rules_with_ids;  // "I-UAF/-"
  std::string token;                        // of the first violation
  std::string result;                       // all of it, encoded
};

// True if `outcome` is what `run` asks for; otherwise `why` says what is different.
bool IsAsExpected(const MutationRun& run, const MutationOutcome& outcome, std::string* why);

}  // namespace specs

#endif  // SPECS_MUTATIONS_MUTATION_H_
