// SPDX-License-Identifier: MIT
#include "checker/cli/search_runner.h"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>

#include "checker/cli/interrupt.h"
#include "checker/cli/worker.h"

namespace graze {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPollMs = 100;
constexpr double kSecondsMin = 0.01;  // of a search that begins when the budget is used up

Result Inconclusive(const std::string& reason) {
  Result result;
  result.verdict = Verdict::kInconclusive;
  result.reason = reason;
  return result;
}

Result ExploreOne(const SelectedSearch& selected, const Options& options) {
  return Explore(*selected.scenario, *selected.variant, options);
}

class Runner {
 public:
  Runner(const std::vector<SelectedSearch>& selected, const RunSettings& settings, ProgressLine* progress)
      : selected_(selected), settings_(settings), progress_(progress), results_(selected.size()) {}

  std::vector<Result> Run() {
    progress_->set_searches(selected_.size());
    if (settings_.jobs == 0) {
      RunHere();
    } else {
      RunWorkers();
    }
    progress_->Clear();
    return std::move(results_);
  }

 private:
  struct Active {
    size_t index;
    std::unique_ptr<Worker> worker;
  };

  Options OptionsOf(size_t index, const Worker::Tick& tick) const {
    Options options;
    options.memory_model = selected_[index].memory_model;
    options.executions_max = settings_.executions_max;
    options.seconds_max = SecondsFor(index);
    options.progress = tick;
    return options;
  }

  // The searches that have not begun share what is left, `jobs` at a time.
  double SecondsFor(size_t index) const {
    if (settings_.seconds_max <= 0) return 0;
    const double spent = std::chrono::duration<double>(Clock::now() - started_).count();
    const double left = settings_.seconds_max - spent;
    const auto to_begin = static_cast<double>(selected_.size() - index);
    const double lanes = std::clamp<double>(settings_.jobs, 1.0, to_begin);
    return std::max(left * lanes / to_begin, kSecondsMin);
  }

  bool BudgetLeft() const {
    return settings_.seconds_max <= 0 || std::chrono::duration<double>(Clock::now() - started_).count() < settings_.seconds_max;
  }

  // Why a search does not begin at all; empty if it may.
  std::string Refusal() const {
    if (Interrupted()) return "interrupted before it began";
    return BudgetLeft() ? "" : "the time budget ran out before it began";
  }

  void RunHere() {
    for (size_t i = 0; i < selected_.size(); ++i) {
      if (const std::string refusal = Refusal(); !refusal.empty()) {
        results_[i] = Inconclusive(refusal);
        continue;
      }
      const std::string name = Describe(selected_[i]);
      progress_->Begin(name);
      const Worker::Tick tick = [&](const Result& so_far) {
        progress_->Update(name, so_far.executions);
        return !Interrupted();
      };
      results_[i] = ExploreOne(selected_[i], OptionsOf(i, tick));
      progress_->End(name, results_[i].executions);
    }
  }

  void RunWorkers() {
    bool told = false;
    while (next_ < selected_.size() || !active_.empty()) {
      while (next_ < selected_.size() && active_.size() < settings_.jobs) Begin(next_++);
      if (active_.empty()) continue;
      std::vector<pollfd> waits;
      for (const Active& active : active_) waits.push_back({active.worker->fd(), POLLIN, 0});
      poll(waits.data(), waits.size(), kPollMs);
      if (Interrupted() && !told) {
        told = true;
        for (const Active& active : active_) active.worker->Interrupt();
      }
      for (size_t i = active_.size(); i-- > 0;) {
        if (Finished(&active_[i])) active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }

  void Begin(size_t index) {
    if (const std::string refusal = Refusal(); !refusal.empty()) {
      results_[index] = Inconclusive(refusal);
      return;
    }
    auto worker = std::make_unique<Worker>();
    const double seconds_max = SecondsFor(index);
    const bool started = worker->Start([&, this](const Worker::Tick& tick) {
      Options options = OptionsOf(index, tick);
      options.seconds_max = seconds_max;
      Result result = ExploreOne(selected_[index], options);
      Classify(&result);
      return result;
    });
    if (!started) {
      results_[index].reason = "the system refuses another process; try fewer --jobs";
      return;
    }
    progress_->Begin(Describe(selected_[index]));
    active_.push_back({index, std::move(worker)});
  }

  bool Finished(Active* active) {
    const std::string name = Describe(selected_[active->index]);
    const bool runs = active->worker->Receive();
    progress_->Update(name, active->worker->executions());
    if (runs) return false;
    results_[active->index] = active->worker->result();
    progress_->End(name, results_[active->index].executions);
    return true;
  }

  const std::vector<SelectedSearch>& selected_;
  const RunSettings settings_;
  ProgressLine* const progress_;
  const Clock::time_point started_ = Clock::now();
  std::vector<Result> results_;
  std::vector<Active> active_;
  size_t next_ = 0;
};

}  // namespace

void Classify(Result* result) {
  const Classifier classifier = RegisteredClassifier();
  if (classifier.classify == nullptr) return;
  for (Violation& violation : result->violations) {
    if (violation.catalogue_id.empty()) violation.catalogue_id = classifier.classify(violation);
  }
}

std::vector<Search> RunSearches(const std::vector<SelectedSearch>& selected, const RunSettings& settings, ProgressLine* progress) {
  std::vector<Result> results = Runner(selected, settings, progress).Run();
  std::vector<Search> searches;
  for (size_t i = 0; i < selected.size(); ++i) {
    const SelectedSearch& each = selected[i];
    Search search{.scenario = each.scenario->name,
                  .generation = each.variant->generation,
                  .configuration = each.variant->configuration,
                  .memory_model = each.memory_model,
                  .mutation = "",
                  .rules = RulesOf(*each.scenario, *each.variant),
                  .result = std::move(results[i])};
    if (search.result.bounds.empty()) search.result.bounds = each.variant->bounds;
    Classify(&search.result);
    RejectVacuousPass(&search);
    searches.push_back(std::move(search));
  }
  return searches;
}

}  // namespace graze
