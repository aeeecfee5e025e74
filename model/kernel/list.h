// SPDX-License-Identifier: MIT
// Kind: model of <linux/list.h>: circular doubly linked lists whose every link is a plain access. As with CONFIG_DEBUG_LIST, adding an
// entry beside itself is reported: I-LIST.
#ifndef MODEL_KERNEL_LIST_H_
#define MODEL_KERNEL_LIST_H_

#include "model/kernel/kernel.h"

#define LIST_HEAD_INIT(name) {&(name), &(name)}
#define LIST_POISON1 (reinterpret_cast<::kernel::list_head *>(uintptr_t{0x100}))
#define LIST_POISON2 (reinterpret_cast<::kernel::list_head *>(uintptr_t{0x122}))

#define list_entry(ptr, type, member) container_of(ptr, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_next_entry(pos, member) list_entry((pos)->member.next, std::remove_pointer_t<decltype(pos)>, member)
#define list_entry_is_head(pos, head, member) (&(pos)->member == (head))

#define list_for_each_entry(pos, head, member)                                                                             \
  for (pos = list_first_entry(head, std::remove_pointer_t<decltype(pos)>, member); !list_entry_is_head(pos, head, member); \
       pos = list_next_entry(pos, member))
#define list_for_each_entry_safe(pos, n, head, member)                                                               \
  for (pos = list_first_entry(head, std::remove_pointer_t<decltype(pos)>, member), n = list_next_entry(pos, member); \
       !list_entry_is_head(pos, head, member); pos = n, n = list_next_entry(n, member))

namespace kernel {

inline void INIT_LIST_HEAD(list_head *list, src site = src::here()) {
  list->next.set(list, site, GRAZE_ONCE);
  list->prev.set(list, site);
}
inline void __list_add(list_head *entry, list_head *prev, list_head *next, src site = src::here()) {
  if (entry == prev || entry == next) graze_bug("entry is on the list already", "list_add", site);
  next->prev.set(entry, site);
  entry->next.set(next, site);
  entry->prev.set(prev, site);
  prev->next.set(entry, site, GRAZE_ONCE);
}
inline void list_add(list_head *entry, list_head *head, src site = src::here()) { __list_add(entry, head, head->next.get(site), site); }
inline void list_add_tail(list_head *entry, list_head *head, src site = src::here()) {
  __list_add(entry, head->prev.get(site), head, site);
}
inline void __list_del(list_head *prev, list_head *next, src site = src::here()) {
  next->prev.set(prev, site);
  prev->next.set(next, site, GRAZE_ONCE);
}
inline void __list_del_entry(list_head *entry, src site = src::here()) {
  list_head *prev = entry->prev.get(site);
  __list_del(prev, entry->next.get(site), site);
}
inline void list_del(list_head *entry, src site = src::here()) {
  __list_del_entry(entry, site);
  entry->next.set(LIST_POISON1, site);
  entry->prev.set(LIST_POISON2, site);
}
inline void list_del_init(list_head *entry, src site = src::here()) {
  __list_del_entry(entry, site);
  INIT_LIST_HEAD(entry, site);
}
// Leaves `next` alone, so that an iteration standing on the entry goes on; a null `prev` says that it is on no list.
inline void __list_del_clearprev(list_head *entry, src site = src::here()) {
  list_head *prev = entry->prev.get(site);
  __list_del(prev, entry->next.get(site), site);
  entry->prev.set(nullptr, site);
}
// Puts what is on `list` in front of what is on `head`, and leaves `list` empty.
inline void list_splice_init(list_head *list, list_head *head, src site = src::here()) {
  list_head *const first = list->next.get(site), *const last = list->prev.get(site);
  if (first == list) return;
  list_head *const at = head->next.get(site);
  first->prev.set(head, site);
  head->next.set(first, site);
  last->next.set(at, site);
  at->prev.set(last, site);
  INIT_LIST_HEAD(list, site);
}
inline bool list_empty(const list_head *head, src site = src::here()) { return head->next.get(site, GRAZE_ONCE) == head; }

}  // namespace kernel

#endif  // MODEL_KERNEL_LIST_H_
