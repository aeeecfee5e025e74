// SPDX-License-Identifier: MIT
// A litmus test as data: what the parser makes of a file, and what the interpreter runs.
#ifndef CHECKER_LITMUS_TEST_H_
#define CHECKER_LITMUS_TEST_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "checker/base/access.h"
#include "checker/litmus/primitives.h"

namespace graze::litmus {

// Locations have made-up addresses, which are values like any other: equal in every run, and never those of numbers in a test. Nothing
// lies between the elements of an array, and a lot of nothing between two variables.
inline constexpr int64_t kAddressBase = int64_t{1} << 44;
inline constexpr int64_t kElementStride = 64;
inline constexpr int64_t kElementsMax = 1024;
inline constexpr int64_t kVariableStride = 64 * kElementStride * kElementsMax;

// Or what an address became that was moved out of its variable.
inline bool IsAddress(int64_t value) { return value >= kAddressBase - kVariableStride && value < kAddressBase + (int64_t{1} << 43); }

// What a type narrower than 64 bits holds. An address fits into anything: what becomes of a half of one is nobody's concern.
struct Width {
  const char* name;
  int64_t least, most;

  bool Holds(int64_t value) const { return IsAddress(value) || (value >= least && value <= most); }
};
extern const Width kInt;
extern const Width kUnsigned;

struct Expr {
  enum class Kind : uint8_t {
    kNumber,       // number
    kRegister,     // number = its index in the process; locals and parameters are registers
    kAddress,      // number = the address
    kLoad,         // args[0] is the address; a plain access
    kUnary,        // op, args[0]
    kBinary,       // op, args[0], args[1]
    kConditional,  // args[0] ? args[1] : args[2]
    kCall,         // primitive, args
  };
  Kind kind = Kind::kNumber;
  Op op = Op::kAdd;
  int64_t number = 0;
  const Primitive* primitive = nullptr;
  std::vector<std::unique_ptr<Expr>> args;
  const Width* width = nullptr;  // of its result; null: 64 bits, an address, or nobody knows
  bool to_pointer = false;       // kCall: the location holds a pointer, as far as its declaration says
  const SourceSite* site = nullptr;
};

struct Statement {
  enum class Kind : uint8_t {
    kBlock,       // parts
    kIf,          // exprs[0], parts[0], perhaps parts[1]
    kWhile,       // exprs[0], parts[0]
    kAssign,      // register `target` = exprs[0]
    kStore,       // *exprs[0] = exprs[1]; a plain access
    kExpression,  // exprs[0], for its effect
  };
  Kind kind = Kind::kBlock;
  size_t target = 0;
  // kWhile: an iteration does nothing but load anew what the one before it has loaded, so that any number of them ends as one does.
  bool only_waits = false;
  std::vector<std::unique_ptr<Expr>> exprs;
  std::vector<std::unique_ptr<Statement>> parts;
  const SourceSite* site = nullptr;
};

struct RegisterInfo {
  std::string name;
  int64_t initial = 0;
  bool observed = false;           // a clause speaks of it
  const Width* width = &kInt;      // as for an expression
  const Width* pointee = nullptr;  // of the location that a pointer leads to
  bool parameter = false;
  bool declared = false;  // a parameter, or with a type, or assigned to somewhere
};

struct Process {
  uint32_t number = 0;
  std::string name;  // "P0"
  std::vector<RegisterInfo> registers;
  Statement body;
  const SourceSite* site = nullptr;

  size_t FindRegister(const std::string& register_name) const;  // registers.size() if there is none
};

struct LocationInfo {
  std::string name;
  int64_t address = 0;
  int64_t initial = 0;
  const Width* width = &kInt;  // as for an expression
};

// One side of a comparison in a clause.
struct Operand {
  enum class Kind : uint8_t { kConstant, kRegister, kLocation };
  Kind kind = Kind::kConstant;
  int64_t number = 0;    // the constant, or the index of the location
  uint32_t process = 0;  // index in LitmusTest::processes
  size_t index = 0;      // of the register

  bool operator==(const Operand&) const = default;
};

struct Proposition {
  enum class Kind : uint8_t { kTrue, kFalse, kEqual, kNot, kAnd, kOr, kImplies };
  Kind kind = Kind::kTrue;
  Operand left = {}, right = {};  // kEqual
  std::vector<Proposition> parts = {};
};

enum class Quantifier : uint8_t { kExists, kNotExists, kForall };

struct LitmusTest {
  std::string path;
  std::string name;
  std::vector<LocationInfo> locations;
  std::vector<std::unique_ptr<Process>> processes;  // by number
  Quantifier quantifier = Quantifier::kForall;
  Proposition condition;
  bool has_filter = false;
  Proposition filter;
  std::vector<Operand> observed;   // what makes up a final state: registers and locations, each once
  bool loops = false;              // some process has a loop
  std::set<std::string> newer;     // primitives in it that the model of Linux 6.1 lacks
  std::vector<std::string> notes;  // what its text gives reason to say of it

  // The location that has this address; locations.size() if none has.
  size_t LocationAt(int64_t address) const;
  // The first element of the array that a location is in; a variable is one of one element.
  size_t BaseOf(size_t location) const;
  // "a[5]": for an address beside one of a location; empty if it is nowhere near.
  std::string NearestTo(int64_t address) const;
  std::string NameOf(const Operand& operand) const;
  std::string ValueText(int64_t value) const;
};

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_TEST_H_
