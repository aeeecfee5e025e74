// SPDX-License-Identifier: MIT
#include "checker/testing/model.h"

#include <cstddef>

namespace graze::proof {
namespace {

constexpr const char* kNames[kModels] = {"sc", "tso", "rc11", "lkmm", "lkmm-deps", "lkmm-6.1", "lkmm-6.1-deps"};

}  // namespace

const char* ToString(Model model) { return kNames[static_cast<size_t>(model)]; }

std::optional<Model> ModelFromName(std::string_view name) {
  for (int m = 0; m < kModels; ++m) {
    if (name == kNames[m]) return static_cast<Model>(m);
  }
  return std::nullopt;
}

}  // namespace graze::proof
