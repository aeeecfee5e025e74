// SPDX-License-Identifier: MIT
// Relations on at most 64 elements as rows of bits, and the few operations that definitions of memory models are made of.
#ifndef CHECKER_TESTING_RELATION_H_
#define CHECKER_TESTING_RELATION_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace graze::proof {

inline constexpr size_t kElementsMax = 64;

using Set = uint64_t;

inline Set Only(size_t element) { return Set{1} << element; }
inline bool In(Set set, size_t element) { return (set >> element & 1) != 0; }

// Calls visit(i) for every element of `set`, ascending.
template <typename Visit>
void ForEach(Set set, Visit visit) {
  for (; set != 0; set &= set - 1) visit(static_cast<size_t>(std::countr_zero(set)));
}

// Row i holds the successors of i.
struct Relation {
  std::array<Set, kElementsMax> row = {};
  size_t size = 0;

  Relation() = default;
  explicit Relation(size_t elements) : size(elements) {}

  void Add(size_t from, size_t to) { row[from] |= Only(to); }
  bool Has(size_t from, size_t to) const { return In(row[from], to); }
  bool Empty() const {
    return std::all_of(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(size), [](Set s) { return s == 0; });
  }
  bool Reflexive() const {
    for (size_t i = 0; i < size; ++i) {
      if (Has(i, i)) return true;
    }
    return false;
  }
  friend bool operator==(const Relation& a, const Relation& b) { return a.size == b.size && a.row == b.row; }
};

inline Relation operator|(Relation a, const Relation& b) {
  for (size_t i = 0; i < a.size; ++i) a.row[i] |= b.row[i];
  return a;
}
inline Relation operator&(Relation a, const Relation& b) {
  for (size_t i = 0; i < a.size; ++i) a.row[i] &= b.row[i];
  return a;
}
// Without the pairs of b.
inline Relation operator-(Relation a, const Relation& b) {
  for (size_t i = 0; i < a.size; ++i) a.row[i] &= ~b.row[i];
  return a;
}

// a ; b
inline Relation Then(const Relation& a, const Relation& b) {
  Relation result(a.size);
  for (size_t i = 0; i < a.size; ++i) ForEach(a.row[i], [&](size_t j) { result.row[i] |= b.row[j]; });
  return result;
}
template <typename... More>
Relation Then(const Relation& a, const Relation& b, const More&... more) {
  return Then(a, Then(b, more...));
}

// [from] ; a
inline Relation From(Set from, Relation a) {
  for (size_t i = 0; i < a.size; ++i) a.row[i] = In(from, i) ? a.row[i] : 0;
  return a;
}
// a ; [to]
inline Relation To(Relation a, Set to) {
  for (size_t i = 0; i < a.size; ++i) a.row[i] &= to;
  return a;
}
inline Relation Between(Set from, const Relation& a, Set to) { return From(from, To(a, to)); }
// [set]
inline Relation Identity(Set set, size_t size) {
  Relation result(size);
  for (size_t i = 0; i < size; ++i) result.row[i] = set & Only(i);
  return result;
}
// a?
inline Relation Maybe(Relation a) {
  for (size_t i = 0; i < a.size; ++i) a.row[i] |= Only(i);
  return a;
}
// a+
inline Relation Plus(Relation a) {
  for (size_t k = 0; k < a.size; ++k) {
    for (size_t i = 0; i < a.size; ++i) {
      if (a.Has(i, k)) a.row[i] |= a.row[k];
    }
  }
  return a;
}
// a*
inline Relation Star(const Relation& a) { return Maybe(Plus(a)); }
// a^-1
inline Relation Inverse(const Relation& a) {
  Relation result(a.size);
  for (size_t i = 0; i < a.size; ++i) ForEach(a.row[i], [&](size_t j) { result.Add(j, i); });
  return result;
}
inline Relation WithoutIdentity(Relation a) {
  for (size_t i = 0; i < a.size; ++i) a.row[i] &= ~Only(i);
  return a;
}
inline bool Acyclic(const Relation& a) { return !Plus(a).Reflexive(); }

}  // namespace graze::proof

#endif  // CHECKER_TESTING_RELATION_H_
