// SPDX-License-Identifier: MIT
// Showing calls of the scenario, with arguments and result, in traces.
//
//   bool Push(int value) {
//     GRAZE_CALL(call, "Push", value);
//     ...
//     return call.returns(true);
//   }
//
// Costs one test per call unless a trace is being recorded, and never allocates: traced and untraced runs must be the same execution.
#ifndef CHECKER_API_CALL_H_
#define CHECKER_API_CALL_H_

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string_view>
#include <type_traits>

#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {
namespace internal {

// A text of bounded length; what does not fit is cut.
class CallText {
 public:
  void Append(std::string_view text) {
    for (const char c : text) {
      if (size_ < buffer_.size()) buffer_[size_++] = c;
    }
  }
  template <typename T>
  void AppendValue(const T& value) {
    if constexpr (std::is_null_pointer_v<T>) {
      Append("NULL");
    } else if constexpr (std::is_same_v<T, bool>) {
      Append(value ? "true" : "false");
    } else if constexpr (std::is_integral_v<T>) {
      AppendNumber(value, 10);
    } else if constexpr (std::is_enum_v<T>) {
      AppendNumber(static_cast<std::underlying_type_t<T>>(value), 10);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      Append(value);
    } else {
      static_assert(std::is_pointer_v<T>, "GRAZE_CALL: arguments are integers, enums, strings or pointers");
      if (value == nullptr) return Append("NULL");
      Append("0x");
      AppendNumber(reinterpret_cast<uintptr_t>(value), 16);
    }
  }
  std::string_view view() const { return {buffer_.data(), size_}; }

 private:
  template <typename T>
  void AppendNumber(T value, int base) {
    std::array<char, 24> digits;
    char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
    Append({digits.data(), static_cast<size_t>(end - digits.data())});
  }

  std::array<char, 160> buffer_;
  size_t size_ = 0;
};

}  // namespace internal

// One call, from construction to the end of the scope.
class scoped_call {
 public:
  template <typename... Args>
  scoped_call(std::source_location where, std::string_view name, const Args&... args) : where_(where), tracing_(Tracing()) {
    if (!tracing_) return;
    internal::CallText text;
    text.Append(name);
    text.Append("(");
    [[maybe_unused]] std::string_view separator = "";
    ((text.Append(separator), text.AppendValue(args), separator = ", "), ...);
    text.Append(")");
    CallBegin(text.view(), internal::SiteOf(where_));
  }
  scoped_call(const scoped_call&) = delete;
  scoped_call& operator=(const scoped_call&) = delete;
  ~scoped_call() {
    if (tracing_) CallEnd(result_.view(), internal::SiteOf(where_));
  }

  // Records the result and passes it on.
  template <typename T>
  T returns(T value) {
    if (tracing_) result_.AppendValue(value);
    return value;
  }

 private:
  std::source_location where_;
  bool tracing_;
  internal::CallText result_;
};

}  // namespace graze

#define GRAZE_CALL(variable, ...) [[maybe_unused]] ::graze::scoped_call variable(::std::source_location::current(), __VA_ARGS__)

#endif  // CHECKER_API_CALL_H_
