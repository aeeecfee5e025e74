// SPDX-License-Identifier: MIT
// Layouts shared by the C and the C++ face of the kernel layer: every struct here means the same bytes in both.
//
// C99- and C++-clean, includes nothing (kernel headers define their own uint64_t, so <stdint.h> would clash). An object is known by its
// address alone: a primitive keeps its whole state in the caller's struct or in the layer's world, never per type. All-zero bytes are a
// valid initial state of each of them, except that a work item needs its function.
#ifndef MODEL_KERNEL_GRAZE_TYPES_H_
#define MODEL_KERNEL_GRAZE_TYPES_H_

typedef unsigned char graze_u8;
typedef unsigned short graze_u16;
typedef unsigned int graze_u32;
typedef unsigned long long graze_u64;

// A source position. Bit for bit what std::source_location points to in libstdc++, and what GRAZE_HERE emits in C. A code address is a
// valid site too; whoever prints a site tells the two apart.
struct graze_site {
  const char *file;
  const char *func;
  unsigned line;
  unsigned col;
};
typedef const void *graze_site_t;

// Order of a memory access; the numbers are graze::MemoryOrder's.
enum graze_order {
  GRAZE_PLAIN = 0,
  GRAZE_RACY = 1,
  GRAZE_ONCE = 2,
  GRAZE_ACQUIRE = 3,
  GRAZE_RELEASE = 4,
  GRAZE_ACQ_REL = 5,
  GRAZE_SEQ_CST = 6,
  GRAZE_FULL = 7,
  GRAZE_NORETURN = 8,
  GRAZE_CONSUME = 9,  // of a pointer that is followed: orders what depends on it, no more
  GRAZE_LOCK = 10,
  GRAZE_UNLOCK = 11
};

enum graze_fence_kind {
  GRAZE_MB,
  GRAZE_RMB,
  GRAZE_WMB,
  GRAZE_BEFORE_ATOMIC,
  GRAZE_AFTER_ATOMIC,
  GRAZE_AFTER_SPINLOCK,
  GRAZE_AFTER_UNLOCK_LOCK
};

enum graze_rmw_op { GRAZE_XCHG, GRAZE_ADD, GRAZE_AND, GRAZE_OR, GRAZE_ADD_UNLESS_ZERO };

// A handle of the set of loads that an address or a value depends on; 0 = none.
typedef graze_u32 graze_dep;
struct graze_loaded {
  graze_u64 v;
  graze_dep dep;
};
struct graze_rmw_result {
  graze_u64 old;
  graze_dep dep;
  graze_u32 stored;
};

// A function of any type, and the code that knows its type and calls it. Keeps function types exact across the two faces.
typedef void (*graze_fn)(void);
typedef void (*graze_invoke)(graze_fn fn, void *arg);

typedef struct graze_spinlock {
  graze_u32 word;  // 0 = free
} graze_spinlock_t;

typedef struct graze_atomic {
  int counter;
} graze_atomic_t;

typedef struct graze_atomic64 {
  long long counter;
} graze_atomic64_t;

struct graze_list_head {
  struct graze_list_head *next;
  struct graze_list_head *prev;
};

// Per-CPU data.
typedef struct graze_local_lock {
  graze_u32 word;  // 0 = free
} graze_local_lock_t;

struct graze_rcu_head {
  graze_u64 queued;  // 1 from call_rcu until the callback starts
  graze_fn func;
};

struct graze_work_struct {
  graze_u64 data;  // bit 0: pending; the rest: address of what the layer knows of the latest run
  graze_invoke invoke;
  graze_fn func;
};

// A work item that is queued after a grace period.
struct graze_rcu_work {
  struct graze_work_struct work;
  struct graze_rcu_head rcu;
  void *workqueue;
};

struct graze_completion {
  graze_u32 done;
};

struct graze_task;

#if defined(__cplusplus)
#elif defined(__GNUC__)
#define GRAZE_HERE                                                                      \
  (__extension__({                                                                      \
    static const struct graze_site graze_site_here = {__FILE__, __func__, __LINE__, 0}; \
    (graze_site_t) & graze_site_here;                                                   \
  }))
#else
#define GRAZE_HERE ((graze_site_t)0)
#endif

#endif  // MODEL_KERNEL_GRAZE_TYPES_H_
