// SPDX-License-Identifier: MIT
#include "checker/report/interleaving.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "checker/report/example_traces.h"

namespace graze {
namespace {

using examples::At;
using examples::TraceBuilder;

constexpr size_t kWidth = 140;

std::vector<std::string> Render(const Trace& trace) { return RenderInterleaving(trace, AllSteps(trace), kWidth); }

// What stands in the cells of a line, without the blanks around it.
std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '|');) {
    const size_t begin = cell.find_first_not_of(' ');
    cells.push_back(begin == std::string::npos ? "" : cell.substr(begin, cell.find_last_not_of(' ') - begin + 1));
  }
  return cells;
}

std::string Words(const std::vector<std::string>& lines) {
  std::string words;
  for (const std::string& line : lines) {
    std::istringstream in(line);
    for (std::string word; in >> word;) words += word == "|" ? "" : word + " ";
  }
  return words;
}

// As many threads as leave the last one little room.
TraceBuilder Crowd(const std::vector<std::string>& threads) {
  TraceBuilder b;
  for (const std::string& thread : threads) At(b.Access(thread, -1, "write", "task#1.state", "RUNNING -> INTERRUPTIBLE"), "function", 10);
  return b;
}

TEST(RenderInterleaving, WrapsAStepWithoutCuttingAName) {
  TraceBuilder b = Crowd({"main", "cpumap/1", "napi/0", "napi/1", "callback", "kworker", "kworker#2"});
  TraceStep& step = b.Access("kworker#2", -1, "rmw", "bpf_net_context#1.cpu_map_flush_list.next",
                             "&xdp_bulk_queue#1.flush_node.next[0] -> bpf_net_context#2", 3);
  At(step, "a_function_with_quite_a_long_name", 708);
  const std::vector<std::string> lines = Render(b.trace);
  EXPECT_GT(lines.size(), b.trace.steps.size() + 1);  // a header, and more than one line for some step
  const std::string words = Words(lines);
  EXPECT_NE(words.find("bpf_net_context#1.cpu_map_flush_list.next "), std::string::npos) << words;
  EXPECT_NE(words.find("&xdp_bulk_queue#1.flush_node.next[0] "), std::string::npos) << words;
  EXPECT_NE(words.find("-> bpf_net_context#2 <- #3 "), std::string::npos) << words;
  EXPECT_NE(words.find("a_function_with_quite_a_long_name cpumap.cc:708 "), std::string::npos) << words;
  for (const std::string& line : lines) EXPECT_LE(line.size(), kWidth) << line;
}

TEST(RenderInterleaving, SaysWhatWasReadFromHoweverLittleRoomThereIs) {
  TraceBuilder b = Crowd({"main", "cpumap/1", "napi/0", "napi/1", "callback", "kworker", "kworker#2"});
  At(b.Access("kworker#2", -1, "read", "xdp_bulk_queue#1.flush_node.next[0]", "= &bpf_net_context#1.cpu_map_flush_list", 5), "function",
     10);
  const std::string words = Words(Render(b.trace));
  EXPECT_NE(words.find(" = &bpf_net_context#1.cpu_map_flush_list <- #5 "), std::string::npos) << words;
}

TEST(RenderInterleaving, HeadsColumnsByNamesOrByNumbersThatItExplains) {
  const std::vector<std::string> threads = {"main",   "kthread cpumap/1",        "napi/0 later",       "bpf delete",
                                            "napi/0", "rcu callback@bpf delete", "kworker@bpf delete", "kworker"};
  TraceBuilder b = Crowd(threads);
  for (TraceStep& step : b.trace.steps) step.cpu = step.thread == "napi/0 later" ? 0 : -1;
  const std::vector<std::string> lines = Render(b.trace);
  const auto header = std::find_if(lines.begin(), lines.end(), [](const std::string& line) { return line.starts_with(" step"); });
  ASSERT_NE(header, lines.end());
  std::vector<std::string> heads = Cells(*header);
  ASSERT_EQ(heads.size(), threads.size() + 2) << *header;  // the steps and the places
  const std::string legend = Words({lines.begin(), header});
  EXPECT_EQ(std::set<std::string>(heads.begin(), heads.end()).size(), heads.size()) << *header;
  size_t numbers = 0;
  for (size_t i = 0; i < threads.size(); ++i) {
    const std::string& head = heads[i + 1];
    const auto names = [&](const std::string& thread) { return thread.find(head) != std::string::npos; };
    if (head.starts_with("(")) {
      ++numbers;
      EXPECT_NE(legend.find(head + " " + threads[i]), std::string::npos) << head << " in " << legend;
    } else if (head != threads[i]) {
      EXPECT_TRUE(names(threads[i])) << head;
      EXPECT_EQ(std::count_if(threads.begin(), threads.end(), names), 1) << head << " may be more than one thread";
    }
  }
  EXPECT_GT(numbers, 0U) << *header;  // else this tests nothing
}

TEST(RenderInterleaving, PutsTheColumnsThatAreToComeFirstFirst) {
  const Trace trace = Crowd({"P2", "other", "P0"}).trace;
  EXPECT_EQ(Cells(RenderInterleaving(trace, AllSteps(trace), kWidth, {"P0", "P1", "P2"}).front()),
            (std::vector<std::string>{"step", "P0", "P2", "other", "where"}));
}

TEST(DescribeStep, NamesFencesAndOrdersOfMarkedAccesses) {
  TraceBuilder b;
  const auto access = [&](const std::string& op, const std::string& order, const std::string& value) {
    TraceStep step = b.Access("napi/0", 0, op, "x", value);
    step.order = order;
    return DescribeStep(step);
  };
  EXPECT_EQ(access("read", "acquire", "= 1"), "read[acquire] x = 1  <- init");
  EXPECT_EQ(access("read", "plain", "= 1"), "read x = 1  <- init");
  EXPECT_EQ(access("write", "release", "0 -> 1"), "[release] x 0 -> 1");
  EXPECT_EQ(access("write", "plain", "0 -> 1"), "x 0 -> 1");
  EXPECT_EQ(access("rmw", "full", "0 -> 1"), "rmw[full] x 0 -> 1  <- init");
  EXPECT_EQ(access("lock", "lock", "0 -> 1"), "lock x 0 -> 1");
  EXPECT_EQ(access("unlock", "unlock", "1 -> 0"), "unlock x 1 -> 0");
  EXPECT_EQ(access("srcu-grace-period", "", ""), "srcu-grace-period x");
  TraceStep fence = b.Add("napi/0", 0, "fence");
  EXPECT_EQ(DescribeStep(fence), "fence");
  fence.order = "smp_wmb";
  EXPECT_EQ(DescribeStep(fence), "smp_wmb");
}

TEST(RenderInterleaving, ExplainsNothingWhereAllNamesFit) {
  const std::vector<std::string> lines = Render(Crowd({"main", "rcu callback@bpf delete"}).trace);
  EXPECT_EQ(Cells(lines.front()), (std::vector<std::string>{"step", "main", "rcu callback@bpf delete", "where"}));
}

}  // namespace
}  // namespace graze
