// SPDX-License-Identifier: MIT
#include "checker/cli/run_main.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "checker/base/strings.h"
#include "checker/cli/built_in.h"
#include "checker/cli/command.h"

namespace graze {
namespace {

#ifdef GRAZE_VERSION
constexpr char kVersion[] = GRAZE_VERSION;
#else
constexpr char kVersion[] = "0.1.0";
#endif

std::vector<Command> AllCommands() {
  std::vector<Command> commands = {
      {"list", "Scenarios, generations, memory models and configurations", &RunList},
      {"check", "Explore every execution of the scenarios, and show what goes wrong", &RunCheck},
      {"replay", "Run the execution again that a token names", &RunReplay},
      {"litmus", "Judge litmus tests in herd7's C syntax", &RunLitmus},
  };
  const std::vector<Command>& more = RegisteredCommands();
  commands.insert(commands.end(), more.begin(), more.end());
  return commands;
}

void PrintHelp(const std::vector<Command>& commands, std::ostream& out) {
  size_t width = 0;
  for (const Command& command : commands) width = std::max(width, command.name.size());
  out << "graze explores every execution that a memory model allows of small concurrent programs.\n\n"
      << "Usage: graze COMMAND [ARGUMENTS]\n\nCommands:\n";
  for (const Command& command : commands) out << "  " << PadRight(command.name, width) << "  " << command.help << "\n";
  out << "\n'graze COMMAND --help' shows the arguments of a command; 'graze --version' the version.\n\n"
      << "Exit codes: 0 holds within the stated bounds, 1 violation, 2 wrong usage or internal error,\n"
      << "3 inconclusive, 4 skipped, 5 the code under test is not deterministic.\n";
}

Terminal TerminalOf(const char* program, std::ostream& out, std::ostream& err) {
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const spelt = std::getenv("GRAZE_COMMAND");
  const bool colors = no_color == nullptr || *no_color == '\0';
  return {.out = out,
          .err = err,
          .program = spelt != nullptr ? spelt : program,
          .color = colors && &out == &std::cout && isatty(STDOUT_FILENO) != 0,
          .progress = &err == &std::cerr && isatty(STDERR_FILENO) != 0};
}

constexpr char kUndelivered[] = "cannot write to standard output; is it closed, or the disk full?";

bool Delivered(std::ostream& out) {
  out.flush();
  return out.good();
}

// A standard stream that came closed must not become a report file or a pipe; opened the wrong way round, its use still fails.
void OccupyClosedStreams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
  }
}

}  // namespace

int RunMain(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  if (&out == &std::cout) OccupyClosedStreams();
  const Terminal terminal = TerminalOf(argc > 0 ? argv[0] : "graze", out, err);
  const std::vector<Command> commands = AllCommands();
  if (argc < 2) return UsageError(terminal, "", "which command? 'graze --help' shows them");
  const std::string name = argv[1];
  if (name == "--help" || name == "-h" || name == "help") {
    PrintHelp(commands, out);
    return Delivered(out) ? kExitHolds : UsageError(terminal, "", kUndelivered);
  }
  if (name == "--version") {
    out << "graze " << kVersion << "\n";
    return Delivered(out) ? kExitHolds : UsageError(terminal, "", kUndelivered);
  }
  const auto command = std::find_if(commands.begin(), commands.end(), [&](const Command& each) { return each.name == name; });
  if (command == commands.end()) {
    std::vector<std::string> names;
    for (const Command& each : commands) names.push_back(each.name);
    return UsageError(terminal, "", "no command '" + name + "'; there is: " + Join(names, ", "));
  }
  const int code = command->run({argv + 2, argv + argc}, terminal);
  return Delivered(out) ? code : UsageError(terminal, name, kUndelivered);
}

}  // namespace graze
