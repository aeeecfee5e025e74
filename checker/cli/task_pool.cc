// SPDX-License-Identifier: MIT
#include "checker/cli/task_pool.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <vector>

#include "checker/cli/exit_code.h"
#include "checker/cli/interrupt.h"

namespace graze {
namespace {

constexpr int kPollMs = 100;

bool WriteAll(int fd, const void* data, size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t wrote = write(fd, at, size);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    at += wrote;
    size -= static_cast<size_t>(wrote);
  }
  return true;
}

bool ReadAll(int fd, void* data, size_t size) {
  char* at = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t got = read(fd, at, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

struct Worker {
  pid_t pid = -1;
  int tasks = -1;    // numbers of tasks go in
  int results = -1;  // a length and a text come out of it
  bool busy = false;
  size_t task = 0;
};

class Pool {
 public:
  explicit Pool(const TaskPool& pool) : pool_(pool) {}

  size_t Run() {
    // A worker that is gone shows when its result is read; writing to it must not end this process.
    void (*const previous)(int) = std::signal(SIGPIPE, SIG_IGN);
    while (true) {
      while (active() < pool_.jobs && MayBegin() && Begin()) {
      }
      if (active() == 0) break;
      Wait();
    }
    for (Worker& worker : workers_) End(&worker);
    std::signal(SIGPIPE, previous);
    return begun_;
  }

 private:
  bool MayBegin() const { return begun_ < pool_.tasks && !Interrupted(); }

  unsigned active() const {
    return static_cast<unsigned>(std::count_if(workers_.begin(), workers_.end(), [](const Worker& worker) { return worker.busy; }));
  }

  // False if the system refuses another process; the others then have to do. With none at all the task is done here.
  bool Begin() {
    auto idle = std::find_if(workers_.begin(), workers_.end(), [](const Worker& worker) { return !worker.busy; });
    if (idle == workers_.end()) {
      Worker worker;
      if (!Start(&worker)) {
        if (!workers_.empty()) return false;
        const size_t task = begun_++;
        pool_.done(task, pool_.run(task), false);
        return true;
      }
      idle = workers_.insert(workers_.end(), worker);
    }
    idle->busy = true;
    idle->task = begun_++;
    const uint64_t task = idle->task;
    WriteAll(idle->tasks, &task, sizeof task);  // if it is gone, reading says so
    return true;
  }

  bool Start(Worker* worker) const {
    std::array<int, 2> tasks{};
    std::array<int, 2> results{};
    if (pipe2(tasks.data(), O_CLOEXEC) != 0) return false;
    if (pipe2(results.data(), O_CLOEXEC) != 0) {
      close(tasks[0]);
      close(tasks[1]);
      return false;
    }
    const pid_t pid = fork();
    if (pid == 0) {
      close(tasks[1]);
      close(results[0]);
      for (const Worker& other : workers_) {  // or they would not notice that this process wants no more of them
        close(other.tasks);
        close(other.results);
      }
      Serve(tasks[0], results[1]);
    }
    close(tasks[0]);
    close(results[1]);
    if (pid < 0) {
      close(tasks[1]);
      close(results[0]);
      return false;
    }
    *worker = {.pid = pid, .tasks = tasks[1], .results = results[0]};
    return true;
  }

  [[noreturn]] void Serve(int tasks, int results) const {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    TakeInterruptsFromParent();
    uint64_t task = 0;
    while (ReadAll(tasks, &task, sizeof task)) {
      const std::string result = pool_.run(task);
      const uint64_t size = result.size();
      if (!WriteAll(results, &size, sizeof size) || !WriteAll(results, result.data(), result.size())) break;
    }
    _exit(kExitHolds);
  }

  void Wait() {
    std::vector<pollfd> waits;
    for (const Worker& worker : workers_) waits.push_back({worker.busy ? worker.results : -1, POLLIN, 0});
    poll(waits.data(), waits.size(), kPollMs);
    if (Interrupted() && !told_) {
      told_ = true;
      for (const Worker& worker : workers_) kill(worker.pid, SIGTERM);
    }
    for (size_t i = waits.size(); i-- > 0;) {
      if (waits[i].revents != 0) Take(i);
    }
  }

  void Take(size_t i) {
    uint64_t size = 0;
    std::string result;
    bool good = ReadAll(workers_[i].results, &size, sizeof size);
    if (good) {
      result.resize(size);
      good = ReadAll(workers_[i].results, result.data(), size);
    }
    const size_t task = workers_[i].task;
    workers_[i].busy = false;
    if (!good) {
      result = End(&workers_[i]);
      workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    pool_.done(task, result, !good);
  }

  // How it ended, should that be of interest.
  static std::string End(Worker* worker) {
    close(worker->tasks);
    close(worker->results);
    int status = 0;
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) return strsignal(WTERMSIG(status));
    return "exit code " + std::to_string(WEXITSTATUS(status));
  }

  const TaskPool& pool_;
  std::vector<Worker> workers_;
  size_t begun_ = 0;
  bool told_ = false;
};

}  // namespace

size_t RunTasks(const TaskPool& pool) {
  if (pool.jobs > 0) return Pool(pool).Run();
  size_t task = 0;
  for (; task < pool.tasks && !Interrupted(); ++task) pool.done(task, pool.run(task), false);
  return task;
}

}  // namespace graze
