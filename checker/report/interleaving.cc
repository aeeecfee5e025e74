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
constexpr size_t kTextMax = 64;  // beyond it a step is wrapped rather than all columns squeezed
constexpr size_t kPlaceMax = 60;
constexpr size_t kWordMin = 4;  // a shorter part of a name does not stand for it
constexpr size_t kIndent = 2;   // of what is wrapped

struct Column {
  std::string thread;
  std::string title;  // the thread, and its CPU
  std::string head;   // what of it stands above the column
  size_t text = 0;    // longest one, up to kTextMax
  size_t begin = 0;   // position of its separator
};

struct Layout {
  std::vector<Column> columns;
  std::vector<std::string> legend;  // of the heads that are numbers
  bool merged = false;              // too many threads for a column each: all in one, each step says whose it is
  size_t place = 0;                 // position of the separator of the last column, which names places
  size_t width = 0;
};

bool Reads(const TraceStep& step) {
  static constexpr std::array<std::string_view, 5> kReads = {"read", "rmw", "cas-fail", "await", "lock"};
  return std::find(kReads.begin(), kReads.end(), step.op) != kReads.end();
}

// "rmw[full]", "[release]" of a write, "smp_wmb"; a plain access, and a lock, is what its verb says.
std::string Verb(const TraceStep& step) {
  if (step.op == "fence" && !step.order.empty()) return step.order;
  const bool telling = !step.order.empty() && step.order != "plain" && step.op != "lock" && step.op != "unlock";
  return (step.op == "write" ? "" : step.op) + (telling ? "[" + step.order + "]" : "");
}

