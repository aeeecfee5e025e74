// SPDX-License-Identifier: MIT
// The invariants of the map, one file each. They judge a complete execution from what was observed in it; what must be seen the moment it
// happens is reported by the engine or the kernel layer under the same names.
#ifndef SPECS_INVARIANTS_INVARIANTS_H_
#define SPECS_INVARIANTS_INVARIANTS_H_

#include <initializer_list>
#include <string>
#include <vector>

#include "checker/api/execution.h"
#include "specs/invariants/history.h"

namespace specs {

inline constexpr char kRef[] = "I-REF";
inline constexpr char kSingleFree[] = "I-SINGLE-FREE";
inline constexpr char kOnce[] = "I-ONCE";
inline constexpr char kEmpty[] = "I-EMPTY";
inline constexpr char kLive[] = "I-LIVE";
inline constexpr char kLeak[] = "I-LEAK";
inline constexpr char kUaf[] = "I-UAF";
inline constexpr char kFifo[] = "I-FIFO";
inline constexpr char kRace[] = "I-RACE";
inline constexpr char kCap[] = "I-CAP";
inline constexpr char kExit[] = "I-EXIT";
inline constexpr char kWake[] = "I-WAKE";
inline constexpr char kBqEmpty[] = "I-BQ-EMPTY";
inline constexpr char kUnlink[] = "I-UNLINK";
inline constexpr char kOwn[] = "I-OWN";
inline constexpr char kList[] = "I-LIST";
inline constexpr char kBit[] = "I-BIT";
inline constexpr char kNoEnqueue[] = "I-NOENQ";
inline constexpr char kSingleConsumer[] = "I-SINGLE-CONS";
inline constexpr char kProg[] = "I-PROG";
inline constexpr char kContext[] = "I-CTX";  // judged on the spot
inline constexpr char kInit[] = "I-INIT";    // judged on the spot
inline constexpr char kSkb[] = "I-SKB";      // judged on the spot
inline constexpr char kDevice[] = "I-DEV";   // by the engine; the model counts
inline constexpr char kCounters[] = "I-COUNT";
inline constexpr char kLinearizable[] = "I-LIN";

// Each reports what breaks its invariant and counts what it had to check.
void CheckReferences(const History& history, graze::Execution& execution);
void CheckSingleFree(const History& history, graze::Execution& execution);
void CheckOnce(const History& history, graze::Execution& execution);
void CheckEmpty(const History& history, graze::Execution& execution);
void CheckLive(const History& history, graze::Execution& execution);
void CheckLeak(const History& history, graze::Execution& execution);
void CheckUseAfterFree(const History& history, graze::Execution& execution);
void CheckFifo(const History& history, graze::Execution& execution);
void CheckRace(const History& history, graze::Execution& execution);
void CheckCapacity(const History& history, graze::Execution& execution);
void CheckExit(const History& history, graze::Execution& execution);
void CheckWake(const History& history, graze::Execution& execution);
void CheckQueuesAtFree(const History& history, graze::Execution& execution);  // I-BQ-EMPTY and I-UNLINK
void CheckOwner(const History& history, graze::Execution& execution);
void CheckFlushLists(const History& history, graze::Execution& execution);
void CheckFlushBits(const History& history, graze::Execution& execution);
void CheckNoEnqueue(const History& history, graze::Execution& execution);
void CheckSingleConsumer(const History& history, graze::Execution& execution);
void CheckPrograms(const History& history, graze::Execution& execution);
void CheckCounters(const History& history, graze::Execution& execution);
void CheckLinearizable(const History& history, graze::Execution& execution);

// The clause of I-LIVE for scenarios that leave the map in use: no kthread is left asleep with frames in its ring.
void CheckNoSleepOnFrames(const History& history, graze::Execution& execution);

void CheckAll(const History& history, graze::Execution& execution);

// The union of sets of rules.
std::vector<std::string> All(std::initializer_list<std::vector<std::string>> sets);
// For the `rules` of scenarios. What has something to check where frames reach a ring; where entries go; where frames reach the ring of an
// entry that goes.
std::vector<std::string> TrafficRules(const std::vector<std::string>& and_these = {});
std::vector<std::string> TeardownRules();
std::vector<std::string> TrafficAndTeardownRules(const std::vector<std::string>& and_these = {});

}  // namespace specs

#endif  // SPECS_INVARIANTS_INVARIANTS_H_
