// SPDX-License-Identifier: MIT
// The memory models that the oracle knows, by the names that the engine gives them.
#ifndef CHECKER_TESTING_MODEL_H_
#define CHECKER_TESTING_MODEL_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace graze::proof {

enum class Model : uint8_t {
  kSc,
  kTso,
  kRc11,
  kLkmm,        // the newest one; every read is ordered before the later writes of its thread
  kLkmmDeps,    // the newest one with exact dependencies
  kLkmm61,      // Linux 6.1, as kLkmm
  kLkmm61Deps,  // Linux 6.1, as kLkmmDeps
};
inline constexpr int kModels = 7;

const char* ToString(Model model);
std::optional<Model> ModelFromName(std::string_view name);

inline bool IsLkmm(Model model) { return model >= Model::kLkmm; }
inline bool IsLkmm61(Model model) { return model == Model::kLkmm61 || model == Model::kLkmm61Deps; }
inline bool HasExactDependencies(Model model) { return model == Model::kLkmmDeps || model == Model::kLkmm61Deps; }

}  // namespace graze::proof

#endif  // CHECKER_TESTING_MODEL_H_
