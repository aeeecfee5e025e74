// SPDX-License-Identifier: MIT
// Many small tasks, spread over processes that live longer than one of them.
#ifndef CHECKER_CLI_TASK_POOL_H_
#define CHECKER_CLI_TASK_POOL_H_

#include <cstddef>
#include <functional>
#include <string>

namespace graze {

struct TaskPool {
  size_t tasks = 0;
  unsigned jobs = 1;  // 0 = in this process
  // Runs in a worker. Once Interrupted() is true it should end soon, with what it has.
  std::function<std::string(size_t task)> run;
  // Runs here, in the order in which tasks end. `crashed`: the worker is gone, and `result` says how.
  std::function<void(size_t task, const std::string& result, bool crashed)> done;
};

// Returns when all tasks are done; after an interruption no more are begun. How many were begun.
size_t RunTasks(const TaskPool& pool);

}  // namespace graze

#endif  // CHECKER_CLI_TASK_POOL_H_
