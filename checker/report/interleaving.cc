// SPDX-License-Identifier: MIT
#include "checker/report/interleaving.h"

#include <algorithm>
#include <array>
#include <map>

#include "checker/base/strings.h"

namespace graze {
namespace {

constexpr size_t kStepWidth = 6;  // "  123*"
constexpr size_t kColumnMin = 9;
constexpr size_t kColumnMax = 44;
constexpr size_t kLastColumnMin = 24;
constexpr size_t kTitleMax[] = {20, 12, 8};
constexpr size_t kTextMax = 64;  // beyond it a step is clipped rather than all columns squeezed
constexpr size_t kPlaceMax = 46;

struct Column {
  std::string thread;
  std::string title;
  size_t text = 0;   // longest one, up to kTextMax
  size_t begin = 0;  // position of its separator
};

struct Layout {
  std::vector<Column> columns;
  bool merged = false;  // too many threads for a column each: all in one, each step says whose it is
  size_t place = 0;     // position of the separator of the last column, which names places
  size_t width = 0;
};

bool Reads(const TraceStep& step) {
  static constexpr std::array<std::string_view, 5> kReads = {"read", "rmw", "cas-fail", "await", "lock"};
  return std::find(kReads.begin(), kReads.end(), step.op) != kReads.end();
}

// A step without what it read from.
std::string DescribeEffect(const TraceStep& step) {
  std::vector<std::string> words;
  // Calls of the scenario and notes are sentences of their own.
  if (step.op == "return") {
    words.emplace_back(step.text.empty() && step.value.empty() ? "returns" : "=>");
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
  return OneLine(Join(words, " "));
}

std::string Title(const TraceStep& step) {
  // A thread whose name ends with its CPU says it already.
  const std::string cpu = std::to_string(step.cpu);
  if (step.cpu < 0 || step.thread.ends_with("/" + cpu)) return step.thread;
  return step.thread + " @" + cpu;
}

// Columns in order of first appearance in the trace, for the threads that have a row.
std::vector<Column> Columns(const Trace& trace, const std::vector<FoldedRow>& rows) {
  std::map<std::string, size_t> texts;
  for (const FoldedRow& row : rows) {
    if (row.folded > 0) continue;
    size_t& text = texts[trace.steps[row.step].thread];
    text = std::max(text, std::min(DescribeStep(trace.steps[row.step]).size(), kTextMax));
  }
  std::vector<Column> columns;
  for (const TraceStep& step : trace.steps) {
    const auto shown = texts.find(step.thread);
    if (shown == texts.end()) continue;
    columns.push_back({step.thread, Title(step), shown->second, 0});
    texts.erase(shown);
  }
  return columns;
}

// Columns as wide as `column`, or as their titles if those are wider. The end of the last one.
size_t PlaceColumns(size_t column, size_t title_max, std::vector<Column>* columns) {
  size_t at = kStepWidth;
  for (Column& c : *columns) {
    c.begin = at;
    at += std::max(column, std::min(c.title.size(), title_max) + 4);
  }
  return at;
}

// How far the longest step reaches.
size_t TextEnd(const std::vector<Column>& columns) {
  size_t end = 0;
  for (const Column& c : columns) end = std::max(end, c.begin + c.text + 3);
  return end;
}

// As wide as all steps need, within what is there; narrow titles before clipped steps. False if there are too many columns.
bool FitColumns(size_t end, Layout* layout) {
  const auto fits = [&](size_t column, size_t title_max) {
    const size_t columns_end = PlaceColumns(column, title_max, &layout->columns);
    layout->place = std::min(std::max(columns_end, TextEnd(layout->columns)), end);
    return columns_end <= end && TextEnd(layout->columns) <= end;
  };
  for (size_t title_max : kTitleMax) {
    for (size_t column = kColumnMax; column >= kColumnMin; --column) {
      if (fits(column, title_max)) return true;
    }
  }
  return layout->columns.empty() || layout->columns.back().begin + kLastColumnMin <= end;
}

// One column squeezes no other, so it takes all the room that its steps need.
void MergeColumns(const Trace& trace, const std::vector<FoldedRow>& rows, Layout* layout) {
  Column all{"", "thread: operation", 0, 0};
  for (const FoldedRow& row : rows) {
    const TraceStep& step = trace.steps[row.step];
    if (row.folded == 0) all.text = std::max(all.text, step.thread.size() + 2 + DescribeStep(step).size());
  }
  layout->columns = {all};
  layout->merged = true;
}

Layout MakeLayout(const Trace& trace, const std::vector<FoldedRow>& rows, size_t width) {
  Layout layout{Columns(trace, rows), false, 0, width};
  size_t place = std::string_view("where").size();
  for (const FoldedRow& row : rows) {
    const TraceStep& step = trace.steps[row.step];
    if (row.folded == 0) place = std::max(place, Place(step.function, step.file, step.line).size());
  }
  place = std::min(place, kPlaceMax) + 2;
  const size_t end = width > kStepWidth + place ? width - place : width;
  if (!FitColumns(end, &layout)) {
    MergeColumns(trace, rows, &layout);
    FitColumns(end, &layout);
  }
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
    if (column.thread != step.thread && !layout.merged) continue;
    const std::string owner = layout.merged ? step.thread + ": " : "";
    const size_t room = layout.place - column.begin - 3;
    std::string text = owner + DescribeStep(step);
    // What it read from is the first to go.
    if (text.size() > room) text = Clip(owner + DescribeEffect(step), room);
    text = " " + text + " ";
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

// Of names that do not fit, the last word tells most: "cpumap/1" of "kthread cpumap/1".
std::string ShortTitle(const std::string& title, size_t width) {
  if (title.size() <= width) return title;
  const size_t at = title.find('@');
  if (at != std::string::npos && at > 0 && title[at - 1] != ' ') {
    // "kworker@bpf delete" is somebody else than "bpf delete".
    const size_t blank = title.rfind(' ', at);
    return (blank == std::string::npos ? title : title.substr(blank + 1)).substr(0, width);
  }
  const size_t blank = title.rfind(' ');
  return Clip(blank == std::string::npos ? title : title.substr(blank + 1), width);
}

std::string HeaderLine(const Layout& layout) {
  std::string line = Separators(layout);
  Put(&line, 0, " step");
  for (size_t i = 0; i < layout.columns.size(); ++i) {
    const size_t end = i + 1 < layout.columns.size() ? layout.columns[i + 1].begin : layout.place;
    Put(&line, layout.columns[i].begin + 2, ShortTitle(layout.columns[i].title, end - layout.columns[i].begin - 3));
  }
  if (layout.place + 7 < layout.width) Put(&line, layout.place + 2, "where");
  return TrimRight(line);
}

}  // namespace

std::string DescribeStep(const TraceStep& step) {
  std::string text = DescribeEffect(step);
  if (step.reads_from != 0) text += "  <- #" + std::to_string(step.reads_from);
  if (step.reads_from == 0 && Reads(step) && !step.location.empty() && step.op != "lock") text += "  <- init";
  return text;
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
