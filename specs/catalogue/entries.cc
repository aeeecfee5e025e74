// SPDX-License-Identifier: MIT
// The catalogue's texts, in our own words.
#include "specs/catalogue/catalogue.h"
#include "specs/catalogue/predicates.h"

namespace specs {
namespace {

std::vector<CatalogueEntry> TeardownVersusKthread() {
  return {
      {.id = "D01",
       .title = "entry leaked: its kthread is stopped before it first runs",
       .run = "An update creates the entry and wakes its kthread, which gets no CPU yet. A delete detaches the entry; the grace period "
              "passes, the callback drops one reference, the work asks the kthread to stop. The kthread sees the request before it "
              "calls its function and leaves with -EINTR, so nobody drops the second reference.",
       .fixed_by = "436901649731",
       .date = "2023-07-11",
       .cve = "CVE-2023-53441",
       .generations = "v4.18 v5.0 v5.8 v5.9",
       .mask = "start=ran",
       .matches = &IsEntryLeakedByEarlyStop},
      {.id = "D02",
       .title = "frames lost in the ring of an entry whose kthread is stopped before it first runs",
       .run = "As D01, with a frame redirected to the entry between the update and the delete. The kthread never empties the ring: the "
              "frame leaks with the entry, or, where D01 alone is fixed, the cleanup finds it and warns.",
       .fixed_by = "640a604585aa",
       .date = "2023-07-31",
       .cve = "CVE-2023-53577",
       .generations = "v4.18 v5.0 v5.8 v5.9",
       .mask = "start=ran",
       .needs_frame = true,
       .matches = &IsFrameLostByEarlyStop},
      {.id = "D15",
       .title = "stop request lost between the kthread's loop test and its sleep",
       .run = "The kthread finds no stop request and an empty ring. The request arrives and wakes it while it still runs. It then "
              "announces that it sleeps, looks at the ring only, and sleeps; the stopper waits for ever.",
       .fixed_by = "a7c01fa93aeb",
       .date = "",
       .cve = "",
       .generations = "v4.18 v5.0 v5.8 v5.9",
       .mask = "stop=signal",
       .matches = &IsStopRequestLost},
      {.id = "D33",
       .title = "exit decided by two loads in no order",
       .run = "The last frame is put into the ring, a grace period passes, the stop request is set. The kthread, awake all the time, "
              "reads the request and an older, empty state of the ring, and leaves the frame behind.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18 v5.0 v5.8 v5.9 v7.1",
       .mask = "should_stop=acquire",
       .needs_frame = true,
       .matches = &IsExitDecidedByAnOldLook},
  };
}

std::vector<CatalogueEntry> WakeUpFlushAndRedirect() {
  return {
      {.id = "D14",
       .title = "wake-up lost between the kthread's empty test and its sleep",
       .run = "The kthread finds the ring empty. A flush puts a frame in and wakes the kthread, which still runs. It then sleeps with "
              "the frame in its ring until somebody else wakes it.",
       .fixed_by = "31749468c3b9",
       .date = "2017-11",
       .cve = "",
       .generations = "",
       .needs_frame = true,
       .matches = &IsWakeUpLost},
      {.id = "D18",
       .title = "the entry's program is shown a receive queue that is not set",
       .run = "The kthread runs the entry's program on a frame. Of what the program may ask about the receive queue only the device and "
              "the memory type are set; the queue's index is whatever was on the kthread's stack.",
       .fixed_by = "2487007aa3b9",
       .date = "2024-03",
       .cve = "CVE-2024-27431",
       .generations = "v5.9",
       .scenario = "Cpumap.ProgramReadsQueue",
       .needs_frame = true,
       .matches = &IsUnsetQueueRead},
      {.id = "D20",
       .title = "redirect target left by an earlier program run used after its entry is gone",
       .run = "A program asks for a redirect to an entry and then returns something else; the target stays noted for the CPU. The entry "
              "is deleted and freed. A later program returns the redirect code without naming a target, and the frame goes to the "
              "freed entry.",
       .fixed_by = "401cb7dae813",
       .date = "2024-06",
       .cve = "",
       .generations = "v5.8 v5.9",
       .scenario = "Cpumap.SloppyProgram",
       .matches = &IsStaleTargetUsed},
      {.id = "D24",
       .title = "flush list of one task changed by another task of its CPU",
       .run =
           "PREEMPT_RT without a lock of BH-off regions: an entry's queue per CPU, flush lists per task. A task stages a frame and begins "
           "its flush; it has found the queue at the head of its list and not looked at what is behind it, or not locked it. Another "
           "task of that CPU finds the queue full, flushes it, takes it off the first task's list and puts it on its own. The first "
           "goes on along the other's list, and takes the head of it, on the other's stack, for a queue.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v7.1",
       .scenario = "Cpumap.TwoTasks",
       .needs_frame = true,
       .matches = &IsForeignListChanged},
      {.id = "D25",
       .title = "poll ends without a flush: the staging queue of a freed entry stays linked",
       .run = "A driver stages a frame and ends its poll without flushing. The entry is deleted and its staging queues are freed while "
              "one is still on the CPU's flush list; the next flush on that CPU walks freed memory, and the frame is lost.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18 v5.0 v5.8 v5.9 v7.1",
       .scenario = "Cpumap.DriverForgets",
       .matches = &IsFlushForgotten},
  };
}

}  // namespace

const std::vector<CatalogueEntry>& Catalogue() {
  static const std::vector<CatalogueEntry> entries = [] {
    std::vector<CatalogueEntry> all = TeardownVersusKthread();
    for (CatalogueEntry& entry : WakeUpFlushAndRedirect()) all.push_back(std::move(entry));
    return all;
  }();
  return entries;
}

}  // namespace specs
