// SPDX-License-Identifier: MIT
#include "model/kernel/bug.h"

#include <cstdio>
#include <cstring>

#include "checker/api/ops.h"

namespace {

constexpr unsigned kRulesMax = 64;

// Filled before executions or with the same rows in each: never a matter of who comes first.
struct row {
  const char *function;
  const char *rule;
};
row rows[kRulesMax] = {{"list_add", "I-LIST"}, {"array", "I-UAF"}};
unsigned rows_count = 2;

}  // namespace

extern "C" {

void graze_set_warn_rule(const char *function, const char *rule) {
  for (unsigned i = 0; i < rows_count; ++i) {
    if (std::strcmp(rows[i].function, function) == 0) {
      rows[i].rule = rule;
      return;
    }
  }
  if (rows_count < kRulesMax) rows[rows_count++] = {function, rule};
}

const char *graze_warn_rule(const char *function, const char *otherwise) {
  for (unsigned i = 0; i < rows_count; ++i) {
    if (std::strcmp(rows[i].function, function) == 0) return rows[i].rule;
  }
  return otherwise;
}

void graze_bug(const char *condition, const char *function, graze_site_t site) {
  char text[160];
  std::snprintf(text, sizeof text, "BUG_ON(%s)", condition);
  graze::Fail(graze_warn_rule(function, "assert"), text, site);
}

void graze_warn(const char *condition, const char *function, graze_site_t site) {
  char text[160];
  std::snprintf(text, sizeof text, "WARN_ON(%s)", condition);
  graze::Warn(graze_warn_rule(function, "I-WARN"), text, site);
}

}  // extern "C"
