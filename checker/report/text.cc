// SPDX-License-Identifier: MIT
#include "checker/report/text.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>
#include <vector>

#include "checker/base/strings.h"
#include "checker/report/interleaving.h"
#include "checker/report/relevance.h"

namespace graze {
namespace {

using Lines = std::vector<std::string>;

constexpr size_t kLabelWidth = 11;
constexpr size_t kRowsMin = 8;
constexpr size_t kUnlimited = static_cast<size_t>(-1);

// How much of each section fits on one screen.
struct Limits {
  size_t call_lines = 6, text_lines = 2, message_lines = 3, blocked = 4, objects = 3, notes = 2, width = 140;
};

std::string Labelled(std::string_view label, std::string_view text) { return PadRight(label, kLabelWidth) + std::string(text); }

// Breaks `parts` into lines of at most `width` characters; what does not fit into `lines_max` lines is marked.
Lines Wrap(const std::vector<std::string>& parts, std::string_view separator, size_t width, size_t lines_max) {
  Lines lines;
  for (size_t i = 0; i < parts.size(); ++i) {
    const std::string part = parts[i] + (i + 1 < parts.size() ? std::string(separator) : "");
    if (lines.empty() || lines.back().size() + part.size() > width + 1) {
      if (lines.size() == lines_max) {
        lines.back() = Clip(lines.back() + std::string(width, '.'), width);
        break;
      }
      lines.push_back(Clip(part, width));
    } else {
      lines.back() += part;
    }
  }
  for (std::string& line : lines) {
    while (line.ends_with(' ')) line.pop_back();
  }
  return lines;
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words(1);
  for (char c : OneLine(text)) {
    if (c != ' ') {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

void Append(Lines* lines, std::string_view label, const Lines& section) {
  for (size_t i = 0; i < section.size(); ++i) lines->push_back(Labelled(i == 0 ? label : "", section[i]));
}

Lines Paragraph(std::string_view text, const Limits& limits, size_t lines_max) {
  return Wrap(Words(text), " ", limits.width - kLabelWidth, lines_max);
}

Lines Paragraph(std::string_view text, const Limits& limits) { return Paragraph(text, limits, limits.text_lines); }

// ---- verdict --------------------------------------------------------------------------------------------------------------------

// Whether the message says more about what happened than the kind does.
bool SpeaksByMessage(const Violation& violation) {
  const bool general = violation.kind == ViolationKind::kAssertion || violation.kind == ViolationKind::kInvariant;
  return general && !violation.message.empty();
}

std::string Headline(const Violation& violation) {
  std::string text = violation.rule + ": " + (SpeaksByMessage(violation) ? violation.message : ToString(violation.kind));
  const std::string object = !violation.objects.empty() ? Join(violation.objects, ", ") : violation.object;
  if (!object.empty() && !SpeaksByMessage(violation)) text += " of " + object;
  if (!violation.function.empty() && violation.function != "?") text += " in " + violation.function;
  if (!violation.file.empty() && violation.file != "?") {
    text += ", " + violation.file + (violation.line != 0 ? ":" + std::to_string(violation.line) : "");
  }
  if (!violation.thread.empty()) text += ", by " + violation.thread;
  return text;
}

void AppendVerdict(Lines* lines, const Violation& violation, const ReportContext& context, const Limits& limits) {
  const size_t first = lines->size();
  Append(lines, "VIOLATION", Paragraph(Headline(violation), limits));
  if (context.color) (*lines)[first].replace(0, 9, "\033[1;31mVIOLATION\033[0m");
  if (violation.catalogue_id.empty()) return;
  std::string known = "a known bug";
  if (context.facts != nullptr) {
    known = context.facts->title;
    const std::string unfixed = context.gone.empty() ? "; no upstream fix known" : "; " + context.gone;
    known += context.facts->fixed_by.empty() ? unfixed : "; fixed by " + context.facts->fixed_by;
    if (!context.facts->cve.empty()) known += "; " + context.facts->cve;
  }
  Append(lines, violation.catalogue_id, Paragraph(known, limits));
}

// ---- scenario -------------------------------------------------------------------------------------------------------------------

struct Calls {
  std::string thread;
  std::vector<std::string> finished;
  std::vector<size_t> open;  // indices of calls that have not returned
};

std::vector<Calls> CallsOf(const Trace& trace) {
  std::vector<Calls> threads;
  for (const TraceStep& step : trace.steps) {
    if (step.op != "call" && step.op != "return") continue;
    auto calls = std::find_if(threads.begin(), threads.end(), [&](const Calls& c) { return c.thread == step.thread; });
    if (calls == threads.end()) calls = threads.insert(threads.end(), Calls{step.thread, {}, {}});
    const std::string& text = step.text.empty() ? step.value : step.text;
    if (step.op == "call") {
      calls->open.push_back(calls->finished.size());
      calls->finished.push_back(OneLine(text));
    } else if (!calls->open.empty()) {
      if (!text.empty()) calls->finished[calls->open.back()] += " = " + OneLine(text);
      calls->open.pop_back();
    }
  }
  for (Calls& calls : threads) {
    for (size_t open : calls.open) calls.finished[open] += " (does not return)";
  }
  return threads;
}

void AppendScenario(Lines* lines, const Violation& violation, const ReportContext& context, const Limits& limits) {
  std::vector<std::string> facts;
  for (const std::string* part : {&context.scenario, &context.generation, &context.memory_model, &context.configuration, &context.bounds}) {
    if (!part->empty()) facts.push_back(*part);
  }
  if (violation.count > 0) facts.push_back("shown by " + Count(violation.count, "execution"));
  Lines section = Wrap(facts, ", ", limits.width - kLabelWidth, limits.text_lines);
  const std::vector<Calls> threads = CallsOf(violation.trace);
  size_t name = 0, left = limits.call_lines;
  for (const Calls& calls : threads) name = std::max(name, std::min<size_t>(calls.thread.size(), 24) + 2);
  for (const Calls& calls : threads) {
    if (left == 0) {
      section.back() = Clip(section.back() + std::string(limits.width, '.'), limits.width - kLabelWidth);
      break;
    }
    const Lines wrapped = Wrap(calls.finished, "; ", limits.width - kLabelWidth - name, std::min<size_t>(left, limits.text_lines));
    for (size_t i = 0; i < wrapped.size(); ++i) section.push_back(PadRight(i == 0 ? Clip(calls.thread, 24) : "", name) + wrapped[i]);
    left -= wrapped.size();
  }
  Append(lines, "scenario", section);
}

void AppendWhy(Lines* lines, const Violation& violation, const Limits& limits) {
  Lines section;
  const auto add = [&](const std::string& text, size_t lines_max) {
    const Lines paragraph = Paragraph(text, limits, lines_max);
    section.insert(section.end(), paragraph.begin(), paragraph.end());
  };
  if (!violation.message.empty() && !SpeaksByMessage(violation)) add(violation.message, limits.message_lines);
  if (!violation.expected.empty()) add("expected: " + violation.expected, limits.text_lines);
  if (!violation.got.empty()) add("got: " + violation.got, limits.text_lines);
  Append(lines, "why", section);
}

// ---- what stands below the interleaving -------------------------------------------------------------------------------------------

Lines BlockedLines(const Violation& violation, const Limits& limits) {
  Lines lines;
  // Elsewhere whoever waits may. A monitor finds threads that sleep on something, too.
  if (!IsAboutAHang(violation) && violation.rule != "I-LIVE") return lines;
  for (const BlockedThread& blocked : violation.trace.blocked) {
    std::string text = blocked.thread + ": " + (blocked.what.empty() ? "waits" : blocked.what);
    if (!blocked.location.empty()) text += " (" + blocked.location + ")";
    const std::string place = Place(blocked.function, blocked.file, blocked.line);
    if (!place.empty()) text += ", " + place;
    text += blocked.waits_for.empty() ? "; nobody can end it" : "; only " + blocked.waits_for + " can end it";
    lines.push_back(Clip(OneLine(text), limits.width - kLabelWidth));
    if (lines.size() == limits.blocked && violation.trace.blocked.size() > lines.size()) {
      lines.back() = "... and " + Count(violation.trace.blocked.size() - lines.size() + 1, "more thread");
      break;
    }
  }
  return lines;
}

// The ends of a long life matter most: how it began, and what happened last.
std::string Strip(const std::vector<std::string>& strip, size_t width) {
  std::string text = Join(strip, ", ");
  for (size_t dropped = 1; text.size() > width && dropped + 2 <= strip.size(); ++dropped) {
    const std::vector<std::string> tail(strip.begin() + 1 + static_cast<std::ptrdiff_t>(dropped), strip.end());
    text = strip.front() + ", ..., " + Join(tail, ", ");
  }
  return Clip(text, width);
}

Lines ObjectLines(const Violation& violation, const Limits& limits) {
  std::vector<std::string> types = violation.objects;
  types.push_back(violation.object);
  std::string failing;
  for (const TraceStep& step : violation.trace.steps) {
    if (step.op == "fail") failing = step.object;
  }
  Lines lines;
  size_t more = 0;
  for (const ObjectLife& life : violation.trace.objects) {
    const bool typed = std::find(types.begin(), types.end(), life.type) != types.end();
    if (failing.empty() ? !typed : life.object != failing) continue;
    if (!violation.objects.empty() && !life.alive) continue;
    if (lines.size() == limits.objects) {
      ++more;
      continue;
    }
    std::string head = life.object;
    if (!life.type.empty() && !life.object.starts_with(life.type)) head += " (" + life.type + ")";
    head += ": ";
    const std::string end = life.alive ? "; never freed" : "";
    lines.push_back(Clip(head + Strip(life.strip, limits.width - kLabelWidth - std::min<size_t>(head.size() + end.size(), 60)) + end,
                         limits.width - kLabelWidth));
  }
  if (more > 0) lines.back() = "... and " + Count(more + 1, "more object");
  return lines;
}

// Under sc the trace may hold a read behind a write that it comes before; that is the order of a table, no news.
std::vector<StaleRead> ToldStaleReads(const Violation& violation, const ReportContext& context, const Limits& limits) {
  if (context.memory_model == "sc") return {};
  std::vector<StaleRead> stale = StaleReads(violation.trace);
  if (stale.size() > limits.notes) stale.resize(limits.notes);
  return stale;
}

Lines StaleLines(const Violation& violation, const ReportContext& context, const Limits& limits) {
  Lines lines;
  for (const StaleRead& stale : ToldStaleReads(violation, context, limits)) {
    const TraceStep& read = violation.trace.steps[stale.read];
    const TraceStep& missed = violation.trace.steps[stale.missed];
    const std::string source = read.reads_from == 0 ? "the initial value" : "#" + std::to_string(read.reads_from);
    const Lines paragraph =
        Paragraph("#" + std::to_string(read.number) + " is stale: it reads " + source + " of " + read.location + ", though #" +
                      std::to_string(missed.number) + " (" + missed.thread + ") comes earlier; nothing orders the two",
                  limits);
    lines.insert(lines.end(), paragraph.begin(), paragraph.end());
  }
  return lines;
}

// The numbers behind a '#' that begins a word: "freed at #14", but not "rcpu#1".
void AddNumbers(std::string_view text, std::set<uint32_t>* numbers) {
  for (size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
    uint32_t number = 0;
    const auto parsed = std::from_chars(text.data() + at + 1, text.data() + text.size(), number);
    if (begins && parsed.ec == std::errc()) numbers->insert(number);
  }
}

// The steps that the lines around the trace speak of.
std::vector<size_t> NamedSteps(const Violation& violation, const ReportContext& context, const Limits& limits) {
  const std::vector<TraceStep>& steps = violation.trace.steps;
  std::set<uint32_t> numbers;
  for (const std::string* text : {&violation.message, &violation.expected, &violation.got}) AddNumbers(*text, &numbers);
  for (const StaleRead& stale : ToldStaleReads(violation, context, limits)) {
    numbers.insert({steps[stale.read].number, steps[stale.read].reads_from, steps[stale.missed].number});
  }
  std::vector<size_t> named;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (numbers.contains(steps[i].number)) named.push_back(i);
  }
  return named;
}

std::string ToText(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

Lines Head(const Violation& violation, const ReportContext& context, const Limits& limits) {
  Lines lines;
  AppendVerdict(&lines, violation, context, limits);
  AppendScenario(&lines, violation, context, limits);
  AppendWhy(&lines, violation, limits);
  return lines;
}

Lines Tail(const Violation& violation, const ReportContext& context, const Limits& limits) {
  Lines lines;
  Append(&lines, "blocked", BlockedLines(violation, limits));
  Append(&lines, "lifetime", ObjectLines(violation, limits));
  Append(&lines, "stale", StaleLines(violation, context, limits));
  if (!violation.token.empty()) lines.push_back(Labelled("replay", context.program + " replay " + violation.token));
  return lines;
}

struct FoldedTable {
  std::vector<FoldedRow> rows;
  Lines lines;
};

// The rows that fit between head and tail. A row may need several lines, which shows only when it is laid out.
FoldedTable Fold(const Violation& violation, const ReportContext& context, const Limits& limits) {
  const size_t other = Head(violation, context, limits).size() + Tail(violation, context, limits).size() + 2;  // two blank lines
  const size_t lines_max = std::max(context.lines_max, other + kRowsMin + 1) - other;
  const std::vector<size_t> named = NamedSteps(violation, context, limits);
  FoldedTable table;
  for (size_t rows_max = lines_max - 1;;) {
    table.rows = FoldSteps(violation, rows_max, named);
    table.lines = RenderInterleaving(violation.trace, table.rows, context.width);
    if (table.lines.size() <= lines_max || rows_max <= kRowsMin) return table;
    rows_max -= std::min(table.lines.size() - lines_max, rows_max - kRowsMin);
  }
}

}  // namespace

std::string RenderViolation(const Violation& violation, const ReportContext& context) {
  Limits limits;
  limits.width = context.width;
  Lines lines = Head(violation, context, limits);
  const Lines tail = Tail(violation, context, limits);
  if (!violation.trace.steps.empty()) {
    lines.emplace_back();
    const Lines table = Fold(violation, context, limits).lines;
    lines.insert(lines.end(), table.begin(), table.end());
    lines.emplace_back();
  }
  lines.insert(lines.end(), tail.begin(), tail.end());
  return ToText(lines);
}

std::string RenderEveryStep(const Violation& violation, const ReportContext& context) {
  Limits limits;
  limits.width = context.width;
  const std::vector<FoldedRow> shown = Fold(violation, context, limits).rows;
  const bool folds = std::any_of(shown.begin(), shown.end(), [](const FoldedRow& row) { return row.folded > 0; });
  if (!folds && shown.size() == violation.trace.steps.size()) return "";
  return ToText(RenderInterleaving(violation.trace, AllSteps(violation.trace), context.width));
}

std::string ExplainViolation(const Violation& violation, const ReportContext& context) {
  const Limits limits{.call_lines = kUnlimited,
                      .text_lines = kUnlimited,
                      .message_lines = kUnlimited,
                      .blocked = kUnlimited,
                      .objects = kUnlimited,
                      .notes = kUnlimited,
                      .width = context.width};
  Lines lines = Head(violation, context, limits);
  lines.emplace_back();
  const Lines table = RenderInterleaving(violation.trace, AllSteps(violation.trace), context.width);
  lines.insert(lines.end(), table.begin(), table.end());
  lines.emplace_back();
  const Lines tail = Tail(violation, context, limits);
  lines.insert(lines.end(), tail.begin(), tail.end());
  return ToText(lines);
}

}  // namespace graze
