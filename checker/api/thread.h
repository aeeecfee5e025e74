// SPDX-License-Identifier: MIT
// graze::thread: std::thread for checked code, and run_threads() for the usual "start these, wait for all of them".
//
// Contract: the callable is copied or moved into memory of the creating thread. Everything before the construction is ordered before the
// body, the whole body before the return of join(). A thread stopped for good by the engine (a failed assertion, the end of the search)
// runs no destructors.
// Errors: joining twice, or destroying a joinable thread, is a violation of rule `misuse`; a join that never returns is a deadlock.
#ifndef CHECKER_API_THREAD_H_
#define CHECKER_API_THREAD_H_

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <source_location>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {

namespace internal {
struct ThreadLauncher;
}  // namespace internal

class thread {
  using Where = std::source_location;

 public:
  class id {
   public:
    constexpr id() = default;
    constexpr explicit id(ThreadId number) : plus_one_(number + 1) {}
    friend constexpr auto operator<=>(id, id) = default;

   private:
    ThreadId plus_one_ = 0;  // 0 is no thread
  };

  thread() = default;

  template <typename F>
    requires(std::invocable<std::decay_t<F>> && !std::same_as<std::remove_cvref_t<F>, thread>)
  explicit thread(F&& body, Where where = Where::current()) {
    Start(ThreadOptions{}, std::forward<F>(body), internal::SiteOf(where));
  }

  // With a name for traces, a simulated CPU and so on: thread({.name = "producer"}, [&] { ... }).
  template <typename F>
    requires std::invocable<std::decay_t<F>>
  thread(const ThreadOptions& options, F&& body, Where where = Where::current()) {
    Start(options, std::forward<F>(body), internal::SiteOf(where));
  }

  template <typename F, typename Arg, typename... Args>
    requires std::invocable<std::decay_t<F>, std::decay_t<Arg>, std::decay_t<Args>...>
  [[gnu::noinline]] explicit thread(F&& body, Arg&& arg, Args&&... args) {
    using Arguments = std::tuple<std::decay_t<Arg>, std::decay_t<Args>...>;
    auto call = [f = std::decay_t<F>(std::forward<F>(body)),
                 all = Arguments(std::forward<Arg>(arg), std::forward<Args>(args)...)]() mutable {
      std::apply([&f](auto&... each) { std::invoke(std::move(f), std::move(each)...); }, all);
    };
    Start(ThreadOptions{}, std::move(call), __builtin_return_address(0));
  }

  thread(thread&& other) noexcept : id_(other.id_), joinable_(std::exchange(other.joinable_, false)) {}
  thread& operator=(thread&& other) noexcept {
    if (joinable_) Fail("misuse", "assignment to a thread that was neither joined nor detached", __builtin_return_address(0));
    id_ = other.id_;
    joinable_ = std::exchange(other.joinable_, false);
    return *this;
  }
  ~thread() {
    if (joinable_) Fail("misuse", "a thread that was neither joined nor detached is destroyed", __builtin_return_address(0));
  }

  void join(Where where = Where::current()) {
    RequireJoinable("join of a thread that is not joinable", where);
    joinable_ = false;
    Join(id_, "thread::join", internal::SiteOf(where));
  }
  void detach(Where where = Where::current()) {
    RequireJoinable("detach of a thread that is not joinable", where);
    joinable_ = false;
  }

  bool joinable() const { return joinable_; }
  id get_id() const { return joinable_ ? id(id_) : id(); }
  void swap(thread& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(joinable_, other.joinable_);
  }

 private:
  friend struct internal::ThreadLauncher;

  template <typename Body>
  static void Run(void* arg) {
    const std::unique_ptr<Body> body(static_cast<Body*>(arg));
    std::invoke(std::move(*body));
  }
  template <typename F>
  void Start(const ThreadOptions& options, F&& body, Site site) {
    using Body = std::decay_t<F>;
    id_ = Spawn(&Run<Body>, new Body(std::forward<F>(body)), options, site);
    joinable_ = true;
  }
  void RequireJoinable(const char* otherwise, Where where) const {
    if (!joinable_) Fail("misuse", otherwise, internal::SiteOf(where));
  }

  ThreadId id_ = 0;
  bool joinable_ = false;
};

namespace this_thread {
inline thread::id get_id() { return thread::id(Self()); }
}  // namespace this_thread

namespace internal {

// Starting and joining on behalf of a caller whose site is known.
struct ThreadLauncher {
  // Named "thread 1", "thread 2", ... for traces.
  template <typename F>
  static thread Start(unsigned number, F&& body, Site site) {
    constexpr std::string_view kPrefix = "thread ";
    std::array<char, 20> name{};
    std::to_chars(std::copy(kPrefix.begin(), kPrefix.end(), name.begin()), name.end() - 1, number);
    thread started;
    started.Start({.name = name.data()}, std::forward<F>(body), site);
    return started;
  }
  static void Join(thread& started, Site site) {
    started.joinable_ = false;
    graze::Join(started.id_, "thread::join", site);
  }
};

}  // namespace internal

// Starts one thread per body, in order, and joins them all.
template <typename... Bodies>
  requires(std::invocable<std::decay_t<Bodies>> && ...)
[[gnu::noinline]] void run_threads(Bodies&&... bodies) {
  const Site site = __builtin_return_address(0);
  unsigned number = 0;
  std::array<thread, sizeof...(Bodies)> threads = {internal::ThreadLauncher::Start(++number, std::forward<Bodies>(bodies), site)...};
  for (thread& each : threads) internal::ThreadLauncher::Join(each, site);
}

// Starts body(0), ..., body(count - 1), in order, and joins them all. count <= 64.
template <typename F>
  requires std::invocable<F&, unsigned>
void run_threads_indexed(unsigned count, F body, std::source_location where = std::source_location::current()) {
  constexpr unsigned kCountMax = 64;
  const Site site = internal::SiteOf(where);
  if (count > kCountMax) Fail("misuse", "run_threads_indexed: more than 64 threads", site);
  std::array<thread, kCountMax> threads;
  for (unsigned i = 0; i < count; ++i) {
    threads[i] = internal::ThreadLauncher::Start(i, [body, i]() mutable { body(i); }, site);
  }
  for (unsigned i = 0; i < count; ++i) internal::ThreadLauncher::Join(threads[i], site);
}

}  // namespace graze

#endif  // CHECKER_API_THREAD_H_
