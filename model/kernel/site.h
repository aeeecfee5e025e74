// SPDX-License-Identifier: MIT
// Where an operation stands in the source, as a defaulted argument of every function of the C++ face.
#ifndef MODEL_KERNEL_SITE_H_
#define MODEL_KERNEL_SITE_H_

#include <bit>
#include <source_location>

#include "model/kernel/graze_types.h"

namespace kernel {

class src {
 public:
  // Not explicit: taken as `src site = src::here()`.
  static constexpr src here(std::source_location where = std::source_location::current()) { return src(where); }
  operator graze_site_t() const { return std::bit_cast<graze_site_t>(where_); }

 private:
  constexpr explicit src(std::source_location where) : where_(where) {}
  std::source_location where_;
};

}  // namespace kernel

#endif  // MODEL_KERNEL_SITE_H_
