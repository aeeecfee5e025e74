// SPDX-License-Identifier: MIT
#include "checker/base/check.h"

#include <unistd.h>

#include <cstdio>

namespace graze::internal {
namespace {
CheckContext g_context = nullptr;
}  // namespace

void SetCheckContext(CheckContext context) { g_context = context; }

void CheckFailed(const char* file, int line, const char* expression) {
  std::fprintf(stderr, "[checker bug] %s:%d: %s\n", file, line, expression);
  const CheckContext context = g_context;
  g_context = nullptr;  // a second failure while describing the first must not recurse
  if (context != nullptr) context();
  std::fflush(stderr);
  _exit(2);
}

}  // namespace graze::internal
