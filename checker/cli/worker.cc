// SPDX-License-Identifier: MIT
#include "checker/cli/worker.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "checker/cli/exit_code.h"
#include "checker/cli/interrupt.h"
#include "checker/report/json.h"

namespace graze {
namespace {

// A message: a letter, the length of the rest in 8 bytes, the rest.
constexpr char kProgress = 'P', kResult = 'R';
constexpr size_t kHeaderSize = 1 + sizeof(uint64_t);
constexpr std::chrono::milliseconds kProgressInterval(200);

void Send(int fd, char type, const std::string& body) {
  std::string message(1, type);
  const uint64_t size = body.size();
  message.append(reinterpret_cast<const char*>(&size), sizeof size);
  message += body;
  for (size_t sent = 0; sent < message.size();) {
    const ssize_t wrote = write(fd, message.data() + sent, message.size() - sent);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) _exit(kExitUsage);  // nobody listens any more
    sent += static_cast<size_t>(wrote);
  }
}

[[noreturn]] void RunChild(int fd, const std::function<Result(const Worker::Tick&)>& search) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  TakeInterruptsFromParent();
  auto last = std::chrono::steady_clock::now();
  const Result result = search([&](const Result& so_far) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last >= kProgressInterval) {
      last = now;
      Send(fd, kProgress, std::to_string(so_far.executions));
    }
    return !Interrupted();
  });
  Send(fd, kResult, EncodeResult(result));
  _exit(kExitHolds);
}

}  // namespace

bool Worker::Start(const std::function<Result(const Tick&)>& search) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  pid_ = fork();
  if (pid_ < 0) {
    close(ends[0]);
    close(ends[1]);
    return false;
  }
  if (pid_ == 0) {
    close(ends[0]);
    RunChild(ends[1], search);
  }
  close(ends[1]);
  fd_ = ends[0];
  fcntl(fd_, F_SETFL, O_NONBLOCK);
  return true;
}

bool Worker::Receive() {
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t got = read(fd_, buffer.data(), buffer.size());
    if (got > 0) {
      received_.append(buffer.data(), static_cast<size_t>(got));
      continue;
    }
    while (TakeMessage()) {
    }
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return true;
    Reap();
    return false;
  }
}

bool Worker::TakeMessage() {
  if (received_.size() < kHeaderSize) return false;
  uint64_t size = 0;
  std::memcpy(&size, received_.data() + 1, sizeof size);
  if (received_.size() - kHeaderSize < size) return false;
  const std::string body = received_.substr(kHeaderSize, size);
  if (received_[0] == kProgress) executions_ = std::strtoull(body.c_str(), nullptr, 10);
  if (received_[0] == kResult) has_result_ = DecodeResult(body, &result_);
  received_.erase(0, kHeaderSize + size);
  return true;
}

void Worker::Reap() {
  close(fd_);
  fd_ = -1;
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  if (has_result_) {
    executions_ = result_.executions;
    return;
  }
  result_ = Result();
  result_.executions = executions_;
  if (WIFSIGNALED(status)) {
    result_.reason = std::string("the search crashed: ") + strsignal(WTERMSIG(status)) + "; see it in a debugger with --jobs 0";
  } else {
    result_.reason = "the search ended without a result (exit code " + std::to_string(WEXITSTATUS(status)) +
                     "); what it said stands on the error stream";
  }
}

void Worker::Interrupt() const {
  if (fd_ >= 0) kill(pid_, SIGTERM);
}

}  // namespace graze
