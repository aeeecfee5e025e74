// SPDX-License-Identifier: MIT
// Commands and what other libraries add to them. Registration is static, or done before RunMain; nothing is ever taken back.
#ifndef CHECKER_CLI_COMMAND_H_
#define CHECKER_CLI_COMMAND_H_

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "checker/cli/exit_code.h"

namespace graze {

// Where a command speaks.
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  std::string program = "graze";  // how the user spelt the command
  bool color = false;             // `out` is a terminal and NO_COLOR is not set
  bool progress = false;          // `err` is a terminal
};

struct Command {
  std::string name;
  std::string help;  // one line
  // Gets what follows the name, `--help` included; returns the exit code.
  int (*run)(const std::vector<std::string>& args, const Terminal& terminal) = nullptr;
};

// Registered commands follow the built-in ones. A command that does not work yet must not be registered.
bool RegisterCommand(Command command);
const std::vector<Command>& RegisteredCommands();

// One line on `err` that says what was wrong and what to do; returns the exit code for it.
int UsageError(const Terminal& terminal, const std::string& command, const std::string& message);

// ---- what `check --mutation` runs ---------------------------------------------------------------------------------------------------

// What a mutant says, for the report.
struct MutantSearch {
  std::string scenario, generation, configuration, memory_model, mutation;
  std::string result;  // by EncodeForReport() of mutations.h; anything else is left out of the report
};
struct MutantPair {
  std::string mutation, generation;
  std::string outcome;  // as expected, different, inconclusive, broken, left out
  std::string summary;
};
struct MutationReport {
  std::vector<MutantSearch> searches;
  std::vector<MutantPair> pairs;
};

struct MutationRequest {
  std::string selection;             // a name, or "all"
  std::string generation;            // empty = all
  std::string memory_model;          // empty = as each mutation needs
  double seconds_max = 0;            // per search; 0 = no bound
  MutationReport* report = nullptr;  // if given, it comes to hold what was found
};
using MutationRunner = int (*)(const MutationRequest& request, std::ostream& out, std::ostream& err);
bool RegisterMutationRunner(MutationRunner runner);
MutationRunner RegisteredMutationRunner();

// ---- what `check --patch` runs ---------------------------------------------------------------------------------------------------------

struct PatchRequest {
  std::string file;
  std::string generation;  // empty = the builder's choice
};
// A program that is this one, but for the patch.
struct PatchedProgram {
  std::string program;             // how to start it
  std::string generation;          // the one that the patch was applied to
  std::vector<std::string> facts;  // what was changed where, a line each
};
// False with one line that says what is wrong with the patch, and where in it.
using PatchBuilder = bool (*)(const PatchRequest& request, PatchedProgram* patched, std::string* error);
bool RegisterPatchBuilder(PatchBuilder builder);
PatchBuilder RegisteredPatchBuilder();

// ---- what `check D01` and `check CVE-...` run -----------------------------------------------------------------------------------------

// True if this variant can show the bug with this catalogue id. Without a registered function every variant is tried.
using BugFilter = bool (*)(const std::string& id, const std::string& scenario, const std::string& generation,
                           const std::string& configuration);
bool RegisterBugFilter(BugFilter filter);
BugFilter RegisteredBugFilter();

// The known bugs, for their facts and for what somebody may have meant who asked for one that there is not.
struct KnownBug {
  std::string id, cve, title;
  std::vector<std::string> facts;                    // "fixed by 436901649731, 2023-07-11" or what else became of it, then more
  std::string story;                                 // the shortest run that shows it
  std::vector<std::string> generations = {};         // that are said to have it
  std::map<std::string, std::string> absences = {};  // of the others, why they do not
  std::string mutation = {};                         // that shows it where no generation does
  std::string gone = {};                             // "gone since v4.20", of what no commit fixed
  bool weak = false;                                 // shows under memory models weaker than tso only
};
// What is special about a search that shows the bug, by letters for the table of bugs: {"H", "a CPU that goes offline"}.
using BugConditions = std::map<std::string, std::string> (*)(const std::string& id, const std::string& scenario,
                                                             const std::string& configuration, const std::string& memory_model);
bool RegisterBugConditions(BugConditions conditions);
BugConditions RegisteredBugConditions();  // may be null

using BugList = std::vector<KnownBug> (*)();
bool RegisterBugList(BugList list);
std::vector<KnownBug> KnownBugs();           // empty if there is no list
std::string GoneBug(const std::string& id);  // its KnownBug::gone

// ---- what `list` shows below the scenarios ----------------------------------------------------------------------------------------------

struct ListSection {
  std::string name;  // "mutations"
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> (*rows)() = nullptr;
};
bool RegisterListSection(ListSection section);
const std::vector<ListSection>& RegisteredListSections();

}  // namespace graze

#endif  // CHECKER_CLI_COMMAND_H_
