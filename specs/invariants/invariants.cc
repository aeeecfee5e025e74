// SPDX-License-Identifier: MIT
#include "specs/invariants/invariants.h"

#include <algorithm>

namespace specs {

void CheckAll(const History& history, graze::Execution& execution) {
  for (auto check :
       {CheckReferences, CheckSingleFree, CheckOnce,      CheckEmpty,          CheckLive,     CheckLeak,         CheckUseAfterFree,
        CheckFifo,       CheckRace,       CheckCapacity,  CheckExit,           CheckWake,     CheckQueuesAtFree, CheckOwner,
        CheckFlushLists, CheckFlushBits,  CheckNoEnqueue, CheckSingleConsumer, CheckPrograms, CheckCounters,     CheckLinearizable}) {
    check(history, execution);
  }
}

std::vector<std::string> All(std::initializer_list<std::vector<std::string>> sets) {
  std::vector<std::string> rules;
  for (const std::vector<std::string>& some : sets) {
    for (const std::string& rule : some) {
      if (std::ranges::find(rules, rule) == rules.end()) rules.push_back(rule);
    }
  }
  return rules;
}

std::vector<std::string> TrafficRules(const std::vector<std::string>& and_these) {
  return All({{kRef, kOnce, kLive, kUaf, kRace, kCap, kWake, kOwn, kList, kBit, kSkb, kSingleConsumer, kContext, kCounters, kLinearizable},
              and_these});
}

std::vector<std::string> TeardownRules() {
  return {kRef, kSingleFree, kEmpty, kLive, kLeak, kUaf, kRace, kExit, kBqEmpty, kUnlink, kSingleConsumer, kCounters, kLinearizable};
}

std::vector<std::string> TrafficAndTeardownRules(const std::vector<std::string>& and_these) {
  return All({TrafficRules(), TeardownRules(), {kNoEnqueue}, and_these});
}

}  // namespace specs
