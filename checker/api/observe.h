// SPDX-License-Identifier: MIT
// Telling the scenario's at_end hook what happened. A probe is a named, typed record of up to three values; recording is no event, so it
// never changes what is explored.
//
//   inline constexpr graze::probe<int, bool> kPopped("popped");
//   kPopped(thread, found);                                          // in checked code
//   kPopped.ForEach(execution, [](const Observation& at, int thread, bool found) { ... });   // at the end
#ifndef CHECKER_API_OBSERVE_H_
#define CHECKER_API_OBSERVE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "checker/api/bits.h"
#include "checker/api/execution.h"
#include "checker/runtime/ops.h"

namespace graze {

template <typename... Values>
class probe {
  static_assert(sizeof...(Values) <= 3, "graze::probe: at most three values");
  static_assert((internal::kIsLocationValue<Values> && ...), "graze::probe: values must be trivially copyable, of 1, 2, 4 or 8 bytes");

 public:
  // `tag` must stay alive (a literal).
  constexpr explicit probe(const char* tag) : tag_(tag) {}

  void operator()(Values... values) const {
    std::array<uint64_t, 3> bits{};
    size_t next = 0;
    ((bits[next++] = internal::ToBits(values)), ...);
    Observe(tag_, bits[0], bits[1], bits[2]);
  }

  bool Matches(const Observation& observation) const { return std::string_view(observation.tag) == tag_; }

  // Calls visit(observation, values...) for every record of this probe: by thread, program order within a thread.
  template <typename Visit>
  void ForEach(const Execution& execution, Visit&& visit) const {
    for (const Observation& each : execution.observations()) {
      if (Matches(each)) Decode(each, visit, std::index_sequence_for<Values...>());
    }
  }

 private:
  template <typename Visit, size_t... kIndex>
  static void Decode(const Observation& observation, Visit& visit, std::index_sequence<kIndex...>) {
    [[maybe_unused]] const std::array<uint64_t, 3> bits = {observation.a, observation.b, observation.c};
    visit(observation, internal::FromBits<Values>(bits[kIndex])...);
  }

  const char* tag_;
};

}  // namespace graze

#endif  // CHECKER_API_OBSERVE_H_
