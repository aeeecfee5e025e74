// SPDX-License-Identifier: MIT
#include "model/kernel/slab.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "model/kernel/world.h"

namespace {

constexpr unsigned kNamesMax = 256;
constexpr size_t kNameMax = 48;

// Both tables only grow, and what a key gives never depends on which thread asked first: they may outlive executions.
struct alias {
  const char *expression;
  const char *type;
};
alias aliases[kNamesMax];
unsigned aliases_count = 0;

struct interned {
  const char *expression;
  char type[kNameMax];
};
interned names[kNamesMax];
unsigned names_count = 0;

bool in_identifier(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// The last identifier: of "sizeof(*rcpu->queue)" it is "queue", of a type's name the name.
void last_identifier(const char *text, char *out) {
  size_t end = std::strlen(text);
  while (end > 0 && !in_identifier(text[end - 1])) --end;
  size_t begin = end;
  while (begin > 0 && in_identifier(text[begin - 1])) --begin;
  const size_t length = end - begin < kNameMax - 1 ? end - begin : kNameMax - 1;
  std::memcpy(out, text + begin, length);
  out[length] = '\0';
}

}  // namespace

namespace kernel {
namespace internal {

const char *type_name(const char *expression) {
  for (unsigned i = aliases_count; i > 0; --i) {
    if (std::strcmp(aliases[i - 1].expression, expression) == 0) return aliases[i - 1].type;
  }
  if (std::strncmp(expression, "sizeof", 6) != 0) return expression;
  for (unsigned i = 0; i < names_count; ++i) {
    if (names[i].expression == expression || std::strcmp(names[i].expression, expression) == 0) return names[i].type;
  }
  if (names_count == kNamesMax) return expression;
  interned &entry = names[names_count++];
  entry.expression = expression;
  last_identifier(expression, entry.type);
  return entry.type;
}

bool allocation_fails(unsigned flags, graze_site_t site) {
  graze_task *const task = graze_current();
  if ((flags & GRAZE_ALLOC_NOFAIL) != 0 || task->alloc_failures >= the_world().config.alloc_failures) return false;
  if (graze::Choose(2, "allocation fails", site) == 0) return false;
  ++task->alloc_failures;
  return true;
}

}  // namespace internal

internal::any_ptr kmem_cache_alloc(kmem_cache *cache, gfp_t gfp, src site) {
  return internal::any_ptr(graze_alloc(cache->size, internal::alloc_flags(gfp), cache->name, site));
}

void kmem_cache_free(kmem_cache *, void *object, src site) { graze_free(object, site); }

int kmem_cache_alloc_bulk(kmem_cache *cache, gfp_t gfp, size_t n, void **objects, src site) {
  const unsigned flags = internal::alloc_flags(gfp);
  if ((flags & GRAZE_ALLOC_SLEEPS) != 0) graze_might_sleep("kmem_cache_alloc_bulk()", site);
  if (n == 0 || internal::allocation_fails(flags, site)) return 0;
  for (size_t i = 0; i < n; ++i) objects[i] = graze_alloc(cache->size, flags | GRAZE_ALLOC_NOFAIL, cache->name, site);
  return static_cast<int>(n);
}

void kmem_cache_free_bulk(kmem_cache *, size_t n, void **objects, src site) {
  for (size_t i = 0; i < n; ++i) graze_free(objects[i], site);
}

}  // namespace kernel

extern "C" {

void *graze_alloc(graze_u64 size, unsigned flags, const char *type_or_expr, graze_site_t site) {
  if ((flags & GRAZE_ALLOC_SLEEPS) != 0) graze_might_sleep("an allocation with GFP_KERNEL", site);
  if (kernel::internal::allocation_fails(flags, site)) return nullptr;
  return graze::Malloc(size, (flags & GRAZE_ALLOC_ZERO) != 0, kernel::internal::type_name(type_or_expr), site);
}

void graze_free(const void *ptr, graze_site_t site) { graze::Free(const_cast<void *>(ptr), site); }

void graze_name(const void *ptr, unsigned len, const char *format, ...) {
  if (!graze::Tracing()) return;
  char text[64];
  va_list args;
  va_start(args, format);
  std::vsnprintf(text, len + 1 < sizeof text ? len + 1 : sizeof text, format, args);
  va_end(args);
  graze::NameObject(ptr, text);
}

void graze_set_type_name(const char *expression, const char *type) {
  for (unsigned i = 0; i < aliases_count; ++i) {
    if (std::strcmp(aliases[i].expression, expression) == 0) {
      aliases[i].type = type;
      return;
    }
  }
  if (aliases_count < kNamesMax) aliases[aliases_count++] = {expression, type};
}

}  // extern "C"
