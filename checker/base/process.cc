// SPDX-License-Identifier: MIT
#include "checker/base/process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace graze {
namespace {

constexpr int kNotRun = 127;

[[noreturn]] void Become(const std::vector<std::string>& command, ErrorStream errors, int output) {
  dup2(output, STDOUT_FILENO);
  if (errors == ErrorStream::kWithOutput) dup2(output, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(kNotRun);
}

}  // namespace

int RunProgram(const std::vector<std::string>& command, ErrorStream errors, std::string* output) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return kNotRun;
  const pid_t child = fork();
  if (child == 0) Become(command, errors, output != nullptr ? ends[1] : STDERR_FILENO);
  close(ends[1]);
  std::array<char, 65536> buffer;
  while (child > 0) {
    const ssize_t got = read(ends[0], buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    if (output != nullptr) output->append(buffer.data(), static_cast<size_t>(got));
  }
  close(ends[0]);
  if (child < 0) return kNotRun;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return kNotRun;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace graze
