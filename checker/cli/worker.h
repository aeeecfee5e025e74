// SPDX-License-Identifier: MIT
// One search in a process of its own.
#ifndef CHECKER_CLI_WORKER_H_
#define CHECKER_CLI_WORKER_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

#include "checker/verdict/result.h"

namespace graze {

class Worker {
 public:
  // Given to the search; says how far it is, and returns false once it has to stop.
  using Tick = std::function<bool(const Result& so_far)>;

  // Starts a process that runs `search`. False if the system refuses.
  bool Start(const std::function<Result(const Tick&)>& search);
  // Reads what has arrived. False when the process is gone; then result() is there.
  bool Receive();
  // Asks the search to stop at its next execution.
  void Interrupt() const;

  int fd() const { return fd_; }
  uint64_t executions() const { return executions_; }
  const Result& result() const { return result_; }

 private:
  bool TakeMessage();
  void Reap();

  pid_t pid_ = -1;
  int fd_ = -1;
  std::string received_;
  uint64_t executions_ = 0;
  bool has_result_ = false;
  Result result_;
};

}  // namespace graze

#endif  // CHECKER_CLI_WORKER_H_
