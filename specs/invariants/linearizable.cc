// SPDX-License-Identifier: MIT
// I-LIN: the map commands of an execution give what they give in some order, one after the other, in which none moves before a command that
// had ended when it began.
#include <string_view>

#include "specs/invariants/invariants.h"
#include "specs/invariants/map_spec.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;

constexpr size_t kCommandsMax = 64;

struct Record {
  const graze::Observation* begin;
  const graze::Observation* end;
};

MapCommand CommandOf(const Record& record) {
  MapCommand command;
  const uint64_t said = record.begin->c;
  switch (said & 0xff) {
    case observed::kDelete: command.kind = MapCommand::kDelete; break;
    case observed::kLookup: command.kind = MapCommand::kLookup; break;
    case observed::kNextKey: command.kind = MapCommand::kNextKey; break;
    default: command.kind = MapCommand::kUpdate; break;
  }
  command.key = static_cast<uint32_t>(record.begin->b);
  command.flags = static_cast<uint32_t>(said >> 8 & 0xff);
  command.fd = static_cast<int16_t>(said >> 16 & 0xffff);
  command.qsize = static_cast<uint32_t>(said >> 32);
  command.error = static_cast<int>(record.end->b);
  command.found_qsize = static_cast<uint32_t>(record.end->c);
  command.found_program = static_cast<uint32_t>(record.end->c >> 32);
  command.from_start = command.kind == MapCommand::kNextKey && command.flags != 0;
  command.found_key = static_cast<uint32_t>(record.end->c);
  return command;
}

std::vector<Record> CommandsOn(uint64_t map, const graze::Execution& execution) {
  std::vector<Record> records;
  const graze::Observation* open = nullptr;  // the call of the thread at hand
  for (const graze::Observation& moment : execution.observations()) {
    const std::string_view tag = moment.tag;
    if (tag == observed::kMapCall && moment.a == map) open = &moment;
    if (tag == observed::kMapReturn && moment.a == map && open != nullptr) {
      records.push_back({open, &moment});
      open = nullptr;
    }
  }
  return records;
}

MapFacts FactsOf(const graze::Observation& created, const History& history, const graze::Execution& execution) {
  MapFacts facts;
  facts.tells_update_errors = history.generation.tells_update_errors;
  facts.max_entries = static_cast<uint32_t>(created.b);
  facts.possible_cpus = created.c;
  for (const graze::Observation& moment : execution.observations()) {
    const std::string_view tag = moment.tag;
    if (tag == observed::kProgLoaded) facts.programs[static_cast<int>(moment.b)] = static_cast<uint32_t>(moment.c);
    if (tag == observed::kAllocationsFail) facts.allocations_fail = true;
  }
  return facts;
}

void Check(const graze::Observation& created, const History& history, graze::Execution& execution) {
  const std::vector<Record> records = CommandsOn(created.a, execution);
  if (records.empty() || records.size() > kCommandsMax) return;
  std::vector<MapCommand> commands;
  std::vector<uint64_t> before(records.size(), 0);
  for (size_t i = 0; i < records.size(); ++i) {
    commands.push_back(CommandOf(records[i]));
    for (size_t j = 0; j < records.size(); ++j) {
      if (i != j && execution.Before(*records[j].end, *records[i].begin)) before[i] |= uint64_t{1} << j;
    }
  }
  if (IsLinearizable(FactsOf(created, history, execution), commands, before)) {
    execution.CountCheck(kLinearizable, records.size());
  } else {
    execution.Report(kLinearizable, "no order of the " + std::to_string(records.size()) + " map commands gives what they gave");
  }
}

}  // namespace

void CheckLinearizable(const History& history, graze::Execution& execution) {
  if (!execution.finished()) return;
  for (const graze::Observation& moment : execution.observations()) {
    if (std::string_view(moment.tag) == observed::kMapCreated) Check(moment, history, execution);
  }
}

}  // namespace specs
