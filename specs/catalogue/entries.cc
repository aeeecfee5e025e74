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
       .hypothetical = "stop=no-signal",
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
       .weak = true,
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
       .mutation = "M09",
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
       .came = "programs of entries, 9216477449f3, v5.9",
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
       .came = "the lookup in the redirect helper, v5.3",
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
       .came = "flush lists of tasks, 3f9fe37d9e16, v6.11",
       .matches = &IsForeignListChanged},
      {.id = "D25",
       .title = "poll ends without a flush: what it staged stays marked, or linked, when all else is gone",
       .run = "A driver stages a frame and ends its poll without flushing. v4.18, v5.0: the key stays marked; the end of the map waits for "
              "the mark for ever, and the frame is late. v5.8, v5.9: the entry is deleted and its staging queues are freed while one is "
              "on the CPU's flush list; the next flush there walks freed memory, and the frame is lost. v7.1: the list was on the stack "
              "of the poll; the queue still looks listed, the next flush of it writes to where the list was, and what is staged is lost "
              "with the entry.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18 v5.0 v5.8 v5.9 v7.1",
       .scenario = "Cpumap.DriverForgets",
       .gone = {.summary = "the driver's, not cpumap's",
                .why = "fixed in each (bnxt: edc0140cc3b7, octeontx2: 70b2b6892645); since v6.7 the kernel tells (9a675ba55a96)"},
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
       .gone = {.summary = "gone since v4.20",
                .why = "grace periods wait for flushes; the bitmaps themselves gave way to flush lists in v5.3"},
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
       .gone = {.summary = "gone since v4.20", .why = "grace periods wait for regions with BH off, and so for flushes"},
       .matches = &IsEntryFreedUnderFlush},
      {.id = "D08",
       .title = "data race on the count of a staging queue, between a poll's flush and that of the free callback",
       .run =
           "A flush of a poll and the free callback, which no flush holds up, look whether a staging queue has frames. They do so before "
           "they take the lock of the ring, under which the other one empties it. No frame is put twice: both look again under the lock.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18",
       .needs = "rcu=preempt",
       .needs_frame = true,
       .gone = {.summary = "gone since v4.20",
                .why = "grace periods wait for regions with BH off, and so for flushes; since v5.6 the callback flushes nothing"},
       .matches = &IsQueueRacedByCallback},
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
      {.id = "D35",
       .title = "device of a frame read after it is gone: nothing waits for frames in rings",
       .run = "A poll redirects a frame, which knows its device by a pointer, not a reference. The device is unregistered: its polls "
              "have ended, per-CPU backlogs are searched, two grace periods and the callbacks are waited for, and it is freed. The "
              "frame waits in the ring of an entry all that time. The kthread takes it and reads the device. No report of it is known "
              "to us; it takes a kthread that gets no CPU while a device is taken down, which is milliseconds, and Linux 6.1's text, "
              "in which cpumap is told of no device that goes and unregistering waits for nothing of cpumap's. What a driver does "
              "about its own frames is not looked at.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v4.18 v5.0 v5.8 v5.9 v7.1",
       .scenario = "Cpumap.DeviceGoes",
       .needs_frame = true,
       .matches = &IsDeviceGone},
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
       .gone = {.summary = "gone since v5.6", .why = "the free callback flushes nothing any more, and flush lists leave no frame behind"},
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
       .weak = true,
       .came = "redirects by programs of entries, 28b1520ebf81, v5.9",
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
       .came = "77ea5f4cbe20, the fix of D12, 2018-12",
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

