// SPDX-License-Identifier: MIT
// Names of objects, locations and values of the current execution, for people.
#ifndef CHECKER_EXPLORE_NAMES_H_
#define CHECKER_EXPLORE_NAMES_H_

#include <cstdint>
#include <string>

#include "checker/runtime/runtime.h"

namespace graze::internal {

// "rcpu#1": the given name, else type and number among the objects of its type.
std::string ObjectText(const Runtime& runtime, const Object& object);
// "rcpu#1.refcnt", "rcpu#1+24", a registered name, or the address.
std::string LocationText(const Runtime& runtime, uintptr_t address);
// Object names for pointers, "NULL", registered printers for fields, small decimal numbers otherwise.
std::string ValueText(const Runtime& runtime, uintptr_t location, uint32_t size, uint64_t value);

// The rule that a use of the freed `object` breaks; null is an object that nobody knows.
const char* LifetimeRuleOf(const Object* object);

}  // namespace graze::internal

#endif  // CHECKER_EXPLORE_NAMES_H_
