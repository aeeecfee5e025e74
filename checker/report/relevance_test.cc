// SPDX-License-Identifier: MIT
#include "checker/report/relevance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "checker/report/example_traces.h"
#include "checker/report/text.h"

namespace graze {
namespace {

using examples::TraceBuilder;

constexpr size_t kRowsMax = 12;

// Steps that have nothing to do with the matter, each of which communicates and switches threads all the same.
void AddNoise(TraceBuilder* b, int count) {
  for (int i = 0; i < count; ++i) {
    const uint32_t before = b->trace.steps.empty() ? 0 : b->trace.steps.back().number;
    const std::string thread = i % 2 == 0 ? "noise/0" : "noise/1";
    b->Access(thread, i % 2, "rmw", "stats#1.drops", std::to_string(i) + " -> " + std::to_string(i + 1), before);
  }
}

struct Handed {
  TraceBuilder b;
  uint32_t store = 0, load = 0, read = 0, write = 0;
};

// A frame that napi/0 puts into a ring, where kthread finds it; each touches it once, among much else.
Handed HandedFrame() {
  Handed h;
  AddNoise(&h.b, 40);
  h.read = h.b.Access("napi/0", 0, "read", "frame#1.data", "= 7").number;
  AddNoise(&h.b, 40);
  h.store = h.b.Access("napi/0", 0, "write", "ring#1.slot[0]", "0 -> frame#1").number;
  AddNoise(&h.b, 40);
  h.load = h.b.Access("kthread", 1, "read", "ring#1.slot[0]", "= frame#1", h.store).number;
  AddNoise(&h.b, 40);
  h.write = h.b.Access("kthread", 1, "write", "frame#1.data", "7 -> 0").number;
  AddNoise(&h.b, 40);
  return h;
}

Violation Of(ViolationKind kind, TraceBuilder b) {
  Violation violation;
  violation.kind = kind;
  violation.rule = "I-X";
  violation.object = "frame";
  violation.trace = std::move(b.trace);
  return violation;
}

std::vector<uint32_t> Shown(const Violation& violation, size_t rows_max, const std::vector<size_t>& named = {}) {
  std::vector<uint32_t> numbers;
  for (const FoldedRow& row : FoldSteps(violation, rows_max, named)) {
    if (row.folded == 0) numbers.push_back(violation.trace.steps[row.step].number);
  }
  return numbers;
}

void ExpectShown(const Violation& violation, const std::vector<uint32_t>& wanted, const std::vector<size_t>& named = {}) {
  const std::vector<uint32_t> shown = Shown(violation, kRowsMax, named);
  for (uint32_t number : wanted) EXPECT_NE(std::find(shown.begin(), shown.end(), number), shown.end()) << "#" << number;
}

TEST(FoldSteps, KeepsBothAccessesOfARaceAndHowTheThreadCameByTheObject) {
  Handed h = HandedFrame();
  h.b.trace.steps[h.read - 1].important = h.b.trace.steps[h.write - 1].important = true;
  ExpectShown(Of(ViolationKind::kDataRace, h.b), {h.read, h.store, h.load, h.write});
}

TEST(FoldSteps, KeepsTheUseTheFreeAndHowTheUserCameByTheObject) {
  Handed h = HandedFrame();
  h.b.trace.steps[h.write - 1].important = true;
  AddNoise(&h.b, 40);
  TraceStep& other = h.b.Access("napi/0", 0, "free", "frame#2", "");
  other.important = true;
  AddNoise(&h.b, 40);
  h.b.trace.steps[h.read - 1].op = "free";  // before the frame is handed on
  const Violation violation = Of(ViolationKind::kUseAfterFree, h.b);
  ExpectShown(violation, {h.read, h.store, h.load, h.write});
}

TEST(FoldSteps, KeepsBothFreesOfADoubleFree) {
  Handed h = HandedFrame();
  for (uint32_t number : {h.read, h.write}) {
    TraceStep& step = h.b.trace.steps[number - 1];
    step.op = "free";
    step.important = true;
  }
  ExpectShown(Of(ViolationKind::kDoubleFree, h.b), {h.read, h.write});
}

TEST(FoldSteps, KeepsTheFirstReadOfAnAddressThatIsReadAgain) {
  Handed h = HandedFrame();
  const uint32_t again = h.b.Access("kthread", 1, "read", "ring#1.slot[0]", "= frame#1", h.store).number;
  AddNoise(&h.b, 40);
  TraceStep& use = h.b.Access("kthread", 1, "read", "frame#1.len", "= 1");
  use.important = true;
  const uint32_t last = use.number;
  ExpectShown(Of(ViolationKind::kUninitializedRead, h.b), {h.store, h.load, again, last});
}

// A list whose owner follows it into an object of somebody else, who has changed the link meanwhile.
TEST(FoldSteps, KeepsWhatTheUserHadPutThereBeforeAnotherThreadDid) {
  TraceBuilder b;
  const auto link = [&b](const char* thread, const char* value) { return b.Access(thread, 0, "write", "queue#1.next", value).number; };
  AddNoise(&b, 40);
  const uint32_t other = link("napi/B", "0 -> list#0");
  AddNoise(&b, 40);
  const uint32_t own = link("napi/A", "list#0 -> list#1");
  AddNoise(&b, 40);
  const uint32_t changed = link("napi/B", "list#1 -> list#2");
  AddNoise(&b, 40);
  const uint32_t followed = b.Access("napi/A", 0, "read", "queue#1.next", "= list#2", changed).number;
  AddNoise(&b, 40);
  TraceStep& use = b.Access("napi/A", 0, "read", "list#2.next", "= 0");
  use.important = true;
  const uint32_t last = use.number;
  const Violation violation = Of(ViolationKind::kUninitializedRead, b);
  ExpectShown(violation, {own, changed, followed, last});
  const std::vector<Relevance> ranks = RankSteps(violation);
  EXPECT_EQ(ranks[own - 1], Relevance::kDecisive);
  EXPECT_NE(ranks[other - 1], Relevance::kDecisive) << "older, and not its own";
}

TEST(FoldSteps, ShowsMoreRowsThanFitRatherThanFoldWhatIsNamed) {
  Handed h = HandedFrame();
  const Violation violation = Of(ViolationKind::kInvariant, h.b);
  const std::vector<size_t> named = {3, 33, 63, 93, 123, 153};
  const std::vector<uint32_t> shown = Shown(violation, 2, named);
  for (size_t index : named) EXPECT_NE(std::find(shown.begin(), shown.end(), index + 1), shown.end()) << index;
}

// A consumer that sleeps because there is nothing more to do explains nothing, unless the matter is that it sleeps.
TEST(RankSteps, WhatASleeperDoesMattersOnlyWhereSomethingHangs) {
  Handed h = HandedFrame();
  h.b.trace.steps[h.read - 1].important = h.b.trace.steps[h.write - 1].important = true;
  const size_t state = h.b.trace.steps.size();
  h.b.Access("sleeper", 1, "write", "task#1.state", "RUNNING -> INTERRUPTIBLE");
  AddNoise(&h.b, 4);
  h.b.trace.blocked = {{"sleeper", "schedule()", "task#1.state", "", "f", "file.cc", 3}};
  EXPECT_LT(RankSteps(Of(ViolationKind::kDataRace, h.b))[state], Relevance::kSubject);
  EXPECT_EQ(RankSteps(Of(ViolationKind::kHungTask, h.b))[state], Relevance::kSubject);
}

ReportContext Weak() {
  ReportContext context;
  context.memory_model = "lkmm";
  return context;
}

TEST(RenderViolation, ShowsAStaleReadAndTheWriteThatItMissed) {
  Handed h = HandedFrame();
  TraceStep& load = h.b.trace.steps[h.load - 1];
  load.value = "= 0";
  load.reads_from = 0;
  const std::string text = RenderViolation(Of(ViolationKind::kInvariant, h.b), Weak());
  EXPECT_NE(text.find("ring#1.slot[0] 0 -> frame#1"), std::string::npos) << text;
  EXPECT_NE(text.find("read ring#1.slot[0] = 0"), std::string::npos) << text;
}

TEST(RenderViolation, ShowsTheStepsThatItsReasonNames) {
  Handed h = HandedFrame();
  Violation violation = Of(ViolationKind::kInvariant, h.b);
  // The number of an object is none of a step: 90 is somewhere in the noise.
  violation.got = "rcpu#90 is put in the ring at #" + std::to_string(h.store);
  const std::string text = RenderViolation(violation, Weak());
  EXPECT_NE(text.find("ring#1.slot[0] 0 -> frame#1"), std::string::npos) << text;
  EXPECT_EQ(text.find("\n  90 "), std::string::npos) << text;
}

TEST(RenderViolation, SaysTheWholeMessage) {
  Violation violation = examples::DataRace();
  violation.message = "data race on bpf_net_context#1.cpu_map_flush_list.next: ";
  for (const char* side : {"plain read by napi/0 A", "marked write by napi/0 B"}) {
    violation.message += std::string(side) + " in a_function_of_some_length (model/cpumap/a_generation/cpumap.cc:700) and ";
  }
  violation.message += "are not ordered";
  const std::string text = RenderViolation(violation, Weak());
  EXPECT_NE(text.find("ordered\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("..."), std::string::npos) << text;
}

}  // namespace
}  // namespace graze
