// SPDX-License-Identifier: MIT
#include "checker/report/interleaving.h"

#include <algorithm>
#include <array>
#include <set>

#include "checker/base/strings.h"

namespace graze {
namespace {

constexpr size_t kStepWidth = 6;         // "  123*"
constexpr size_t kColumnMin = 12;
constexpr size_t kColumnMax = 44;
constexpr size_t kLastColumnMin = 38;    // nothing to the right to reach into
constexpr size_t kPlaceMax = 46;

struct Column {
  std::string thread;
  std::string title;
  size_t begin = 0;    // position of its separator
};

struct Layout {
  std::vector<Column> columns;
  size_t place = 0;    // position of the separator of the last column, which names places
  size_t width = 0;
};

std::string Title(const TraceStep& step) {
  // A thread whose name ends with its CPU says it already.
  const std::string cpu = std::to_string(step.cpu);
  if (step.cpu < 0 || step.thread.ends_with("/" + cpu)) return step.thread;
  return step.thread + " @" + cpu;
}

// Columns in order of first appearance in the trace, for the threads that have a row.
std::vector<Column> Columns(const Trace& trace, const std::vector<FoldedRow>& rows) {
  std::set<std::string> shown;
  for (const FoldedRow& row : rows) {
    if (row.folded == 0) shown.insert(trace.steps[row.step].thread);
  }
  std::vector<Column> columns;
  for (const TraceStep& step : trace.steps) {
    if (shown.erase(step.thread) > 0) columns.push_back({step.thread, Title(step), 0});
  }
  return columns;
}

Layout MakeLayout(const Trace& trace, const std::vector<FoldedRow>& rows, size_t width) {
  Layout layout{Columns(trace, rows), 0, width};
  size_t place = std::string_view("where").size();
  for (const FoldedRow& row : rows) {
    const TraceStep& step = trace.steps[row.step];
    if (row.folded == 0) place = std::max(place, Place(step.function, step.file, step.line).size());
  }
  place = std::min(place, kPlaceMax) + 3;
  const size_t room = width > kStepWidth + place ? width - kStepWidth - place : 0;
  const size_t others = layout.columns.empty() ? 0 : layout.columns.size() - 1;
  size_t column = kColumnMax;
  if (others > 0) column = std::clamp(room > kLastColumnMin ? (room - kLastColumnMin) / others : 0, kColumnMin, kColumnMax);
  size_t at = kStepWidth;
  for (Column& c : layout.columns) {
    c.begin = at;
    at += column;
  }
  layout.place = std::max(kStepWidth + std::min(room, at - kStepWidth + kLastColumnMin / 2), at);
  return layout;
}

// Puts `text` at `begin`, over what stands there.
void Put(std::string* line, size_t begin, std::string_view text) {
  if (line->size() < begin + text.size()) line->append(begin + text.size() - line->size(), ' ');
  line->replace(begin, text.size(), text);
}

std::string TrimRight(std::string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string Separators(const Layout& layout) {
  std::string line(layout.width, ' ');
  for (const Column& column : layout.columns) line[column.begin] = '|';
  if (layout.place < line.size()) line[layout.place] = '|';
  return line;
}

std::string StepLine(const Layout& layout, const TraceStep& step) {
  std::string line = Separators(layout);
  Put(&line, 0, PadLeft(std::to_string(step.number), kStepWidth - 2) + (step.important ? "*" : " "));
  for (const Column& column : layout.columns) {
    if (column.thread != step.thread) continue;
    const std::string text = " " + Clip(DescribeStep(step), layout.place - column.begin - 3) + " ";
    Put(&line, column.begin + 1, text.substr(0, layout.place - column.begin - 1));
  }
  const std::string place = Place(step.function, step.file, step.line);
  if (!place.empty() && layout.place + 2 < layout.width) Put(&line, layout.place + 2, Clip(place, layout.width - layout.place - 2));
  return TrimRight(line);
}

std::string FoldLine(const Layout& layout, size_t folded) {
  std::string line = Separators(layout);
  Put(&line, 0, "     ");
  const size_t at = layout.columns.empty() ? kStepWidth : layout.columns.front().begin;
  Put(&line, at + 1, " ... " + Count(folded, "step") + " ");
  return TrimRight(line);
}

std::string HeaderLine(const Layout& layout) {
  std::string line = Separators(layout);
  Put(&line, 0, " step");
  for (size_t i = 0; i < layout.columns.size(); ++i) {
    const size_t end = i + 1 < layout.columns.size() ? layout.columns[i + 1].begin : layout.place;
    Put(&line, layout.columns[i].begin + 2, Clip(layout.columns[i].title, end - layout.columns[i].begin - 3));
  }
  if (layout.place + 7 < layout.width) Put(&line, layout.place + 2, "where");
  return TrimRight(line);
}

bool Reads(const TraceStep& step) {
  static constexpr std::array<std::string_view, 5> kReads = {"read", "rmw", "cas-fail", "await", "lock"};
  return std::find(kReads.begin(), kReads.end(), step.op) != kReads.end();
}

}  // namespace

std::string DescribeStep(const TraceStep& step) {
  std::vector<std::string> words;
  // Calls of the scenario and notes are sentences of their own.
  if (step.op == "return") {
    words.push_back("=>");
  } else if (step.op != "call" && step.op != "note" && step.op != "write") {
    words.push_back(step.op);
  }
  const std::string& what = !step.location.empty() ? step.location : step.object;
  if (!what.empty()) words.push_back(what);
  if (!step.value.empty()) {
    const bool bare = step.op == "write" && step.value.find("->") == std::string::npos && !step.value.starts_with("=");
    words.push_back(bare ? "= " + step.value : step.value);
  }
  if (!step.text.empty()) words.push_back(step.text);
  std::string text = Join(words, " ");
  if (step.reads_from != 0) text += "  <- #" + std::to_string(step.reads_from);
  if (step.reads_from == 0 && Reads(step) && !step.location.empty() && step.op != "lock") text += "  <- init";
  return OneLine(text);
}

std::string Place(const std::string& function, const std::string& file, unsigned line) {
  std::string place = function == "?" ? "" : function;
  if (file.empty() || file == "?") return place;
  if (!place.empty()) place += " ";
  place += BaseName(file);
  if (line != 0) place += ":" + std::to_string(line);
  return place;
}

std::vector<std::string> RenderInterleaving(const Trace& trace, const std::vector<FoldedRow>& rows, size_t width) {
  const Layout layout = MakeLayout(trace, rows, width);
  std::vector<std::string> lines = {HeaderLine(layout)};
  for (const FoldedRow& row : rows) {
    lines.push_back(row.folded > 0 ? FoldLine(layout, row.folded) : StepLine(layout, trace.steps[row.step]));
  }
  return lines;
}

}  // namespace graze
