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

std::vector<CatalogueEntry> FlushBitmap() {
  return {
      {.id = "D05",
       .title = "flush bit of a deleted entry is never cleared: the end of the map waits for it for ever",
       .run = "A poll stages a frame and sets the bit of its key. The key is deleted. The flush of the poll finds the bit set and the slot "
              "empty, and goes on to the next bit without clearing this one. When the map is freed, it waits until no bit is set; only a "
              "flush of this map on that CPU could clear it, and there will be none.",
       .fixed_by = "d5df2830ca9c",
       .date = "2019-06",
       .cve = "",
       .generations = "v4.18 v5.0",
       .needs_frame = true,
       .matches = &IsFlushBitLeft},
      {.id = "D06",
       .title = "flush bit cleared before the flush is over: the map is freed under it",
       .run =
           "A flush, which holds up no grace period, clears the bit of a key and works on the entry. The end of the map finds no bit set, "
           "frees bitmaps, slots and map at once, and the flush looks for the next bit.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18",
       .needs = "rcu=preempt",
       .needs_frame = true,
       .matches = &IsMapFreedUnderFlush},
      {.id = "D07",
       .title = "flush outside of a read-side section: the entry is freed under it",
       .run = "A flush loads an entry from its slot. The entry is deleted; no grace period waits for the flush, so the callback frees the "
              "staging queues and the kthread the entry, and the flush goes on to use them.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18",
       .needs = "rcu=preempt",
       .needs_frame = true,
       .matches = &IsEntryFreedUnderFlush},
      {.id = "D08",
       .title = "staging queue flushed by a poll and by the free callback at once",
       .run = "A flush has found frames in a staging queue and not yet emptied it. The entry was deleted and its callback, which no flush "
              "holds up, flushes the same queue on another CPU: each frame is put into the ring twice.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18",
       .needs = "rcu=preempt",
       .needs_frame = true,
       .matches = &IsQueueFlushedTwice},
  };
}

std::vector<CatalogueEntry> LeftBehind() {
  return {
      {.id = "D21",
       .title = "map left by an earlier program run used after it is gone",
       .run =
           "A program asks for a redirect into a map and then returns something else; the map stays noted for the CPU with the address of "
           "the program. Program and map go. The next program lies at the same address, redirects without asking, and is taken for the "
           "first.",
       .fixed_by = "f6069b9aa993",
       .date = "2018-08",
       .cve = "",
       .generations = "v4.18",
       .needs = "prog=recycled",
       .scenario = "Cpumap.SloppyMapFree",
       .matches = &IsStaleMapUsed},
      {.id = "D34",
       .title = "free callback flushes the queues of online CPUs only",
       .run =
           "A poll stages a frame, its key is deleted, its flush finds the slot empty. The CPU goes offline before the free callback runs, "
           "which looks at online CPUs only: the frame is freed with its queue, and nobody gets it.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18 v5.0",
       .needs = "hotplug",
       .needs_frame = true,
       .matches = &IsOfflineQueueForgotten},
  };
}

// The numbers up to D45 are those of what was known or suspected before the first search.
std::vector<CatalogueEntry> FoundBySearching() {
  return {
      {.id = "D46",
       .title = "a frame handed on by who has read it, in no order with what later owners do to it",
       .run =
           "The program of an entry reads a frame and redirects it to another entry. The write barrier of the ring orders what the kthread "
           "wrote before the frame's slot, not what it read, nor what it has seen of others. The other kthread takes the frame, and writes "
           "to it or frees it.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v5.9 v7.1",
       .scenario = "Cpumap.Redirect",
       .needs_frame = true,
       .matches = &IsHandedOnTooEarly},
  };
}

std::vector<CatalogueEntry> SizesAndArguments() {
  return {
      {.id = "D12",
       .title = "skb_shared_info of an skb unaligned",
       .run =
           "A packet lies at an uneven offset in its buffer. The size of the skb is made of the aligned length and the headroom as it is, "
           "and skb_shared_info lies at its end.",
       .fixed_by = "77ea5f4cbe20",
       .date = "2018-12",
       .cve = "",
       .generations = "v4.18",
       .scenario = "Cpumap.PacketShapes",
       .needs_frame = true,
       .matches = &IsSharedInfoUnaligned},
      {.id = "D13",
       .title = "skb_shared_info of an skb reaches beyond its buffer",
       .run = "A packet is as long as its buffer allows. The skb starts behind the frame's header, its size is rounded up from there, and "
              "skb_shared_info at its end reaches into the next buffer.",
       .fixed_by = "676e4a6fe703",
       .date = "2019-03",
       .cve = "",
       .generations = "v5.0",
       .scenario = "Cpumap.PacketShapes",
       .needs_frame = true,
       .matches = &IsSharedInfoBeyond},
      {.id = "D17",
       .title = "mask of possible CPUs asked for a CPU beyond its end",
       .run =
           "A map has more entries than the kernel has CPUs. An update of a key beyond the last CPU asks the mask of possible CPUs for a "
           "bit that it does not have.",
       .fixed_by = "bc23d0e3f717",
       .date = "2020-04",
       .cve = "",
       .generations = "v4.18 v5.0",
       .scenario = "Cpumap.WrongArguments",
       .matches = &IsImpossibleCpuAsked},
  };
}

}  // namespace

const std::vector<CatalogueEntry>& Catalogue() {
  static const std::vector<CatalogueEntry> entries = [] {
    std::vector<CatalogueEntry> all = TeardownVersusKthread();
    for (auto more : {&WakeUpFlushAndRedirect, &FlushBitmap, &LeftBehind, &FoundBySearching, &SizesAndArguments}) {
      for (CatalogueEntry& entry : more()) all.push_back(std::move(entry));
    }
    return all;
  }();
  return entries;
}

}  // namespace specs
