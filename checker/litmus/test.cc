// SPDX-License-Identifier: MIT
#include "checker/litmus/test.h"

namespace graze::litmus {

const Width kInt = {"int", -0x80000000LL, 0x7fffffffLL};
const Width kUnsigned = {"unsigned int", 0, 0xffffffffLL};

size_t Process::FindRegister(const std::string& register_name) const {
  for (size_t i = 0; i < registers.size(); ++i) {
    if (registers[i].name == register_name) return i;
  }
  return registers.size();
}

size_t LitmusTest::LocationAt(int64_t address) const {
  for (size_t i = 0; i < locations.size(); ++i) {
    if (locations[i].address == address) return i;
  }
  return locations.size();
}

size_t LitmusTest::BaseOf(size_t location) const {
  return location - static_cast<size_t>((locations[location].address - kAddressBase) % kVariableStride / kElementStride);
}

std::string LitmusTest::NearestTo(int64_t address) const {
  for (const LocationInfo& variable : locations) {
    const int64_t offset = address - variable.address;
    if ((variable.address - kAddressBase) % kVariableStride != 0 || offset % kElementStride != 0) continue;
    if (offset < -kVariableStride / 2 || offset >= kVariableStride / 2) continue;
    return variable.name + "[" + std::to_string(offset / kElementStride) + "]";
  }
  return "";
}

std::string LitmusTest::NameOf(const Operand& operand) const {
  switch (operand.kind) {
    case Operand::Kind::kConstant: return ValueText(operand.number);
    case Operand::Kind::kLocation: return locations[static_cast<size_t>(operand.number)].name;
    case Operand::Kind::kRegister: break;
  }
  const Process& process = *processes[operand.process];
  return std::to_string(process.number) + ":" + process.registers[operand.index].name;
}

std::string LitmusTest::ValueText(int64_t value) const {
  const size_t location = LocationAt(value);
  return location < locations.size() ? locations[location].name : std::to_string(value);
}

}  // namespace graze::litmus
