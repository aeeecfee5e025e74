// SPDX-License-Identifier: MIT
#include "specs/invariants/map_spec.h"

#include <cerrno>
#include <cstddef>

namespace specs {
namespace {

constexpr uint32_t kNoExist = 1, kExist = 2;  // BPF_NOEXIST, BPF_EXIST
constexpr uint32_t kQsizeMax = 16384;

bool Search(const MapSpec& state, const std::vector<MapCommand>& commands, const std::vector<uint64_t>& before, uint64_t done) {
  const uint64_t all = commands.size() == 64 ? ~uint64_t{0} : (uint64_t{1} << commands.size()) - 1;
  if (done == all) return true;
  for (size_t i = 0; i < commands.size(); ++i) {
    const uint64_t bit = uint64_t{1} << i;
    if ((done & bit) != 0 || (before[i] & ~done) != 0) continue;
    MapSpec next = state;
    if (next.Apply(commands[i]) && Search(next, commands, before, done | bit)) return true;
  }
  return false;
}

}  // namespace

int MapSpec::ErrorOfUpdate(const MapCommand& command, bool* may_fail) const {
  *may_fail = false;
  if (command.flags > kExist) return EINVAL;
  if (command.key >= facts_.max_entries) return E2BIG;
  if (command.flags == kNoExist) return EEXIST;
  if (command.qsize > kQsizeMax) return EOVERFLOW;
  if (command.key >= 64 || (facts_.possible_cpus >> command.key & 1) == 0) return ENODEV;
  if (command.qsize == 0) return 0;
  *may_fail = facts_.allocations_fail;
  if (command.fd <= 0) return 0;
  const auto program = facts_.programs.find(command.fd);
  if (program == facts_.programs.end()) return facts_.tells_update_errors ? EBADF : ENOMEM;
  if (program->second == 0) return facts_.tells_update_errors ? EINVAL : ENOMEM;
  return 0;
}

bool MapSpec::ApplyUpdate(const MapCommand& command) {
  bool may_fail = false;
  const int error = ErrorOfUpdate(command, &may_fail);
  if (command.error != error) return may_fail && command.error == ENOMEM;
  if (error == 0) {
    const uint32_t program = command.qsize != 0 && command.fd > 0 ? facts_.programs.at(command.fd) : 0;
    slots_[command.key] = {command.qsize, program};
  }
  return true;
}

bool MapSpec::Apply(const MapCommand& command) {
  const bool in_range = command.key < facts_.max_entries;
  switch (command.kind) {
    case MapCommand::kUpdate: return ApplyUpdate(command);
    case MapCommand::kDelete:
      if (!in_range) return command.error == EINVAL;
      slots_[command.key] = {};
      return command.error == 0;
    case MapCommand::kLookup: {
      const Slot slot = in_range ? slots_[command.key] : Slot{};
      if (slot.qsize == 0) return command.error == ENOENT;
      return command.error == 0 && command.found_qsize == slot.qsize && command.found_program == slot.program;
    }
    // Every key is one, occupied or not: what is found does not depend on what is stored, and a walk beside updates and deletions meets
    // each key once.
    case MapCommand::kNextKey:
      if (command.from_start || !in_range) return command.error == 0 && command.found_key == 0;
      if (command.key == facts_.max_entries - 1) return command.error == ENOENT;
      return command.error == 0 && command.found_key == command.key + 1;
  }
  return false;
}

bool IsLinearizable(const MapFacts& facts, const std::vector<MapCommand>& commands, const std::vector<uint64_t>& before) {
  return Search(MapSpec(facts), commands, before, 0);
}

}  // namespace specs
