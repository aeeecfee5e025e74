// SPDX-License-Identifier: MIT
#include "checker/cli/progress.h"

#include <algorithm>

#include "checker/base/strings.h"

namespace graze {
namespace {

constexpr std::chrono::milliseconds kInterval(250);
constexpr size_t kWidth = 110;

}  // namespace

std::string ProgressLine::Format(size_t done, size_t searches, const std::vector<std::string>& running, uint64_t executions, double seconds,
                                 size_t width) {
  const auto rate = static_cast<uint64_t>(seconds > 0 ? static_cast<double>(executions) / seconds : 0);
  const std::string head = "[" + std::to_string(done) + "/" + std::to_string(searches) + "] ";
  const std::string tail =
      ": " + Count(executions, "execution") + ", " + WithCommas(rate) + "/s, " + std::to_string(static_cast<uint64_t>(seconds)) + " s";
  const size_t room = width > head.size() + tail.size() ? width - head.size() - tail.size() : 0;
  return Clip(head + Clip(Join(running, " + "), room) + tail, width);
}

void ProgressLine::Begin(const std::string& search) { running_.push_back({search, 0}); }

void ProgressLine::Update(const std::string& search, uint64_t executions) {
  for (Running& running : running_) {
    if (running.search == search) running.executions = executions;
  }
  if (enabled_ && Clock::now() - last_ >= kInterval) Draw();
}

void ProgressLine::End(const std::string& search, uint64_t executions) {
  std::erase_if(running_, [&](const Running& running) { return running.search == search; });
  finished_executions_ += executions;
  ++done_;
}

void ProgressLine::Draw() {
  last_ = Clock::now();
  drawn_ = true;
  uint64_t executions = finished_executions_;
  std::vector<std::string> names;
  for (const Running& running : running_) {
    executions += running.executions;
    names.push_back(running.search);
  }
  const double seconds = std::chrono::duration<double>(last_ - started_).count();
  err_ << "\r\033[K" << Format(done_, searches_, names, executions, seconds, kWidth) << std::flush;
}

void ProgressLine::Clear() {
  if (drawn_) err_ << "\r\033[K" << std::flush;
  drawn_ = false;
}

}  // namespace graze
