// SPDX-License-Identifier: MIT
// Sets of events and relations between them as rows of bits, with the operators that cat files are written in.
//
// A relation is an expression. Its rows are computed when somebody looks at them, and kept: a question about two events costs what leads
// from the one to the other, not what all events have to do with each other, and what is intersected with nothing is never computed.
// Sets are computed at once.
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

// Where the rows of a relation come from that is no expression of others.
class RowSource {
 public:
  virtual ~RowSource() = default;
  // Adds to `row`, which is empty, what the relation number `which` relates `e` to.
  virtual void FillRow(uint32_t which, uint32_t e, uint64_t* row) const = 0;
  // Adds to `set`, which is empty, at least what it relates to anything.
  virtual void FillDomain(uint32_t which, uint64_t* set) const = 0;
};

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
  // `source` has to live, and to give the same rows, until Reset().
  Relation From(const RowSource* source, uint32_t which, bool transitive);

 private:
  friend class Relation;
  friend class Set;
  friend struct Algebra;

  enum class Op : uint8_t { kGiven, kSource, kIdentity, kOr, kAnd, kMinus, kSeq, kBetween, kProduct, kOpt, kPlus, kInverse };
  struct Node {
    Op op = Op::kGiven;
    bool empty = false;       // certainly; nothing needs to be computed
    bool transitive = false;  // certainly
    uint32_t a = 0, b = 0;
    const uint64_t* s = nullptr;  // sets; null for all events
    const uint64_t* t = nullptr;
    const RowSource* source = nullptr;
    uint64_t* rows = nullptr;
    uint64_t* known = nullptr;   // a bit per row
    uint64_t* domain = nullptr;  // of all others the rows are certainly empty
  };
  struct Scratch {
    std::vector<uint64_t> open;
    std::vector<uint32_t> stack;
  };

  uint64_t* SetBits() { return Take(words_, &sets_, &sets_used_); }
  // Not cleared.
  static uint64_t* Take(size_t words, std::deque<std::vector<uint64_t>>* from, size_t* used);
  uint32_t Insert(const Node& node);

  const uint64_t* Row(uint32_t node, uint32_t e) {
    const Node& n = nodes_[node];
    if ((n.known[e / 64] >> (e % 64) & 1) == 0) Compute(n, e);
    return n.rows + size_t{e} * words_;
  }
  void FillDomain(const Node& n);
  void Compute(const Node& n, uint32_t e);
  // Adds the row to `out`.
  void Join(uint32_t node, uint32_t e, uint64_t* out);
  // Adds the rows of all elements of `from` to `out`.
  void Follow(uint32_t node, const uint64_t* from, uint64_t* out);
  template <uint32_t kWords>
  void Follow(const Node& n, uint32_t node, const uint64_t* from, uint64_t* out);
  void KeepRelatedTo(uint32_t node, uint32_t e, uint64_t* row);
  void InvertAll(const Node& n);
  // Computes the rows of the closure that are reached from `e`; false if there is a cycle on the way.
  bool Close(const Node& n, uint32_t e);
  bool Close(const Node& n, uint32_t e, Scratch* scratch);
  void Finish(const Node& n, uint32_t e, const uint64_t* next);
  void Walk(const Node& n, uint32_t e, Scratch* scratch);
  // As Follow(), without computing rows of expressions.
  void Image(uint32_t node, const uint64_t* from, uint64_t* out);
  bool IsAcyclic(uint32_t plus);

  uint32_t size_ = 0;
  uint32_t words_ = 0;
  std::deque<std::vector<uint64_t>> sets_, matrices_;
  size_t sets_used_ = 0, matrices_used_ = 0;
  std::vector<Node> nodes_;
  std::deque<Scratch> scratch_;  // of closures, one per closure inside another
  size_t depth_ = 0;
};

class Set {
 public:
  constexpr Set(RelationPool* pool, uint64_t* bits) : pool_(pool), bits_(bits) {}
  void Add(uint32_t e) { bits_[e / 64] |= uint64_t{1} << (e % 64); }
  void AddRange(uint32_t first, uint32_t last);
  bool Has(uint32_t e) const { return (bits_[e / 64] >> (e % 64) & 1) != 0; }
  bool IsEmpty() const;
  uint64_t* bits() { return bits_; }
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
  constexpr Relation(RelationPool* pool, uint32_t node) : pool_(pool), node_(node) {}
  // For what RelationPool::Empty() gave, as long as no expression was built from it.
  void Add(uint32_t from, uint32_t to);
  // Relates `from` to every event in [first, last).
  void AddRange(uint32_t from, uint32_t first, uint32_t last);

  const uint64_t* row(uint32_t e) const { return pool_->Row(node_, e); }
  bool Has(uint32_t from, uint32_t to) const { return (row(from)[to / 64] >> (to % 64) & 1) != 0; }
  bool IsEmpty() const;
  bool IsIrreflexive() const;
  // Adds to `out` what the events of `from` are related to, without computing their rows one by one where that can be avoided.
  void AddImage(Set from, Set* out) const;
  RelationPool* pool() const { return pool_; }

 private:
  friend struct Algebra;

  RelationPool* pool_;
  uint32_t node_;
};

Relation operator|(Relation a, Relation b);
Relation operator&(Relation a, Relation b);
Relation operator-(Relation a, Relation b);
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
// `*closure` is a+. Not looked at where that is `known`.
bool IsAcyclic(Relation a, Relation* closure, bool known = false);
bool IsAcyclic(Relation a);
// The same, known to be transitive by what it means: (a ; b) needs the rows of fewer events.
Relation Transitive(Relation a);

// Adds [first, last) to a row.
void AddRange(uint64_t* bits, uint32_t first, uint32_t last);
// Calls visit(e) for every element of a row, ascending.
template <typename Visit>
void ForEachBit(const uint64_t* bits, uint32_t words, Visit visit) {
  for (uint32_t w = 0; w < words; ++w) {
    for (uint64_t rest = bits[w]; rest != 0; rest &= rest - 1) visit(w * 64 + static_cast<uint32_t>(std::countr_zero(rest)));
  }
}

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_RELATION_H_
