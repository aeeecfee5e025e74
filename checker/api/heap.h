// SPDX-License-Identifier: MIT
// Objects with a lifetime that is checked: make<T>() and destroy(), for objects that one thread may free while another still uses them.
//
// Contract: addresses are the same in every execution and are not used again within one, so an access after destroy() is always found.
// Lifetimes are checked at the accesses the engine sees: those of atomic<T>, plain<T>, racy<T> and mutex members. Memory of operator new
// and of std containers works in checked code too, but has no tracked lifetime.
// Errors: access after destroy(), destroying twice or something else than a live object's start, reading a plain<T> before it was written,
// and (unless the scenario turns it off) an object still alive at the end are violations.
#ifndef CHECKER_API_HEAP_H_
#define CHECKER_API_HEAP_H_

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <source_location>
#include <string_view>
#include <utility>

#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {
namespace internal {

template <typename T>
constexpr std::string_view QualifiedTypeName() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  return text.substr(0, text.find(';') == std::string_view::npos ? text.rfind(']') : text.find(';'));
}

// Without the enclosing scopes: traces name objects "Node#1".
constexpr std::string_view Unqualified(std::string_view name) {
  size_t start = 0;
  int depth = 0;
  for (size_t i = 0; i + 1 < name.size(); ++i) {
    if (name[i] == '<' || name[i] == '(') ++depth;
    if (name[i] == '>' || name[i] == ')') --depth;
    if (depth == 0 && name[i] == ':' && name[i + 1] == ':') start = i + 2;
  }
  return name.substr(start);
}

template <typename T>
struct TypeName {
  static constexpr std::string_view kView = Unqualified(QualifiedTypeName<T>());
  static constexpr auto kText = [] {
    std::array<char, kView.size() + 1> text{};
    for (size_t i = 0; i < kView.size(); ++i) text[i] = kView[i];
    return text;
  }();
};

}  // namespace internal

template <typename T, typename... Args>
[[gnu::noinline]] T* make(Args&&... args) {
  static_assert(alignof(T) <= alignof(std::max_align_t), "graze::make<T>: over-aligned types are not supported");
  void* memory = Malloc(sizeof(T), /*zeroed=*/false, internal::TypeName<T>::kText.data(), __builtin_return_address(0));
  return ::new (memory) T(std::forward<Args>(args)...);
}

// Null is ignored.
template <typename T>
void destroy(T* object, std::source_location where = std::source_location::current()) {
  if (object == nullptr) return;
  object->~T();
  Free(object, internal::SiteOf(where));
}

// For memory handed over in bulk (memcpy): one access, checked for lifetime and races, without a value.
inline void touch_read(const void* address, std::source_location where = std::source_location::current()) {
  TouchObject(address, false, internal::SiteOf(where));
}
inline void touch_write(const void* address, std::source_location where = std::source_location::current()) {
  TouchObject(address, true, internal::SiteOf(where));
}

}  // namespace graze

#endif  // CHECKER_API_HEAP_H_
