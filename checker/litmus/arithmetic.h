// SPDX-License-Identifier: MIT
// Arithmetic on the values of a litmus test: 64-bit numbers, some of which are addresses.
#ifndef CHECKER_LITMUS_ARITHMETIC_H_
#define CHECKER_LITMUS_ARITHMETIC_H_

#include <cstdint>

#include "checker/litmus/primitives.h"

namespace graze::litmus {

// `right` is not looked at by operators with one operand. Null, or what is wrong: then `*result` is 0. An address can be moved by a
// number, compared, subtracted, and taken out of the result; nothing else is known of it, and nothing else is computed with it.
const char* Compute(Op op, int64_t left, int64_t right, int64_t* result);

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_ARITHMETIC_H_
