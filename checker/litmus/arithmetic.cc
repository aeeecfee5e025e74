// SPDX-License-Identifier: MIT
#include "checker/litmus/arithmetic.h"

#include "checker/litmus/test.h"

namespace graze::litmus {
namespace {

constexpr const char* kAddressArithmetic = "a computation with an address whose result depends on where a location is";

// One that leads from no variable to another.
bool IsOffset(int64_t number) { return number > -kElementsMax * 32 && number < kElementsMax * 32; }

uint64_t Bits(int64_t value) { return static_cast<uint64_t>(value); }
int64_t Number(uint64_t bits) { return static_cast<int64_t>(bits); }

// One of them is an address.
const char* ComputeWithAddress(Op op, int64_t left, int64_t right, int64_t* result) {
  const bool both = IsAddress(left) && IsAddress(right);
  const int64_t number = IsAddress(left) ? right : left;
  switch (op) {
    case Op::kAdd:
      if (both || !IsOffset(number)) return kAddressArithmetic;
      *result = (IsAddress(left) ? left : right) + number * kElementStride;
      return nullptr;
    case Op::kSub:
      if (both) {
        *result = (left - right) / kElementStride;
      } else {
        if (!IsAddress(left) || !IsOffset(number)) return kAddressArithmetic;
        *result = left - number * kElementStride;
      }
      return nullptr;
    case Op::kEqual: *result = left == right ? 1 : 0; return nullptr;
    case Op::kNotEqual: *result = left != right ? 1 : 0; return nullptr;
    case Op::kXor:
      if (left != right) return kAddressArithmetic;
      *result = 0;
      return nullptr;
    case Op::kAnd:
    case Op::kOr:
      if (left == right) {
        *result = left;
        return nullptr;
      }
      if (both || number != 0) return kAddressArithmetic;
      *result = op == Op::kAnd ? 0 : left | right;
      return nullptr;
    case Op::kMul:
      if (both || number != 0) return kAddressArithmetic;
      *result = 0;
      return nullptr;
    case Op::kNot: *result = 0; return nullptr;
    default: return kAddressArithmetic;
  }
}

}  // namespace

const char* Compute(Op op, int64_t left, int64_t right, int64_t* result) {
  *result = 0;
  const bool unary = op == Op::kNot || op == Op::kComplement || op == Op::kNegate;
  if (IsAddress(left) || (!unary && IsAddress(right))) return ComputeWithAddress(op, left, right, result);
  switch (op) {
    case Op::kAdd: *result = Number(Bits(left) + Bits(right)); break;
    case Op::kSub: *result = Number(Bits(left) - Bits(right)); break;
    case Op::kMul: *result = Number(Bits(left) * Bits(right)); break;
    case Op::kDiv:
    case Op::kRem:
      if (right == 0) return "a division by zero";
      if (right == -1) {
        *result = op == Op::kDiv ? Number(-Bits(left)) : 0;  // the quotient may not fit
      } else {
        *result = op == Op::kDiv ? left / right : left % right;
      }
      break;
    case Op::kAnd: *result = left & right; break;
    case Op::kOr: *result = left | right; break;
    case Op::kXor: *result = left ^ right; break;
    case Op::kAndNot: *result = left & ~right; break;
    case Op::kShiftLeft:
    case Op::kShiftRight:
      if (right < 0 || right > 63) return "a shift by a count that is no position of a 64-bit number";
      *result = op == Op::kShiftLeft ? Number(Bits(left) << right) : left >> right;
      break;
    case Op::kEqual: *result = left == right ? 1 : 0; break;
    case Op::kNotEqual: *result = left != right ? 1 : 0; break;
    case Op::kLess: *result = left < right ? 1 : 0; break;
    case Op::kGreater: *result = left > right ? 1 : 0; break;
    case Op::kLessEqual: *result = left <= right ? 1 : 0; break;
    case Op::kGreaterEqual: *result = left >= right ? 1 : 0; break;
    case Op::kLogicAnd: *result = left != 0 && right != 0 ? 1 : 0; break;
    case Op::kLogicOr: *result = left != 0 || right != 0 ? 1 : 0; break;
    case Op::kNot: *result = left == 0 ? 1 : 0; break;
    case Op::kComplement: *result = ~left; break;
    case Op::kNegate: *result = Number(-Bits(left)); break;
  }
  return nullptr;
}

}  // namespace graze::litmus
