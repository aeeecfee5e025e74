// SPDX-License-Identifier: MIT
// Small programs whose number of executions is known: the tests compare the numbers, the benchmark measures the speed.
//
// Each is a whole body: call it as Explore([] { programs::FetchAdd(3); }). Memory orders are those of GenMC's program of that name, where
// there is one; under sequential consistency they make no difference.
#ifndef CHECKER_BENCH_COUNTED_PROGRAMS_H_
#define CHECKER_BENCH_COUNTED_PROGRAMS_H_

#include <array>
#include <atomic>
#include <initializer_list>
#include <mutex>
#include <source_location>

#include "checker/api/graze.h"
#include "checker/api/ops.h"

namespace graze::programs {

inline constexpr auto kRelaxed = std::memory_order_relaxed;
inline constexpr auto kAcquire = std::memory_order_acquire;
inline constexpr auto kRelease = std::memory_order_release;

// n threads, each adds one once.
inline void FetchAdd(unsigned threads) {
  atomic<int> x{0};
  run_threads_indexed(threads, [&](unsigned) { x.fetch_add(1, kRelaxed); });
}

// n threads, each calls the kernel's atomic_inc_return() once: as FetchAdd, with a full barrier on either side.
inline void AtomicIncReturn(unsigned threads) {
  unsigned counter = 0;
  run_threads_indexed(threads, [&](unsigned) {
    const auto increment = [](uint64_t value, const void*, uint64_t* stored) {
      *stored = static_cast<uint32_t>(value + 1);
      return true;
    };
    Rmw(&counter, sizeof(counter), increment, nullptr, MemoryOrder::kFull, MemoryOrder::kFull, {.from_old = true},
        internal::SiteOf(std::source_location::current()));
  });
}

// n threads, each takes one lock once.
inline void LockOnce(unsigned threads) {
  mutex m;
  run_threads_indexed(threads, [&](unsigned) { const std::lock_guard guard(m); });
}

// n threads, each adds one to plain data under a lock, `rounds` times.
inline void LockedCounter(unsigned threads, unsigned rounds) {
  mutex m;
  plain<unsigned> counter{0};
  run_threads_indexed(threads, [&](unsigned) {
    for (unsigned i = 0; i < rounds; ++i) {
      const std::lock_guard guard(m);
      counter += 1;
    }
  });
  GRAZE_ASSERT(counter == threads * rounds);
}

// n threads, each tries x: 0 -> 1, then writes a value of its own.
inline void Casw(unsigned threads) {
  atomic<unsigned> x{0};
  run_threads_indexed(threads, [&](unsigned i) {
    unsigned expected = 0;
    x.compare_exchange_strong(expected, 1, kRelaxed);
    x.store(i + 3, kRelease);
  });
}

// Writer j computes element j from element j - 1; a reader looks for the last zero.
inline void LastZero(unsigned writers) {
  constexpr unsigned kWritersMax = 15;
  std::array<atomic<unsigned>, kWritersMax + 1> element;
  run_threads_indexed(writers + 1, [&](unsigned j) {
    if (j > 0) {
      element[j].store(element[j - 1].load(kAcquire) + 1, kRelease);
      return;
    }
    for (unsigned i = writers; element[i].load(kAcquire) != 0; --i) {
    }
  });
}

// One writer, n readers of one word.
inline void Readers(unsigned readers) {
  atomic<int> x{0};
  run_threads_indexed(readers + 1, [&](unsigned i) {
    if (i == 0) {
      x.store(1, kRelease);
    } else {
      x.load(kAcquire);
    }
  });
}

// x = 1; r = y | y = 1; r = x | n times (r = x; r = y).
inline void StoreBuffering(unsigned readers) {
  atomic<int> x{0};
  atomic<int> y{0};
  run_threads_indexed(readers + 2, [&](unsigned i) {
    if (i == 0) x.store(1, kRelaxed);
    if (i == 1) y.store(1, kRelaxed);
    if (i != 0) x.load(kRelaxed);
    if (i != 1) y.load(kRelaxed);
  });
}

// Thread i of n turns i into i + 1, if it finds i.
inline void CasRotate(unsigned threads) {
  atomic<unsigned> x{0};
  run_threads_indexed(threads, [&](unsigned i) {
    unsigned expected = i;
    x.compare_exchange_strong(expected, i + 1, kRelaxed);
  });
}

// n threads put four keys each into an open hash table; a slot that is taken sends the thread to the next one.
inline void Indexer(unsigned threads) {
  constexpr unsigned kSlots = 128;
  constexpr unsigned kKeys = 4;
  std::array<atomic<unsigned>, kSlots> table;
  run_threads_indexed(threads, [&](unsigned i) {
    for (unsigned k = 0; k < kKeys; ++k) {
      const unsigned key = 11 * k + i;
      unsigned empty = 0;
      for (unsigned slot = 7 * key % kSlots; !table[slot].compare_exchange_strong(empty, key, kRelaxed); slot = (slot + 1) % kSlots)
        empty = 0;
    }
  });
}

// One writer of x and y, one of z and w, `rounds` each; one reader of all four, one of three.
inline void Big0(unsigned rounds) {
  atomic<unsigned> x{0};
  atomic<unsigned> y{0};
  atomic<unsigned> z{0};
  atomic<unsigned> w{0};
  const auto read = [](const std::initializer_list<atomic<unsigned>*>& words) {
    for (atomic<unsigned>* const word : words) word->load(kAcquire);
  };
  const auto write = [rounds](atomic<unsigned>& first, atomic<unsigned>& second) {
    for (unsigned round = 1; round <= rounds; ++round) {
      first.store(round, kRelease);
      second.store(round, kRelease);
    }
  };
  run_threads([&] { read({&x, &y, &z, &w, &x, &y, &z}); }, [&] { read({&x, &y, &z}); }, [&] { write(x, y); }, [&] { write(z, w); });
}

// Two threads add up each other's numbers, `rounds` each, and a third looks; nobody can be ahead of the Fibonacci numbers.
inline void Fibonacci(unsigned rounds) {
  constexpr unsigned kTwelfth = 144;
  atomic<unsigned> x{1};
  atomic<unsigned> y{1};
  const auto add_up = [&](atomic<unsigned>& sum) {
    for (unsigned round = 0; round < rounds; ++round) {
      const unsigned seen_x = x.load(kAcquire);
      const unsigned seen_y = y.load(kAcquire);
      sum.store(seen_x + seen_y, kRelease);
    }
  };
  run_threads([&] { add_up(x); }, [&] { add_up(y); }, [&] { GRAZE_ASSERT(x.load(kAcquire) <= kTwelfth && y.load(kAcquire) <= kTwelfth); });
}

enum class RingConsumer { kStopsWhenEmpty, kWaits };

// Two producers put two items each into slots handed out by a counter; one consumer takes them in order.
inline void Ring(RingConsumer consumer) {
  struct Slot {
    plain<int> data;
    atomic<int> ready{0};
  };
  std::array<Slot, 4> slot;
  atomic<unsigned> tail{0};
  const auto produce = [&](int first) {
    for (int value = first; value < first + 2; ++value) {
      const unsigned t = tail.fetch_add(1);
      slot[t].data = value;
      slot[t].ready.store(1, std::memory_order_release);
    }
  };
  const auto consume = [&] {
    for (Slot& each : slot) {
      if (consumer == RingConsumer::kWaits) {
        await(each.ready, 1, std::memory_order_acquire);
      } else if (each.ready.load(std::memory_order_acquire) == 0) {
        return;
      }
      GRAZE_ASSERT(each.data != 0);
    }
  };
  run_threads([&] { produce(1); }, [&] { produce(3); }, consume);
}

enum class Popper { kRetries, kGivesUp };

// n threads push one node each, one thread pops. kGivesUp: executions in which the popper's compare-exchange fails are left out.
inline void TreiberStack(unsigned pushers, Popper popper) {
  struct Node {
    atomic<Node*> next{nullptr};
  };
  std::array<Node, 4> node;
  atomic<Node*> head{nullptr};
  const auto push = [&](Node& pushed) {
    Node* seen = head.load();
    do {
      pushed.next.store(seen);
    } while (!head.compare_exchange_strong(seen, &pushed));
  };
  const auto pop = [&] {
    Node* seen = head.load();
    while (seen != nullptr && !head.compare_exchange_strong(seen, seen->next.load())) {
      assume(popper == Popper::kRetries);
    }
  };
  run_threads_indexed(pushers + 1, [&](unsigned i) {
    if (i < pushers) {
      push(node[i]);
    } else {
      pop();
    }
  });
}

}  // namespace graze::programs

#endif  // CHECKER_BENCH_COUNTED_PROGRAMS_H_
