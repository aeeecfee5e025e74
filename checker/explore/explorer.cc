// SPDX-License-Identifier: MIT
#include "checker/explore/explorer.h"

#include <algorithm>
#include <utility>

#include "checker/base/check.h"
#include "checker/explore/judge.h"
#include "checker/runtime/symbolize.h"

namespace graze::internal {
namespace {

constexpr ThreadId kNobody = ~ThreadId{0};

}  // namespace

Explorer::Explorer(const Program& program, const Options& options, std::unique_ptr<MemoryModel> model)
    : program_(program),
      options_(options),
      model_(std::move(model)),
      runtime_(Runtime::Get()),
      random_(options.seed),
      judge_room_(std::make_unique<JudgeRoom>()) {
  runtime_.BeginSearch(this);
  model_->SetContext(&runtime_.dependencies(), [this](LocId loc) { return runtime_.locations().info(loc).address; });
  started_ = std::chrono::steady_clock::now();
}

Explorer::~Explorer() { runtime_.EndSearch(); }

uint64_t& Explorer::Checks(const char* rule) {
  for (const auto& [known, times] : checks_) {
    if (known == rule) return *times;
  }
  uint64_t* const times = &result_.checks[rule];
  checks_.emplace_back(rule, times);
  return *times;
}

Frame& Explorer::PushFrame() {
  if (pool_.empty()) pool_.push_back(std::make_unique<Frame>());
  frames_.push_back(std::move(pool_.back()));
  pool_.pop_back();
  top().queue.clear();
  return top();
}

void Explorer::PopFrame() {
  pool_.push_back(std::move(frames_.back()));
  frames_.pop_back();
}

void Explorer::Run(const WorkItem* start, uint64_t split_after, std::vector<WorkItem>* split) {
  Frame& root = PushFrame();
  root.graph.Clear();
  root.base = 0;
  has_first_ = false;
  started_ = std::chrono::steady_clock::now();
  bool go = start == nullptr || Restore(*start);
  uint64_t give_at = split_after;
  while (!stop_) {
    if (go) {
      Execute();
      if (!BudgetLeft()) break;
      if (split_after > 0 && result_.executions >= give_at) {
        GiveAway(split);
        give_at = result_.executions + split_after;
      }
    }
    while (!frames_.empty() && top().queue.empty()) PopFrame();
    if (frames_.empty()) break;
    const Choice choice = TakeChoice();
    has_first_ = false;
    go = Apply(choice);
  }
  FinishReason();
  result_.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

// The newest: choices of older events hold only once everything newer is gone. Those of one event may be taken in any order.
Choice Explorer::TakeChoice() {
  std::vector<Choice>& queue = top().queue;
  if (options_.shuffle_queue) {
    size_t first = queue.size() - 1;
    while (first > 0 && queue[first - 1].event == queue.back().event) --first;
    std::swap(queue[first + random_.Below(static_cast<uint32_t>(queue.size() - first))], queue.back());
  }
  const Choice choice = queue.back();
  queue.pop_back();
  return choice;
}

bool Explorer::RunSchedule(const Schedule& schedule) {
  frames_.clear();
  Frame& root = PushFrame();
  root.graph.Clear();
  root.base = 0;
  guide_ = &schedule;
  guide_step_ = 0;
  has_first_ = false;
  Execute();
  FinishReason();
  return result_.reason.empty();
}

bool Explorer::ChoicesLeft() const {
  return std::any_of(frames_.begin(), frames_.end(), [](const auto& frame) { return !frame->queue.empty(); });
}

bool Explorer::BudgetLeft() {
  if (options_.executions_max > 0 && result_.executions >= options_.executions_max && ChoicesLeft()) {
    Stop("execution bound " + std::to_string(options_.executions_max) + " reached");
  } else if (options_.seconds_max > 0 || options_.progress) {
    // Looking at the clock costs less than a short execution, but not much less.
    if ((result_.visits & 15) != 0 && result_.events < look_again_at_) return !stop_;
    look_again_at_ = result_.events + 2'000;
    const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    result_.seconds = elapsed;
    if (options_.progress && !options_.progress(result_)) Stop("interrupted");
    if (options_.seconds_max > 0 && elapsed > options_.seconds_max) Stop("time budget ran out");
    result_.seconds = 0;
  }
  return !stop_;
}

void Explorer::Stop(const std::string& reason, Site site) {
  if (result_.reason.empty()) {
    result_.reason = reason;
    stop_site_ = site;
  }
  stop_ = true;
}

void Explorer::FinishReason() {
  const size_t at = result_.reason.find(kSitePlaceholder);
  if (at != std::string::npos) result_.reason.replace(at, sizeof kSitePlaceholder - 1, PositionText(stop_site_));
  if (!result_.nondeterministic) return;
  const Nondeterminism& found = findings_.nondeterminism;
  result_.reason += ": thread '" + found.thread + "', operation " + std::to_string(found.index + 1) + ": was " +
                    KindText(found.recorded.kind) + " at " + PositionText(found.recorded.site) + ", now " + found.attempted + " at " +
                    PositionText(found.site);
}

std::string PositionText(Site site) {
  if (site == nullptr) return "the start or end of a thread";
  const SourcePosition position = Symbolize(site);
  return position.file + ":" + std::to_string(position.line);
}

void Explorer::Abandon(SimThread& thread) {
  runtime_.Leave();
  runtime_.ParkForever(thread.park);
}

void Explorer::Execute() {
  Frame& frame = top();
  ++result_.visits;
  failures_.clear();
  warnings_.clear();
  stepping_ = false;
  runtime_.BeginRun(&frame.graph, program_.body, program_.arg);
  if (has_first_) {
    // Bring the thread into being first: its ancestors replay as far as they must.
    runtime_.ReplayInto(first_);
  }
  for (ThreadId tid = 0; tid < runtime_.thread_count() && !runtime_.leaving(); ++tid) runtime_.Replay(tid);
  while (!runtime_.leaving()) {
    const ThreadId tid = Pick();
    if (tid == kNobody) break;
    stepping_ = true;
    runtime_.Step(tid);
    stepping_ = false;
    runtime_.ReplayCreated();
  }
  if (guide_ != nullptr && !rebuilding_ && !runtime_.leaving()) CheckGuideEnds();
  if (!runtime_.leaving() && !rebuilding_) Complete();
}

// Where the token ends, the code under test must have come to its end as well.
void Explorer::CheckGuideEnds() {
  for (ThreadId tid = 0; tid < runtime_.thread_count(); ++tid) {
    if (!IsReady(runtime_.thread(tid))) continue;
    Stop("the token ends where thread '" + runtime_.thread(tid).name + "' goes on; were the code or its bounds changed?");
    runtime_.Leave();
  }
}

bool Explorer::MayContinue(const SimThread& thread) {
  if (!stepping_ || guide_ != nullptr || options_.scheduler == SchedulerKind::kRandom) return false;
  switch (thread.pending.kind) {
    case EventKind::kRead:
    case EventKind::kBegin: return false;
    case EventKind::kJoin: return IsReady(thread);
    default: return options_.scheduler != SchedulerKind::kReadFirst;
  }
}

bool Explorer::IsReady(const SimThread& thread) const {
  if (thread.park != Park::kPending) return false;
  if (thread.pending.kind == EventKind::kJoin) {
    return runtime_.thread(thread.pending.join_target).park == Park::kFinished;
  }
  return true;
}

uint64_t Explorer::CoMaxValue(LocId loc) { return ValueOf(loc, top().graph.co_last(loc)); }

uint64_t Explorer::ValueOf(LocId loc, Stamp source) {
  if (source != kInit) return top().graph.event(source).value;
  uint64_t value = 0;
  runtime_.InitialValue(loc, &value);
  return value;
}

// Rule D5: a wait that the co-maximal write does not satisfy comes after everything else.
bool Explorer::IsDeferred(const SimThread& thread) {
  const AccessOp* const op = thread.pending.access;
  if (thread.pending.kind != EventKind::kRead || (op->flags & kAwait) == 0) return false;
  return !op->condition.SatisfiedBy(CoMaxValue(op->loc));
}

ThreadId Explorer::Pick() {
  if (guide_ != nullptr) {
    if (guide_step_ >= guide_->steps.size()) return kNobody;
    const ThreadId tid = runtime_.FindThreadKey(guide_->threads[guide_->steps[guide_step_].thread]);
    if (tid < runtime_.thread_count() && IsReady(runtime_.thread(tid))) return tid;
    const std::string who = tid < runtime_.thread_count() ? "thread '" + runtime_.thread(tid).name + "'" : "a thread that is never created";
    Stop("step " + std::to_string(guide_step_ + 1) + " of the token: " + who +
         " has nothing to do there; were the code or its bounds changed?");
    runtime_.Leave();
    return kNobody;
  }
  ThreadId first = kNobody;      // any that can go
  ThreadId preferred = kNobody;  // of the kind that the scheduler prefers
  ThreadId deferred = kNobody;
  ThreadId last = kNobody;
  uint32_t ready = 0;
  for (ThreadId tid = 0; tid < runtime_.thread_count(); ++tid) {
    const SimThread& thread = runtime_.thread(tid);
    if (!IsReady(thread)) continue;
    if (IsDeferred(thread)) {
      if (deferred == kNobody) deferred = tid;
      continue;
    }
    ++ready;
    last = tid;
    if (options_.scheduler == SchedulerKind::kRandom && random_.Below(ready) == 0) first = tid;
    if (first == kNobody) first = tid;
    const bool read = thread.pending.kind == EventKind::kRead;
    if (preferred == kNobody && read == (options_.scheduler == SchedulerKind::kReadFirst)) preferred = tid;
    if (preferred != kNobody && (options_.scheduler == SchedulerKind::kWriteFirst || options_.scheduler == SchedulerKind::kReadFirst))
      break;
  }
  if (ready == 0) return deferred;
  switch (options_.scheduler) {
    case SchedulerKind::kLeftToRight:
    case SchedulerKind::kRandom: return first;
    case SchedulerKind::kRightToLeft: return last;
    case SchedulerKind::kWriteFirst:
    case SchedulerKind::kReadFirst: break;
  }
  return preferred != kNobody ? preferred : first;
}

void Explorer::OnFailure(SimThread& thread, Failure failure, bool fatal) {
  (fatal ? failures_ : warnings_).emplace_back(thread.id, std::move(failure));
}

void Explorer::OnNondeterminism(SimThread& thread, const Event& recorded, const std::string& attempted, Site site) {
  result_.nondeterministic = true;
  findings_.nondeterminism = {.thread = thread.name, .index = recorded.idx, .recorded = recorded, .attempted = attempted, .site = site};
  Stop("the code under test is not deterministic");
  runtime_.Leave();
}

void Explorer::OnLimit([[maybe_unused]] SimThread& thread, const std::string& reason, Site site) {
  Stop(site == nullptr ? reason : reason + " at " + kSitePlaceholder, site);
  runtime_.Leave();
}

}  // namespace graze::internal
