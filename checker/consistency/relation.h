// SPDX-License-Identifier: MIT
// Sets of events and relations between them as bit matrices, with the operators that cat files are written in.
//
// Both are views of memory that a RelationPool owns and hands out again after Reset(): cheap to pass and to build expressions from,
// not to be kept beyond the judgement of one graph. All operands of an operator belong to the same pool and the same Reset().
#ifndef CHECKER_CONSISTENCY_RELATION_H_
#define CHECKER_CONSISTENCY_RELATION_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace graze {

class Relation;
class Set;

class RelationPool {
 public:
  // Takes all memory back; sets and relations are about `size` events from now on.
  void Reset(uint32_t size);
  uint32_t size() const { return size_; }
  uint32_t words() const { return words_; }  // per row

  Set EmptySet();
  Set Everything();
  Relation Empty();
  Relation Identity();

  uint64_t* Row() { return Take(words_, &rows_, &rows_used_); }
  uint64_t* Matrix() { return Take(size_t{size_} * words_, &matrices_, &matrices_used_); }

 private:
  // Not cleared.
  static uint64_t* Take(size_t words, std::deque<std::vector<uint64_t>>* from, size_t* used);

  uint32_t size_ = 0;
  uint32_t words_ = 0;
  std::deque<std::vector<uint64_t>> rows_, matrices_;
  size_t rows_used_ = 0, matrices_used_ = 0;
};

class Set {
 public:
  constexpr Set(RelationPool* pool, uint64_t* bits) : pool_(pool), bits_(bits) {}
  void Add(uint32_t e) { bits_[e / 64] |= uint64_t{1} << (e % 64); }
  bool Has(uint32_t e) const { return (bits_[e / 64] >> (e % 64) & 1) != 0; }
  bool IsEmpty() const;
  const uint64_t* bits() const { return bits_; }
  RelationPool* pool() const { return pool_; }

  friend Set operator|(Set a, Set b);
  friend Set operator&(Set a, Set b);
  friend Set operator-(Set a, Set b);
  Set operator~() const;

 private:
  RelationPool* pool_;
  uint64_t* bits_;
};

class Relation {
 public:
  constexpr Relation(RelationPool* pool, uint64_t* rows) : pool_(pool), rows_(rows) {}
  uint64_t* row(uint32_t e) { return rows_ + size_t{e} * pool_->words(); }
  const uint64_t* row(uint32_t e) const { return rows_ + size_t{e} * pool_->words(); }
  void Add(uint32_t from, uint32_t to) { row(from)[to / 64] |= uint64_t{1} << (to % 64); }
  // Relates `from` to every event in [first, last).
  void AddRange(uint32_t from, uint32_t first, uint32_t last);
  bool Has(uint32_t from, uint32_t to) const { return (row(from)[to / 64] >> (to % 64) & 1) != 0; }
  bool IsEmpty() const;
  bool IsIrreflexive() const;
  RelationPool* pool() const { return pool_; }

  friend Relation operator|(Relation a, Relation b);
  friend Relation operator&(Relation a, Relation b);
  friend Relation operator-(Relation a, Relation b);

 private:
  RelationPool* pool_;
  uint64_t* rows_;
};

// a ; b
Relation Seq(Relation a, Relation b);
template <typename... More>
Relation Seq(Relation a, Relation b, More... more) {
  return Seq(Seq(a, b), more...);
}
Relation operator*(Set a, Set b);            // all pairs
Relation From(Set s, Relation a);            // [s] ; a
Relation To(Relation a, Set s);              // a ; [s]
Relation Between(Set s, Relation a, Set t);  // [s] ; a ; [t]
Relation Id(Set s);                          // [s]
Relation Opt(Relation a);                    // a?
Relation Plus(Relation a);                   // a+
Relation Star(Relation a);                   // a*
Relation Inverse(Relation a);
// False if there is a cycle; else `*closure` is a+.
bool IsAcyclic(Relation a, Relation* closure);
bool IsAcyclic(Relation a);

// Calls visit(e) for every element of a row or set, ascending.
template <typename Visit>
void ForEachBit(const uint64_t* bits, uint32_t words, Visit visit) {
  for (uint32_t w = 0; w < words; ++w) {
    for (uint64_t rest = bits[w]; rest != 0; rest &= rest - 1) visit(w * 64 + static_cast<uint32_t>(std::countr_zero(rest)));
  }
}

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_RELATION_H_
