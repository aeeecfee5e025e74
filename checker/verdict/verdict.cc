// SPDX-License-Identifier: MIT
#include "checker/verdict/result.h"
#include "checker/verdict/violation.h"

namespace graze {

const char* ToString(ViolationKind kind) {
  switch (kind) {
    case ViolationKind::kAssertion: return "assertion";
    case ViolationKind::kDataRace: return "data race";
    case ViolationKind::kUseAfterFree: return "use after free";
    case ViolationKind::kDoubleFree: return "double free";
    case ViolationKind::kInvalidFree: return "invalid free";
    case ViolationKind::kWildAccess: return "wild access";
    case ViolationKind::kUninitializedRead: return "uninitialised read";
    case ViolationKind::kLeak: return "leak";
    case ViolationKind::kDeadlock: return "deadlock";
    case ViolationKind::kHungTask: return "hung task";
    case ViolationKind::kMisuse: return "misuse";
    case ViolationKind::kInvariant: return "invariant";
  }
  return "?";
}

const char* ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kVerified: return "verified";
    case Verdict::kViolation: return "violation";
    case Verdict::kInconclusive: return "inconclusive";
    case Verdict::kError: return "error";
  }
  return "?";
}

}  // namespace graze
