// SPDX-License-Identifier: MIT
#include "checker/consistency/relation.h"

#include <algorithm>

namespace graze {
namespace {

bool Has(const uint64_t* bits, uint32_t e) { return (bits[e / 64] >> (e % 64) & 1) != 0; }
void Include(uint64_t* bits, uint32_t e) { bits[e / 64] |= uint64_t{1} << (e % 64); }

bool IsZero(const uint64_t* bits, uint32_t words) {
  for (uint32_t w = 0; w < words; ++w) {
    if (bits[w] != 0) return false;
  }
  return true;
}

void OrInto(uint64_t* into, const uint64_t* from, uint32_t words) {
  for (uint32_t w = 0; w < words; ++w) into[w] |= from[w];
}

template <typename Combine>
Set Bitwise(Set a, Set b, Combine combine) {
  Set result = a.pool()->EmptySet();
  for (uint32_t w = 0; w < a.pool()->words(); ++w) result.bits()[w] = combine(a.bits()[w], b.bits()[w]);
  return result;
}

}  // namespace

void AddRange(uint64_t* bits, uint32_t first, uint32_t last) {
  while (first < last) {
    const uint32_t end = std::min(last, (first / 64 + 1) * 64);
    const uint64_t upto = end % 64 == 0 ? ~uint64_t{0} : (uint64_t{1} << (end % 64)) - 1;
    bits[first / 64] |= upto & ~((uint64_t{1} << (first % 64)) - 1);
    first = end;
  }
}

// ---- memory

uint64_t* RelationPool::Take(size_t words, std::deque<std::vector<uint64_t>>* from, size_t* used) {
  if (*used == from->size()) from->emplace_back();
  std::vector<uint64_t>& block = (*from)[(*used)++];
  if (block.size() < words) block.resize(words);
  return block.data();
}

void RelationPool::Reset(uint32_t size) {
  size_ = size;
  words_ = (size + 63) / 64;
  sets_used_ = matrices_used_ = 0;
  nodes_.clear();
}

uint32_t RelationPool::Insert(const Node& node) {
  Node& added = nodes_.emplace_back(node);
  added.known = Take((2 + size_t{size_}) * words_, &matrices_, &matrices_used_);
  added.domain = added.known + words_;
  added.rows = added.domain + words_;
  std::fill_n(added.known, 2 * words_, 0);
  FillDomain(added);
  return static_cast<uint32_t>(nodes_.size() - 1);
}

Set RelationPool::EmptySet() {
  uint64_t* const bits = SetBits();
  std::fill_n(bits, words_, 0);
  return {this, bits};
}

Set RelationPool::Everything() {
  Set all = EmptySet();
  all.AddRange(0, size_);
  return all;
}

void RelationPool::FillDomain(const Node& n) {
  const auto copy = [&](const uint64_t* set) {
    for (uint32_t w = 0; w < words_; ++w) n.domain[w] = set[w];
  };
  switch (n.op) {
    case Op::kGiven: return;
    case Op::kSource: return n.source->FillDomain(n.a, n.domain);
    case Op::kOr:
      for (uint32_t w = 0; w < words_; ++w) n.domain[w] = nodes_[n.a].domain[w] | nodes_[n.b].domain[w];
      return;
    case Op::kAnd:
      for (uint32_t w = 0; w < words_; ++w) n.domain[w] = nodes_[n.a].domain[w] & nodes_[n.b].domain[w];
      return;
    case Op::kMinus:
    case Op::kSeq:
    case Op::kPlus: return copy(nodes_[n.a].domain);
    case Op::kBetween:
      for (uint32_t w = 0; w < words_; ++w) n.domain[w] = nodes_[n.a].domain[w] & (n.s == nullptr ? ~uint64_t{0} : n.s[w]);
      return;
    case Op::kProduct: return copy(n.s);
    case Op::kIdentity:
      if (n.s != nullptr) return copy(n.s);
      [[fallthrough]];
    case Op::kOpt:
    case Op::kInverse: return graze::AddRange(n.domain, 0, size_);
  }
}

Relation RelationPool::Empty() { return {this, Insert({.empty = true})}; }
Relation RelationPool::Identity() { return {this, Insert({.op = Op::kIdentity, .transitive = true})}; }
Relation RelationPool::From(const RowSource* source, uint32_t which, bool transitive) {
  return {this, Insert({.op = Op::kSource, .transitive = transitive, .a = which, .source = source})};
}

// ---- rows

void RelationPool::Compute(const Node& n, uint32_t e) {
  uint64_t* const out = n.rows + size_t{e} * words_;
  if (n.op == Op::kInverse) return InvertAll(n);
  if (n.op == Op::kPlus) {
    Close(n, e);
    return;
  }
  const auto combine = [&](auto combined) {
    const uint64_t* const y = Row(n.b, e);
    for (uint32_t w = 0; w < words_; ++w) out[w] = combined(out[w], y[w]);
  };
  std::fill_n(out, words_, 0);
  Include(n.known, e);
  if (!graze::Has(n.domain, e)) return;
  if (n.op == Op::kAnd || n.op == Op::kMinus || n.op == Op::kOpt) Join(n.a, e, out);
  switch (n.op) {
    case Op::kSource: n.source->FillRow(n.a, e, out); break;
    case Op::kOr:
      Join(n.a, e, out);
      Join(n.b, e, out);
      break;
    case Op::kAnd:
      if (IsZero(out, words_)) break;
      if (nodes_[n.b].op == Op::kInverse) {
        KeepRelatedTo(nodes_[n.b].a, e, out);
        break;
      }
      combine([](uint64_t x, uint64_t y) { return x & y; });
      break;
    case Op::kMinus:
      if (!IsZero(out, words_)) combine([](uint64_t x, uint64_t y) { return x & ~y; });
      break;
    case Op::kSeq: Follow(n.b, Row(n.a, e), out); break;
    case Op::kBetween: {
      const uint64_t* const x = Row(n.a, e);
      for (uint32_t w = 0; w < words_; ++w) out[w] = n.t == nullptr ? x[w] : x[w] & n.t[w];
      break;
    }
    case Op::kProduct: std::copy_n(n.t, words_, out); break;
    case Op::kIdentity:
    case Op::kOpt: Include(out, e); break;
    case Op::kGiven:
    case Op::kPlus:
    case Op::kInverse: break;
  }
}

// Unions of unions are not kept.
void RelationPool::Join(uint32_t node, uint32_t e, uint64_t* out) {
  const Node& n = nodes_[node];
  if (!graze::Has(n.domain, e)) return;
  if (n.op == Op::kOr && !graze::Has(n.known, e)) {
    Join(n.a, e, out);
    Join(n.b, e, out);
    return;
  }
  OrInto(out, Row(node, e), words_);
}

// This is where models spend their time. With the number of words known, what is collected stays in registers.
template <uint32_t kWords>
void RelationPool::Follow(const Node& n, uint32_t node, const uint64_t* from, uint64_t* out) {
  uint64_t found[kWords] = {};
  for (uint32_t w = 0; w < kWords; ++w) {
    uint64_t rest = from[w] & n.domain[w];
    // In a transitive relation, what has been reached leads to nothing new.
    if (n.transitive) rest &= ~found[w];
    while (rest != 0) {
      const uint64_t* const row = Row(node, w * 64 + static_cast<uint32_t>(std::countr_zero(rest)));
      for (uint32_t i = 0; i < kWords; ++i) found[i] |= row[i];
      rest &= rest - 1;
      if (n.transitive) rest &= ~found[w];
    }
  }
  for (uint32_t w = 0; w < kWords; ++w) out[w] |= found[w];
}

void RelationPool::Follow(uint32_t node, const uint64_t* from, uint64_t* out) {
  const Node& n = nodes_[node];
  if (n.op == Op::kOpt) {
    OrInto(out, from, words_);
    return Follow(n.a, from, out);
  }
  switch (words_) {
    case 1: return Follow<1>(n, node, from, out);
    case 2: return Follow<2>(n, node, from, out);
    case 3: return Follow<3>(n, node, from, out);
    case 4: return Follow<4>(n, node, from, out);
    default: break;
  }
  ForEachBit(from, words_, [&](uint32_t e) { OrInto(out, Row(node, e), words_); });
}

// a & b^-1 needs the rows of what `a` relates to, not all.
void RelationPool::KeepRelatedTo(uint32_t node, uint32_t e, uint64_t* row) {
  for (uint32_t w = 0; w < words_; ++w) {
    for (uint64_t rest = row[w]; rest != 0; rest &= rest - 1) {
      const uint32_t from = w * 64 + static_cast<uint32_t>(std::countr_zero(rest));
      if (!graze::Has(Row(node, from), e)) row[w] &= ~(rest & (~rest + 1));
    }
  }
}

void RelationPool::InvertAll(const Node& n) {
  std::fill_n(n.rows, size_t{size_} * words_, 0);
  for (uint32_t e = 0; e < size_; ++e) {
    ForEachBit(Row(n.a, e), words_, [&](uint32_t to) { Include(n.rows + size_t{to} * words_, e); });
  }
  graze::AddRange(n.known, 0, size_);
}

bool RelationPool::Close(const Node& n, uint32_t e) {
  if (depth_ == scratch_.size()) scratch_.emplace_back();
  Scratch* const scratch = &scratch_[depth_++];
  const bool acyclic = Close(n, e, scratch);
  if (!acyclic) Walk(n, e, scratch);
  --depth_;
  return acyclic;
}

// Depth-first search that gives each event its row once those of its successors are complete.
bool RelationPool::Close(const Node& n, uint32_t start, Scratch* scratch) {
  scratch->open.assign(words_, 0);
  std::vector<uint32_t>& stack = scratch->stack;
  stack.assign(1, start);
  while (!stack.empty()) {
    const uint32_t e = stack.back();
    if (graze::Has(n.known, e)) {
      stack.pop_back();
      continue;
    }
    Include(scratch->open.data(), e);
    const uint64_t* const next = Row(n.a, e);
    const size_t depth = stack.size();
    for (uint32_t w = 0; w < words_; ++w) {
      const uint64_t missing = next[w] & ~n.known[w];
      if ((missing & scratch->open[w]) != 0) return false;
      for (uint64_t rest = missing; rest != 0; rest &= rest - 1) stack.push_back(w * 64 + static_cast<uint32_t>(std::countr_zero(rest)));
    }
    if (stack.size() != depth) continue;
    Finish(n, e, next);
    stack.pop_back();
  }
  return true;
}

void RelationPool::Finish(const Node& n, uint32_t e, const uint64_t* next) {
  uint64_t* const out = n.rows + size_t{e} * words_;
  std::fill_n(out, words_, 0);
  for (uint32_t w = 0; w < words_; ++w) {
    // What an earlier successor reaches need not be gone through again.
    for (uint64_t rest = next[w] & ~out[w]; rest != 0; rest = next[w] & ~out[w]) {
      const uint32_t to = w * 64 + static_cast<uint32_t>(std::countr_zero(rest));
      OrInto(out, n.rows + size_t{to} * words_, words_);
      Include(out, to);
    }
  }
  Include(n.known, e);
}

// The row of one event where there are cycles.
void RelationPool::Walk(const Node& n, uint32_t e, Scratch* scratch) {
  uint64_t* const out = n.rows + size_t{e} * words_;
  std::fill_n(out, words_, 0);
  std::vector<uint32_t>& stack = scratch->stack;
  stack.assign(1, e);
  while (!stack.empty()) {
    const uint64_t* const next = Row(n.a, stack.back());
    stack.pop_back();
    for (uint32_t w = 0; w < words_; ++w) {
      for (uint64_t rest = next[w] & ~out[w]; rest != 0; rest &= rest - 1) {
        stack.push_back(w * 64 + static_cast<uint32_t>(std::countr_zero(rest)));
      }
      out[w] |= next[w];
    }
  }
  Include(n.known, e);
}

void RelationPool::Image(uint32_t node, const uint64_t* from, uint64_t* out) {
  const Node& n = nodes_[node];
  if (n.empty) return;
  switch (n.op) {
    case Op::kOr: Image(n.a, from, out); return Image(n.b, from, out);
    case Op::kOpt: OrInto(out, from, words_); return Image(n.a, from, out);
    case Op::kSeq: {
      Set middle = EmptySet();
      Image(n.a, from, middle.bits());
      return Image(n.b, middle.bits(), out);
    }
    default: return Follow(node, from, out);
  }
}

bool RelationPool::IsAcyclic(uint32_t plus) {
  for (uint32_t e = size_; e-- > 0;) {
    const Node& n = nodes_[plus];
    if (!graze::Has(n.known, e) && !Close(n, e)) return false;
  }
  return true;
}

// ---- sets

void Set::AddRange(uint32_t first, uint32_t last) { graze::AddRange(bits_, first, last); }
bool Set::IsEmpty() const { return IsZero(bits_, pool_->words()); }
Set operator|(Set a, Set b) {
  return Bitwise(a, b, [](uint64_t x, uint64_t y) { return x | y; });
}
Set operator&(Set a, Set b) {
  return Bitwise(a, b, [](uint64_t x, uint64_t y) { return x & y; });
}
Set operator-(Set a, Set b) {
  return Bitwise(a, b, [](uint64_t x, uint64_t y) { return x & ~y; });
}
Set Set::operator~() const { return pool_->Everything() - *this; }

// ---- relations

void Relation::Add(uint32_t from, uint32_t to) { AddRange(from, to, to + 1); }

void Relation::AddRange(uint32_t from, uint32_t first, uint32_t last) {
  if (first >= last) return;
  RelationPool::Node& n = pool_->nodes_[node_];
  n.empty = false;
  pool_->Row(node_, from);
  Include(n.domain, from);
  graze::AddRange(n.rows + size_t{from} * pool_->words(), first, last);
}

void Relation::AddImage(Set from, Set* out) const { pool_->Image(node_, from.bits(), out->bits()); }

bool Relation::IsEmpty() const {
  if (pool_->nodes_[node_].empty) return true;
  for (uint32_t e = 0; e < pool_->size(); ++e) {
    if (!IsZero(row(e), pool_->words())) return false;
  }
  return true;
}

bool Relation::IsIrreflexive() const {
  for (uint32_t e = 0; e < pool_->size(); ++e) {
    if (Has(e, e)) return false;
  }
  return true;
}

// Builds expressions, without those parts that are certainly empty.
struct Algebra {
  using Op = RelationPool::Op;
  using Node = RelationPool::Node;
  static const Node& At(Relation a) { return a.pool_->nodes_[a.node_]; }
  static bool IsEmpty(Relation a) { return At(a).empty; }
  static Relation Make(RelationPool* pool, const Node& node) { return {pool, pool->Insert(node)}; }
  static Relation Binary(Op op, Relation a, Relation b) { return Make(a.pool_, {.op = op, .a = a.node_, .b = b.node_}); }
  static Relation Unary(Op op, Relation a, bool transitive) { return Make(a.pool_, {.op = op, .transitive = transitive, .a = a.node_}); }
  static bool IsTransitive(Relation a) { return At(a).transitive; }
  static void SetTransitive(Relation a) { a.pool_->nodes_[a.node_].transitive = true; }
  static Relation Restrict(Relation a, const uint64_t* s, const uint64_t* t) {
    if (IsEmpty(a)) return a;
    const auto none = [&](const uint64_t* set) { return set != nullptr && IsZero(set, a.pool_->words()); };
    if (none(s) || none(t)) return a.pool_->Empty();
    return Make(a.pool_, {.op = Op::kBetween, .transitive = At(a).transitive, .a = a.node_, .s = s, .t = t});
  }
  static bool IsAcyclic(Relation plus) { return plus.pool_->IsAcyclic(plus.node_); }
};

Relation operator|(Relation a, Relation b) {
  if (Algebra::IsEmpty(a)) return b;
  return Algebra::IsEmpty(b) ? a : Algebra::Binary(Algebra::Op::kOr, a, b);
}
Relation operator&(Relation a, Relation b) {
  if (Algebra::IsEmpty(a)) return a;
  return Algebra::IsEmpty(b) ? b : Algebra::Binary(Algebra::Op::kAnd, a, b);
}
Relation operator-(Relation a, Relation b) {
  return Algebra::IsEmpty(a) || Algebra::IsEmpty(b) ? a : Algebra::Binary(Algebra::Op::kMinus, a, b);
}
Relation Seq(Relation a, Relation b) {
  if (Algebra::IsEmpty(a)) return a;
  return Algebra::IsEmpty(b) ? b : Algebra::Binary(Algebra::Op::kSeq, a, b);
}
Relation operator*(Set a, Set b) { return Algebra::Make(a.pool(), {.op = Algebra::Op::kProduct, .s = a.bits(), .t = b.bits()}); }
Relation From(Set s, Relation a) { return Algebra::Restrict(a, s.bits(), nullptr); }
Relation To(Relation a, Set s) { return Algebra::Restrict(a, nullptr, s.bits()); }
Relation Between(Set s, Relation a, Set t) { return Algebra::Restrict(a, s.bits(), t.bits()); }
Relation Id(Set s) {
  return Algebra::Make(s.pool(), {.op = Algebra::Op::kIdentity, .empty = s.IsEmpty(), .transitive = true, .s = s.bits()});
}
Relation Opt(Relation a) {
  return Algebra::IsEmpty(a) ? a.pool()->Identity() : Algebra::Unary(Algebra::Op::kOpt, a, Algebra::IsTransitive(a));
}
Relation Plus(Relation a) { return Algebra::IsEmpty(a) ? a : Algebra::Unary(Algebra::Op::kPlus, a, true); }
Relation Star(Relation a) { return Opt(Plus(a)); }
Relation Inverse(Relation a) { return Algebra::IsEmpty(a) ? a : Algebra::Unary(Algebra::Op::kInverse, a, Algebra::IsTransitive(a)); }

bool IsAcyclic(Relation a, Relation* closure, bool known) {
  *closure = Plus(a);
  return known || Algebra::IsEmpty(a) || Algebra::IsAcyclic(*closure);
}
bool IsAcyclic(Relation a) {
  Relation closure = a;
  return IsAcyclic(a, &closure);
}

Relation Transitive(Relation a) {
  Algebra::SetTransitive(a);
  return a;
}

}  // namespace graze
