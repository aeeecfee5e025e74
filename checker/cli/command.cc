// SPDX-License-Identifier: MIT
#include "checker/cli/command.h"

#include <utility>

#include "checker/base/strings.h"

namespace graze {
namespace {

// Never destroyed: registration happens during static initialisation, in no known order.
struct Registry {
  std::vector<Command> commands;
  std::vector<ListSection> sections;
  MutationRunner mutation_runner = nullptr;
  PatchBuilder patch_builder = nullptr;
  BugFilter bug_filter = nullptr;
  BugConditions bug_conditions = nullptr;
  BugList bug_list = nullptr;
};

Registry& TheRegistry() {
  static Registry* const registry = new Registry;
  return *registry;
}

}  // namespace

bool RegisterCommand(Command command) {
  TheRegistry().commands.push_back(std::move(command));
  return true;
}
const std::vector<Command>& RegisteredCommands() { return TheRegistry().commands; }

bool RegisterMutationRunner(MutationRunner runner) {
  TheRegistry().mutation_runner = runner;
  return true;
}
MutationRunner RegisteredMutationRunner() { return TheRegistry().mutation_runner; }

bool RegisterPatchBuilder(PatchBuilder builder) {
  TheRegistry().patch_builder = builder;
  return true;
}
PatchBuilder RegisteredPatchBuilder() { return TheRegistry().patch_builder; }

bool RegisterBugFilter(BugFilter filter) {
  TheRegistry().bug_filter = filter;
  return true;
}
BugFilter RegisteredBugFilter() { return TheRegistry().bug_filter; }

bool RegisterBugConditions(BugConditions conditions) {
  TheRegistry().bug_conditions = conditions;
  return true;
}
BugConditions RegisteredBugConditions() { return TheRegistry().bug_conditions; }

bool RegisterBugList(BugList list) {
  TheRegistry().bug_list = list;
  return true;
}
std::vector<KnownBug> KnownBugs() { return TheRegistry().bug_list == nullptr ? std::vector<KnownBug>() : TheRegistry().bug_list(); }

std::string GoneBug(const std::string& id) {
  for (const KnownBug& bug : KnownBugs()) {
    if (bug.id == id) return bug.gone;
  }
  return "";
}

bool RegisterListSection(ListSection section) {
  TheRegistry().sections.push_back(std::move(section));
  return true;
}
const std::vector<ListSection>& RegisteredListSections() { return TheRegistry().sections; }

int UsageError(const Terminal& terminal, const std::string& command, const std::string& message) {
  terminal.err << "graze" << (command.empty() ? "" : " " + command) << ": " << OneLine(message) << '\n' << std::flush;
  return kExitUsage;
}

}  // namespace graze
