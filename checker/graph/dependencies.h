// SPDX-License-Identifier: MIT
// Sets of loads that an address, a value or a branch depends on, by number.
//
// A set holds indices of events of one thread. Equal sets have the same number, so that handles can be compared and kept in events, which
// are plain data. Numbers hold for the whole search.
#ifndef CHECKER_GRAPH_DEPENDENCIES_H_
#define CHECKER_GRAPH_DEPENDENCIES_H_

#include <cstdint>
#include <map>
#include <vector>

#include "checker/base/access.h"

namespace graze {

class Dependencies {
 public:
  void Clear();
  // The set of the event with index `idx` of the thread in question.
  DepHandle Single(uint32_t idx);
  DepHandle Union(DepHandle a, DepHandle b);
  DepHandle Join(DepHandle a, DepHandle b) { return a == 0 || b == 0 ? a | b : Union(a, b); }
  // Ascending.
  const std::vector<uint32_t>& Indices(DepHandle set) const { return *sets_[set]; }

 private:
  DepHandle Intern(std::vector<uint32_t> indices);

  std::map<std::vector<uint32_t>, DepHandle> numbers_;
  std::vector<const std::vector<uint32_t>*> sets_ = {&empty_};  // keys of numbers_, which stay where they are
  std::vector<DepHandle> singles_;                              // by index, 0 = not asked for yet
  inline static const std::vector<uint32_t> empty_;
};

}  // namespace graze

#endif  // CHECKER_GRAPH_DEPENDENCIES_H_
