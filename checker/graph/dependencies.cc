// SPDX-License-Identifier: MIT
#include "checker/graph/dependencies.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace graze {

void Dependencies::Clear() {
  sets_.assign(1, &empty_);
  singles_.clear();
  numbers_.clear();
}

DepHandle Dependencies::Intern(std::vector<uint32_t> indices) {
  const auto [it, inserted] = numbers_.try_emplace(std::move(indices), static_cast<DepHandle>(sets_.size()));
  if (inserted) sets_.push_back(&it->first);
  return it->second;
}

DepHandle Dependencies::Single(uint32_t idx) {
  if (idx >= singles_.size()) singles_.resize(idx + 1, 0);
  if (singles_[idx] == 0) singles_[idx] = Intern({idx});
  return singles_[idx];
}

DepHandle Dependencies::Union(DepHandle a, DepHandle b) {
  if (a == b || b == 0) return a;
  if (a == 0) return b;
  std::vector<uint32_t> both;
  std::set_union(Indices(a).begin(), Indices(a).end(), Indices(b).begin(), Indices(b).end(), std::back_inserter(both));
  return Intern(std::move(both));
}

}  // namespace graze
