// SPDX-License-Identifier: MIT
#include "checker/consistency/memory_model.h"

#include "checker/consistency/lkmm.h"
#include "checker/consistency/rc11.h"
#include "checker/consistency/sc.h"
#include "checker/consistency/tso.h"

namespace graze {

const std::vector<std::string>& MemoryModelTable() {
  static const std::vector<std::string> names = {"sc", "tso", "lkmm", "rc11"};
  return names;
}

std::unique_ptr<MemoryModel> MakeMemoryModel(std::string_view name) {
  if (name == "sc") return std::make_unique<SequentialConsistency>();
  if (name == "tso") return std::make_unique<TotalStoreOrder>();
  if (name == "rc11") return std::make_unique<RepairedC11>();
  if (name == "lkmm") return std::make_unique<LinuxKernelModel>(LinuxKernelModel::Version::kNewest, LinuxKernelModel::Rw::kPo);
  if (name == "lkmm-deps") return std::make_unique<LinuxKernelModel>(LinuxKernelModel::Version::kNewest, LinuxKernelModel::Rw::kDeps);
  if (name == "lkmm-6.1") return std::make_unique<LinuxKernelModel>(LinuxKernelModel::Version::k6_1, LinuxKernelModel::Rw::kPo);
  if (name == "lkmm-6.1-deps") return std::make_unique<LinuxKernelModel>(LinuxKernelModel::Version::k6_1, LinuxKernelModel::Rw::kDeps);
  return nullptr;
}

}  // namespace graze
