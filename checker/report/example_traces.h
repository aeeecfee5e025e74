// SPDX-License-Identifier: MIT
// Hand-made violations of each shape, for the tests of the renderers.
#ifndef CHECKER_REPORT_EXAMPLE_TRACES_H_
#define CHECKER_REPORT_EXAMPLE_TRACES_H_

#include <string>
#include <utility>

#include "checker/verdict/violation.h"

namespace graze::examples {

inline constexpr char kFile[] = "model/cpumap/v5_9/cpumap.cc";

// Numbers its steps by itself.
struct TraceBuilder {
  Trace trace;
  TraceStep& Add(std::string thread, int cpu, std::string op, std::string text = "") {
    TraceStep step;
    step.number = static_cast<uint32_t>(trace.steps.size() + 1);
    step.thread = std::move(thread);
    step.cpu = cpu;
    step.op = std::move(op);
    step.text = std::move(text);
    return trace.steps.emplace_back(std::move(step));
  }
  TraceStep& Access(std::string thread, int cpu, std::string op, std::string location, std::string value, uint32_t reads_from = 0) {
    TraceStep& step = Add(std::move(thread), cpu, std::move(op));
    step.location = std::move(location);
    step.object = step.location.substr(0, step.location.find('.'));
    step.value = std::move(value);
    step.reads_from = reads_from;
    return step;
  }
};

inline void At(TraceStep& step, std::string function, unsigned line) {
  step.function = std::move(function);
  step.file = kFile;
  step.line = line;
}

inline Violation UseAfterFree() {
  TraceBuilder b;
  b.Add("sys", 1, "call", "update(k=1, qsize=2)");
  At(b.Access("sys", 1, "alloc", "rcpu#1", ""), "__cpu_map_entry_alloc", 401);
  At(b.Access("sys", 1, "write", "cpu_map[1]", "NULL -> rcpu#1"), "__cpu_map_entry_replace", 511);
  b.trace.steps.back().important = true;
  b.Add("sys", 1, "return", "0");
  b.Add("napi/0", 0, "call", "poll(frame#1)");
  At(b.Add("napi/0", 0, "rcu_read_lock"), "poll", 30);
  At(b.Access("napi/0", 0, "read", "cpu_map[1]", "= rcpu#1", 3), "__cpu_map_lookup_elem", 609);
  At(b.Add("napi/0", 0, "rcu_read_unlock"), "poll", 33);
  b.Add("sys", 1, "call", "delete(k=1)");
  At(b.Access("sys", 1, "rmw", "cpu_map[1]", "rcpu#1 -> NULL", 3), "__cpu_map_entry_replace", 511);
  b.trace.steps.back().important = true;
  b.Add("sys", 1, "grace-period");
  At(b.Access("sys", 1, "read", "task.state", "= 0"), "kthread_stop", 12);
  b.trace.steps.back().internal = true;
  At(b.Access("sys", 1, "rmw", "rcpu#1.refcnt", "1 -> 0", 3), "put_cpu_map_entry", 148);
  At(b.Access("sys", 1, "free", "rcpu#1", ""), "put_cpu_map_entry", 152);
  b.trace.steps.back().important = true;
  b.Add("sys", 1, "return", "0");
  At(b.Access("napi/0", 0, "read", "rcpu#1.bulkq", "= bulkq#1"), "bq_enqueue", 688);
  TraceStep& fail = b.Access("napi/0", 0, "fail", "rcpu#1.bulkq", "");
  fail.text = "freed at #14";
  fail.important = true;
  At(fail, "bq_enqueue", 688);
  b.trace.objects = {{"rcpu#1", "bpf_cpu_map_entry", {"allocated #2", "published #3", "unpublished #10", "freed #14", "used #16"}, false},
                     {"frame#1", "xdp_frame", {"allocated #5"}, true}};
  b.trace.hash = 0x1234abcd;
  Violation v;
  v.kind = ViolationKind::kUseAfterFree;
  v.rule = "I-UAF";
  v.message = "rcpu#1 is read after it was freed";
  v.expected = "no access to a freed entry";
  v.got = "read of bulkq at #16, freed at #14 by sys";
  v.thread = "napi/0";
  v.object = "bpf_cpu_map_entry";
  v.function = "bq_enqueue";
  v.file = kFile;
  v.line = 688;
  v.token = "v1:6f1d:AAECAwQFBgcICQ";
  v.count = 12;
  v.catalogue_id = "D07";
  v.trace = std::move(b.trace);
  return v;
}

inline Violation Deadlock() {
  TraceBuilder b;
  b.Add("sys", -1, "call", "delete(k=1)");
  At(b.Access("kthread cpumap/1", 1, "read", "kthread#1.should_stop", "= 0"), "cpu_map_kthread_run", 305);
  At(b.Access("sys", -1, "write", "kthread#1.should_stop", "0 -> 1"), "kthread_stop", 60);
  b.trace.steps.back().important = true;
  At(b.Access("kthread cpumap/1", 1, "write", "task#1.state", "RUNNING -> INTERRUPTIBLE"), "cpu_map_kthread_run", 311);
  TraceStep& sleep = b.Add("kthread cpumap/1", 1, "blocked", "schedule(), state INTERRUPTIBLE");
  sleep.important = true;
  At(sleep, "cpu_map_kthread_run", 314);
  At(b.Add("sys", -1, "blocked", "kthread_stop waits for the thread to exit"), "cpu_map_kthread_stop", 131);
  b.trace.blocked = {{"kthread cpumap/1", "schedule(), state INTERRUPTIBLE", "task#1.state", "", "cpu_map_kthread_run", kFile, 314},
                     {"sys", "kthread_stop(): the thread exits", "task#1.exited", "kthread cpumap/1", "cpu_map_kthread_stop", kFile, 131}};
  Violation v;
  v.kind = ViolationKind::kDeadlock;
  v.rule = "I-LIVE";
  v.message = "2 threads wait for ever";
  v.thread = "kthread cpumap/1";
  v.function = "cpu_map_kthread_run";
  v.file = kFile;
  v.line = 314;
  v.token = "v1:6f1d:DEADLOCK";
  v.count = 1;
  v.catalogue_id = "D15";
  v.trace = std::move(b.trace);
  return v;
}

inline Violation Leak() {
  TraceBuilder b;
  b.Add("sys", -1, "call", "update(k=1, qsize=1)");
  At(b.Access("sys", -1, "alloc", "rcpu#1", ""), "__cpu_map_entry_alloc", 401);
  At(b.Access("sys", -1, "alloc", "ptr_ring#1", ""), "__cpu_map_entry_alloc", 415);
  At(b.Access("sys", -1, "write", "rcpu#1.refcnt", "1 -> 2"), "get_cpu_map_entry", 110);
  b.Add("sys", -1, "return", "0");
  b.trace.objects = {{"rcpu#1", "bpf_cpu_map_entry", {"allocated #2", "refcnt 2 #4"}, true},
                     {"ptr_ring#1", "ptr_ring", {"allocated #3"}, true}};
  Violation v;
  v.kind = ViolationKind::kLeak;
  v.rule = "I-LEAK";
  v.message = "2 objects are still allocated when everything is over";
  v.objects = {"bpf_cpu_map_entry", "ptr_ring"};
  v.token = "v1:6f1d:LEAK";
  v.count = 3;
  v.trace = std::move(b.trace);
  return v;
}

inline Violation DataRace() {
  TraceBuilder b;
  At(b.Access("napi/0", 0, "write", "bq#1.count", "0 -> 1"), "bq_enqueue", 700);
  b.trace.steps.back().important = true;
  TraceStep& read = b.Access("napi/1", 1, "read", "bq#1.count", "= 0");
  read.important = true;
  At(read, "bq_flush_to_queue", 640);
  Violation v;
  v.kind = ViolationKind::kDataRace;
  v.rule = "I-RACE";
  v.message = "bq_enqueue writes bq#1.count while bq_flush_to_queue reads it; nothing orders the two";
  v.thread = "napi/1";
  v.object = "xdp_bulk_queue";
  v.function = "bq_flush_to_queue";
  v.file = kFile;
  v.line = 640;
  v.token = "v1:6f1d:RACE";
  v.count = 7;
  v.trace = std::move(b.trace);
  return v;
}

// Sixty steps of five threads, with few that matter; does not fit on a screen.
inline Violation LongTrace() {
  TraceBuilder b;
  for (unsigned i = 0; i < 60; ++i) {
    const std::string thread = "napi/" + std::to_string(i / 4 % 5);
    At(b.Access(thread, static_cast<int>(i / 4 % 5), i % 2 == 0 ? "read" : "write", "stats#" + std::to_string(i % 7) + ".drops", "= 0"),
       "bq_flush_to_queue", 600 + i);
    b.trace.steps.back().important = i == 11 || i == 37 || i == 59;
  }
  Violation v = DataRace();
  v.trace = std::move(b.trace);
  v.token = "v1:6f1d:LONG";
  return v;
}

}  // namespace graze::examples

#endif  // CHECKER_REPORT_EXAMPLE_TRACES_H_
