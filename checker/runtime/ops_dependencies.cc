// SPDX-License-Identifier: MIT
// Dependencies that the code under test reports besides those of its accesses, and what it assumes of its compiler.
#include <cstdint>

#include "checker/runtime/ops.h"
#include "checker/runtime/runtime.h"

namespace graze {

using internal::Object;
using internal::Runtime;
using internal::SimThread;

DepHandle JoinDeps(DepHandle a, DepHandle b) {
  const Runtime::EngineScope scope;
  return Runtime::Get().dependencies().Join(a, b);
}

void Branch(DepHandle on) {
  const Runtime::EngineScope scope;
  SimThread& thread = Runtime::Get().current();
  thread.branched_on = Runtime::Get().dependencies().Join(thread.branched_on, on);
}

bool TracksDependencies() { return Runtime::Get().tracks_dependencies(); }

void AssumeWholeStores() { Runtime::Get().AssumeWholeStores(); }

void PointerFrom(const void* pointer, size_t size, DepHandle from) {
  constexpr uintptr_t kTags = 7;
  const Runtime::EngineScope scope;
  Runtime& engine = Runtime::Get();
  const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
  if (!engine.tracks_dependencies() || address < internal::kNullPage) return;
  SimThread& thread = engine.current();
  if (from != 0 && from == engine.NewestRead()) {
    // A pointer that is followed through plain fields, or put into memory and read again, is one chain
    // (checker/consistency/DEPENDENCIES.md).
    const ExecutionGraph& graph = engine.graph();
    const Event& load = graph.event(graph.at(thread.id, thread.pos - 1));
    if (load.is_read() && load.plain()) from = engine.dependencies().Join(from, load.addr_dep);
    if (load.is_read() && load.rf < graph.size() && graph.event(load.rf).tid == thread.id) {
      from = engine.dependencies().Join(from, graph.event(load.rf).data_dep);
    }
  }
  if (internal::PointerOrigin* const known = thread.FindOrigin(address)) {
    known->from = from;
    return;
  }
  const Object* const object = engine.FindObject(address & ~kTags);
  if (object == nullptr && size == 0) return;
  const uintptr_t begin = object != nullptr ? object->address : address;
  thread.origins.push_back({begin, begin + (object != nullptr ? object->size : size), from});
}

DepHandle PointerOrigin(const void* pointer) {
  const Runtime::EngineScope scope;
  return Runtime::Get().current().OriginOf(reinterpret_cast<uintptr_t>(pointer));
}

}  // namespace graze
