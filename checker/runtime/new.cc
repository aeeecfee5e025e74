// SPDX-License-Identifier: MIT
// Global operator new: checked code allocates from its thread's arena, so that std containers in it have the same addresses in every
// execution and vanish with it; everything else uses malloc.
#include <cstdlib>
#include <new>

#include "checker/runtime/runtime.h"

namespace {

void* Allocate(std::size_t size, std::size_t align) {
  using graze::internal::Fiber;
  using graze::internal::Runtime;
  if (Fiber::running() != nullptr && Runtime::exists() && Runtime::Get().in_checked_code()) {
    const Runtime::EngineScope scope;
    return Runtime::Get().Allocate(size, align);
  }
  void* const memory = align <= alignof(std::max_align_t) ? std::malloc(size == 0 ? 1 : size)
                                                          : std::aligned_alloc(align, (size + align - 1) / align * align);
  if (memory == nullptr) std::abort();
  return memory;
}

void Deallocate(void* memory) {
  if (!graze::internal::InAddressRange(reinterpret_cast<uintptr_t>(memory))) std::free(memory);
}

}  // namespace

namespace graze::internal {
void LinkOperatorNew() {}
}  // namespace graze::internal

void* operator new(std::size_t size) { return Allocate(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size) { return Allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t align) { return Allocate(size, static_cast<std::size_t>(align)); }
void* operator new[](std::size_t size, std::align_val_t align) { return Allocate(size, static_cast<std::size_t>(align)); }
// The library's own forward to those above; a sanitizer's would not.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return Allocate(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return Allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
  return Allocate(size, static_cast<std::size_t>(align));
}
void* operator new[](std::size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
  return Allocate(size, static_cast<std::size_t>(align));
}
void operator delete(void* memory) noexcept { Deallocate(memory); }
void operator delete[](void* memory) noexcept { Deallocate(memory); }
void operator delete(void* memory, std::size_t) noexcept { Deallocate(memory); }
void operator delete[](void* memory, std::size_t) noexcept { Deallocate(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Deallocate(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { Deallocate(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { Deallocate(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { Deallocate(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { Deallocate(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { Deallocate(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept { Deallocate(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept { Deallocate(memory); }