// Of kernels between and before the generations ported: no predicate, for the mutations say themselves what must break.
std::vector<CatalogueEntry> ShownByMutations() {
  return {
      {.id = "D03",
       .title = "an skb left in the ring freed as if it were a frame",
       .run = "As D02, where a program of a device without XDP of its own has redirected an skb. The ring holds its pointer with a mark in "
              "it; the cleanup of the ring knows no marks and gives the pointer back as a frame.",
       .fixed_by = "7c62b75cd1a7",
       .date = "2023-07-31",
       .cve = "CVE-2023-53660",
       .generations = "",
       .mutation = "M20"},
      {.id = "D11",
       .title = "the free callback gives frames back as only polls may",
       .run = "The free callback flushes a staging queue into a ring that is full. It gives the frame back in the way that is open to the "
              "poll of its pool's device alone.",
       .fixed_by = "'xdp: fix bug in cpumap teardown code path'",
       .date = "2018-08",
       .cve = "",
       .generations = "",
       .mutation = "own_callback_as_poll"},
      {.id = "D16",
       .title = "a frame reached through the ring before its contents",
       .run = "A poll writes a frame's header and puts the frame into a ring without a barrier between the two. The kthread finds the "
              "pointer, and an older header behind it. No model that keeps stores in order shows it.",
       .fixed_by = "'ptr_ring: add barriers'",
       .date = "2017-12",
       .cve = "",
       .generations = "",
       .mutation = "M38"},
      {.id = "D22",
       .title = "XDP run without a context of its own: no flush list, or one on a stack that is gone",
       .run = "Redirect state and flush lists are in a context that whoever runs XDP has on its stack. Who makes none finds none, and who "
              "does not take it away leaves a list on a stack that is gone. The mutation makes none in the kthread.",
       .fixed_by = "9da49aa80d68",
       .date = "2024-07",
       .cve = "",
       .generations = "",
       .mutation = "own_kthread_no_context"},
      {.id = "D23",
       .title = "staging queue of a CPU changed by two of its tasks",
       .run =
           "PREEMPT_RT without a lock of BH-off regions, and no lock of the queue. A task has emptied its queue and not yet unlinked it; "
           "another fills, flushes and unlinks it, and the first unlinks it again. The mutation breaks I-CTX only, because the flush "
           "asserts the lock, and the assertion fails before a second task comes in.",
       .fixed_by = "869c63d5975d",
       .date = "2026-02",
       .cve = "",
       .generations = "",
       .mutation = "M21"},
      {.id = "D26",
       .title = "frames given back directly while what the program redirected is flushed",
       .run = "The kthread's program redirects a frame. Before the kthread flushes it, it says that frames may go back directly; the flush "
              "finds no room and does that, outside of the poll of the frame's device.",
       .fixed_by = "2b986b9e917b",
       .date = "2025-08",
       .cve = "",
       .generations = "",
       .mutation = "M49"},
  };
}

// Of single generations, and beyond what the models have: no predicate.
std::vector<CatalogueEntry> NotShown() {
  return {
      {.id = "D27",
       .title = "a program taken for an entry whose map is for programs of another kind",
       .run =
           "Programs that know fragments of packets, and programs that do not, are put on entries of one map, or one whose map belongs to "
           "programs of the other kind.",
       .fixed_by = "f45d5b6ce2e8",
       .date = "2022-01",
       .cve = "",
       .generations = "v5.9",
       .came = "programs of entries, 9216477449f3, v5.9",
       .not_shown = "all programs here are of one kind, packets have no fragments, and bpf_prog_map_compatible() says yes"},
      {.id = "D37",
       .title = "map kept alive by the program of one of its own entries",
       .run =
           "The program of an entry redirects into the map of that entry. The map holds the entry, the entry the program, the program the "
           "map: when user space has closed all, nothing of it goes, unless somebody deletes the entry.",
       .fixed_by = "",
       .date = "",
       .cve = "",
       .generations = "v5.9 v7.1",
       .came = "programs of entries, 9216477449f3, v5.9",
       .gone = {.summary = "by design", .why = "whoever made the circle can break it, by a delete"},
       .not_shown = "the scenarios whose programs redirect into their own map delete the entry at their end, and check that all goes then"},
      {.id = "D42",
       .title = "kernel pointers in the headroom of a page that is used again",
       .run = "The header of a frame lies in the headroom of its page. The page goes back to the driver as it is, and comes with the next "
              "packet; a program that moves the start of the packet to the front reads what the header was.",
       .fixed_by = "6dfb970d3dbd",
       .date = "2018",
       .cve = "",
       .generations = "v4.18",
       .not_shown =
           "memory is never used again here, and contents of packets are not modelled; that a frame without room for its header is "
           "refused is checked (Cpumap.NoHeadroom, own_enqueue_no_header)"},
  };
}

}  // namespace

const std::vector<CatalogueEntry>& Catalogue() {
  static const std::vector<CatalogueEntry> entries = [] {
    std::vector<CatalogueEntry> all = TeardownVersusKthread();
    for (auto more :
         {&WakeUpFlushAndRedirect, &FlushBitmap, &LeftBehind, &FoundBySearching, &SizesAndArguments, &ShownByMutations, &NotShown}) {
      for (CatalogueEntry& entry : more()) all.push_back(std::move(entry));
    }
    return all;
  }();
  return entries;
}

}  // namespace specs