// A step without what it read from.
std::string DescribeEffect(const TraceStep& step) {
  std::vector<std::string> words;
  // Calls of the scenario and notes are sentences of their own.
  if (step.op == "return") {
    words.emplace_back(step.text.empty() && step.value.empty() ? "returns" : "=>");
  } else if (step.op != "call" && step.op != "note" && !Verb(step).empty()) {
    words.push_back(Verb(step));
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

// Columns for the threads that have a row: those of `first`, then in order of first appearance in the trace.
std::vector<Column> Columns(const Trace& trace, const std::vector<FoldedRow>& rows, const std::vector<std::string>& first) {
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
    columns.push_back({step.thread, Title(step), "", shown->second, 0});
    texts.erase(shown);
  }
  auto next = columns.begin();
  for (const std::string& thread : first) {
    const auto column = std::find_if(next, columns.end(), [&](const Column& c) { return c.thread == thread; });
    if (column != columns.end()) std::rotate(next++, column, column + 1);
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
  Column all{"", "thread: operation", "", 0, 0};
  for (const FoldedRow& row : rows) {
    const TraceStep& step = trace.steps[row.step];
    if (row.folded == 0) all.text = std::max(all.text, step.thread.size() + 2 + DescribeStep(step).size());
  }
  layout->columns = {all};
  layout->merged = true;
}

// The longest end of a thread's name, of whole words, that fits and that no other thread's name contains; else empty. "cpumap/1" says which
// thread is meant as well as "kthread cpumap/1" does, but "delete" might be "bpf delete" or what that has left to "kworker@bpf delete".
std::string ShortName(const Trace& trace, const std::string& thread, size_t width) {
  for (size_t at = 0; at != std::string::npos; at = thread.find(' ', at)) {
    if (at > 0) ++at;
    const std::string end = thread.substr(at);
    if (end.size() > width) continue;
    const bool whole = at == 0;
    const bool taken = std::any_of(trace.steps.begin(), trace.steps.end(), [&](const TraceStep& step) {
      return step.thread != thread && step.thread.find(end) != std::string::npos;
    });
    if (whole || (!taken && end.size() >= kWordMin)) return end;
  }
  return "";
}

// Names where they fit, else numbers that a line above the table explains.
void NameColumns(const Trace& trace, Layout* layout) {
  for (size_t i = 0; i < layout->columns.size(); ++i) {
    Column& column = layout->columns[i];
    const size_t end = i + 1 < layout->columns.size() ? layout->columns[i + 1].begin : layout->place;
    const size_t width = end - column.begin - 3;
    column.head = column.title.size() <= width || layout->merged ? column.title : ShortName(trace, column.thread, width);
    if (!column.head.empty()) continue;
    column.head = "(" + std::to_string(layout->legend.size() + 1) + ")";
    layout->legend.push_back(column.head + " " + column.title);
  }
}

Layout MakeLayout(const Trace& trace, const std::vector<FoldedRow>& rows, size_t width, const std::vector<std::string>& first) {
  Layout layout{Columns(trace, rows, first), {}, false, 0, width};
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
  NameColumns(trace, &layout);
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

// Pieces that are to stand together: "<- #14", "-> 0", "= 1".
std::vector<std::string> Pieces(std::string_view text) {
  std::vector<std::string> pieces;
  bool joins = false;
  while (!text.empty()) {
    const size_t blank = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    if (word.empty()) continue;
    if (joins) {
      pieces.back() += " " + std::string(word);
    } else {
      pieces.emplace_back(word);
    }
    joins = word == "<-" || word == "->" || word == "=";
  }
  return pieces;
}

// `text` in lines of at most `room` characters; a piece that is longer has a line of its own, and is cut only where `room_max` ends.
std::vector<std::string> WrapText(const std::string& text, size_t room, size_t room_max) {
  if (text.size() <= room) return {text};
  std::vector<std::string> lines;
  for (const std::string& piece : Pieces(text)) {
    const std::string indent(lines.empty() ? 0 : kIndent, ' ');
    if (!lines.empty() && lines.back().size() + 1 + piece.size() <= room) {
      lines.back() += " " + piece;
    } else {
      lines.push_back(Clip(indent + piece, room_max));
    }
  }
  return lines;
}

// Its place stands in the last column, or behind a text that reaches into that, or below it.
void PutPlace(const Layout& layout, size_t text_end, const std::string& place, std::vector<std::string>* lines) {
  size_t bar = std::max(layout.place, text_end + 1);
  size_t at = 0;
  if (bar > layout.place && (place.empty() || bar + 2 + place.size() > layout.width)) {
    if (place.empty()) return;
    bar = layout.place;
    at = lines->size();
    lines->push_back(Separators(layout));
  }
  if (bar + 2 < layout.width) Put(&(*lines)[at], bar, "| " + Clip(place, layout.width - bar - 2));
}

std::vector<std::string> StepLines(const Layout& layout, const TraceStep& step) {
  const auto column =
      std::find_if(layout.columns.begin(), layout.columns.end(), [&](const Column& c) { return layout.merged || c.thread == step.thread; });
  if (column == layout.columns.end()) return {};
  const std::string text = (layout.merged ? step.thread + ": " : "") + DescribeStep(step);
  const std::string place = Place(step.function, step.file, step.line);
  const size_t begin = column->begin + 2, room_max = layout.width - begin;
  const bool one_line = begin + text.size() + 3 + place.size() <= layout.width;
  const std::vector<std::string> parts = WrapText(text, one_line ? room_max : layout.place - begin - 1, room_max);
  std::vector<std::string> lines;
  for (const std::string& part : parts) {
    std::string& line = lines.emplace_back(Separators(layout));
    Put(&line, begin - 1, (" " + part + " ").substr(0, layout.width - begin + 1));
  }
  Put(&lines.front(), 0, PadLeft(std::to_string(step.number), kStepWidth - 2) + (step.important ? "*" : " "));
  PutPlace(layout, begin + parts.front().size(), place, &lines);
  for (std::string& line : lines) line = TrimRight(std::move(line));
  return lines;
}

std::string FoldLine(const Layout& layout, size_t folded) {
  std::string line = Separators(layout);
  Put(&line, 0, "     ");
  const size_t at = layout.columns.empty() ? kStepWidth : layout.columns.front().begin;
  Put(&line, at + 1, " ... " + Count(folded, "step") + " ");
  return TrimRight(line);
}

std::vector<std::string> LegendLines(const Layout& layout) {
  std::vector<std::string> lines;
  for (const std::string& entry : layout.legend) {
    if (lines.empty() || lines.back().size() + 2 + entry.size() > layout.width) {
      lines.push_back(" " + entry);
    } else {
      lines.back() += "  " + entry;
    }
  }
  return lines;
}

std::string HeaderLine(const Layout& layout) {
  std::string line = Separators(layout);
  Put(&line, 0, " step");
  for (const Column& column : layout.columns) Put(&line, column.begin + 2, column.head);
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

std::vector<std::string> RenderInterleaving(const Trace& trace, const std::vector<FoldedRow>& rows, size_t width,
                                            const std::vector<std::string>& first) {
  const Layout layout = MakeLayout(trace, rows, width, first);
  std::vector<std::string> lines = LegendLines(layout);
  lines.push_back(HeaderLine(layout));
  for (const FoldedRow& row : rows) {
    const std::vector<std::string> step =
        row.folded > 0 ? std::vector<std::string>{FoldLine(layout, row.folded)} : StepLines(layout, trace.steps[row.step]);
    lines.insert(lines.end(), step.begin(), step.end());
  }
  return lines;
}

}  // namespace graze
