// SPDX-License-Identifier: MIT
// Names for traces, which otherwise show addresses. A name never changes what is explored.
#ifndef CHECKER_API_NAME_H_
#define CHECKER_API_NAME_H_

#include "checker/api/atomic.h"
#include "checker/api/mutex.h"
#include "checker/api/plain.h"
#include "checker/runtime/ops.h"

namespace graze {

// `text` is copied. Names last for one execution, so name things in checked code, after their construction.
template <typename T>
void name(const atomic<T>& variable, const char* text) {
  NameLocation(&variable, text, /*internal=*/false);
}
template <typename T, MemoryOrder kOrder>
void name(const cell<T, kOrder>& variable, const char* text) {
  NameLocation(&variable, text, /*internal=*/false);
}
inline void name(const mutex& variable, const char* text) { NameLocation(&variable, text, /*internal=*/false); }

// An object of make<T>(), by its start. Fields show as offsets, or as what RegisterFields (explore.h) says.
inline void name_object(const void* object, const char* text) { NameObject(object, text); }

}  // namespace graze

#endif  // CHECKER_API_NAME_H_
