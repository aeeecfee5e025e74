// SPDX-License-Identifier: MIT
#include "checker/consistency/memory_model.h"

#include "checker/consistency/sc.h"

namespace graze {

const std::vector<std::string>& MemoryModelTable() {
  static const std::vector<std::string> names = {"sc"};
  return names;
}

std::unique_ptr<MemoryModel> MakeMemoryModel(std::string_view name) {
  if (name == "sc") return std::make_unique<SequentialConsistency>();
  return nullptr;
}

}  // namespace graze
