// SPDX-License-Identifier: MIT
#include "model/kernel/task.h"

#include <cstdio>
#include <cstring>
#include <new>

#include "checker/api/ops.h"
#include "model/kernel/world.h"

namespace kernel {
namespace internal {

void number_name(char *name, size_t size, unsigned number) {
  size_t length = std::strlen(name);
  if (graze::Self() != 0) std::snprintf(name + length, size - length, "@%s", graze::ThreadName(graze::Self()));
  length = std::strlen(name);
  if (number > 1) std::snprintf(name + length, size - length, "#%u", number);
}

}  // namespace internal

namespace {

constexpr graze::ThreadId kThreadsMax = 1024;

struct start {
  void (*fn)(void *);
  void *arg;
  graze_context context;
};

void run(void *arg) {
  const start &what = *static_cast<const start *>(arg);
  graze_enter(what.fn, what.arg, -1, what.context);
}

thread_id spawn(const char *name, int cpu, graze_context context, void (*fn)(void *), void *arg, src site) {
  start *const what = new (graze::ArenaAllocate(sizeof(start), alignof(start))) start{fn, arg, context};
  return graze::Spawn(&run, what, {.name = name, .cpu = cpu, .group = 0, .daemon = false, .user = nullptr}, site);
}

struct pending_joins {
  bool joined[kThreadsMax];
  bool any;
  graze_site_t site;
};

void join_once(graze::ThreadId thread, void *arg) {
  pending_joins &joins = *static_cast<pending_joins *>(arg);
  if (thread >= kThreadsMax || joins.joined[thread]) return;
  joins.joined[thread] = true;
  joins.any = true;
  graze::Join(thread, "the end of a callback or a work item", joins.site);
}

}  // namespace

thread_id task_run(const char *name, int cpu, void (*fn)(void *), void *arg, src site) {
  return spawn(name, cpu, GRAZE_CTX_TASK, fn, arg, site);
}

thread_id napi_run(int cpu, void (*fn)(void *), void *arg, src site) {
  char name[24];
  std::snprintf(name, sizeof name, "napi/%d", cpu);
  return spawn(name, cpu, GRAZE_CTX_NAPI, fn, arg, site);
}

void task_join(thread_id thread, src site) { graze::Join(thread, "the end of a task", site); }

void wait_for_quiescence(src site) {
  pending_joins joins = {};
  joins.site = site;
  do {
    joins.any = false;
    graze::ForEachCreatedBefore(internal::kRcuCallbacks, &join_once, &joins);
    graze::ForEachCreatedBefore(internal::kWorkers, &join_once, &joins);
  } while (joins.any);
}

}  // namespace kernel
