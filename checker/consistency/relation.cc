// SPDX-License-Identifier: MIT
#include "checker/consistency/relation.h"

#include <algorithm>

namespace graze {
namespace {

template <typename Combine>
Relation Rowwise(Relation a, Relation b, Combine combine) {
  RelationPool* const pool = a.pool();
  Relation result(pool, pool->Matrix());
  const size_t words = size_t{pool->size()} * pool->words();
  uint64_t* const out = result.row(0);
  const uint64_t* const x = a.row(0);
  const uint64_t* const y = b.row(0);
  for (size_t i = 0; i < words; ++i) out[i] = combine(x[i], y[i]);
  return result;
}

template <typename Combine>
Set Bitwise(Set a, Set b, Combine combine) {
  RelationPool* const pool = a.pool();
  uint64_t* const out = pool->Row();
  for (uint32_t i = 0; i < pool->words(); ++i) out[i] = combine(a.bits()[i], b.bits()[i]);
  return {pool, out};
}

void OrInto(uint64_t* into, const uint64_t* from, uint32_t words) {
  for (uint32_t i = 0; i < words; ++i) into[i] |= from[i];
}

// Depth-first search that gives each event its row once those of its successors are complete.
class Closure {
 public:
  Closure(Relation a, Relation result) : a_(a), result_(result), words_(a.pool()->words()), state_(a.pool()->size(), kNew) {}

  bool Run() {
    for (uint32_t e = a_.pool()->size(); e-- > 0;) {
      if (state_[e] == kNew && !Visit(e)) return false;
    }
    return true;
  }

 private:
  enum State : uint8_t { kNew, kOpen, kDone };

  bool Visit(uint32_t start) {
    stack_.assign(1, start);
    while (!stack_.empty()) {
      const uint32_t e = stack_.back();
      if (state_[e] == kDone) {
        stack_.pop_back();
        continue;
      }
      state_[e] = kOpen;
      const size_t depth = stack_.size();
      bool cycle = false;
      ForEachBit(a_.row(e), words_, [&](uint32_t next) {
        cycle |= state_[next] == kOpen;
        if (state_[next] == kNew) stack_.push_back(next);
      });
      if (cycle) return false;
      if (stack_.size() != depth) continue;
      Finish(e);
      stack_.pop_back();
    }
    return true;
  }

  void Finish(uint32_t e) {
    uint64_t* const out = result_.row(e);
    std::fill_n(out, words_, 0);
    for (uint32_t w = 0; w < words_; ++w) {
      // What an earlier successor reaches need not be gone through again.
      for (uint64_t rest = a_.row(e)[w] & ~out[w]; rest != 0; rest = a_.row(e)[w] & ~out[w]) {
        const uint32_t next = w * 64 + static_cast<uint32_t>(std::countr_zero(rest));
        OrInto(out, result_.row(next), words_);
        out[w] |= uint64_t{1} << (next % 64);
      }
    }
    state_[e] = kDone;
  }

  Relation a_, result_;
  uint32_t words_;
  std::vector<uint8_t> state_;
  std::vector<uint32_t> stack_;
};

}  // namespace

uint64_t* RelationPool::Take(size_t words, std::deque<std::vector<uint64_t>>* from, size_t* used) {
  if (*used == from->size()) from->emplace_back();
  std::vector<uint64_t>& block = (*from)[(*used)++];
  if (block.size() < words) block.resize(words);
  return block.data();
}

void RelationPool::Reset(uint32_t size) {
  size_ = size;
  words_ = (size + 63) / 64;
  rows_used_ = matrices_used_ = 0;
}

Set RelationPool::EmptySet() {
  uint64_t* const bits = Row();
  std::fill_n(bits, words_, 0);
  return {this, bits};
}

Set RelationPool::Everything() {
  uint64_t* const bits = Row();
  std::fill_n(bits, words_, ~uint64_t{0});
  if (size_ % 64 != 0) bits[words_ - 1] = (uint64_t{1} << (size_ % 64)) - 1;
  return {this, bits};
}

Relation RelationPool::Empty() {
  uint64_t* const rows = Matrix();
  std::fill_n(rows, size_t{size_} * words_, 0);
  return {this, rows};
}

Relation RelationPool::Identity() {
  Relation result = Empty();
  for (uint32_t e = 0; e < size_; ++e) result.Add(e, e);
  return result;
}

bool Set::IsEmpty() const {
  return std::all_of(bits_, bits_ + pool_->words(), [](uint64_t word) { return word == 0; });
}
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

void Relation::AddRange(uint32_t from, uint32_t first, uint32_t last) {
  uint64_t* const bits = row(from);
  while (first < last) {
    const uint32_t end = std::min(last, (first / 64 + 1) * 64);
    const uint64_t upto = end % 64 == 0 ? ~uint64_t{0} : (uint64_t{1} << (end % 64)) - 1;
    bits[first / 64] |= upto & ~((uint64_t{1} << (first % 64)) - 1);
    first = end;
  }
}

bool Relation::IsEmpty() const {
  return std::all_of(rows_, rows_ + size_t{pool_->size()} * pool_->words(), [](uint64_t word) { return word == 0; });
}

bool Relation::IsIrreflexive() const {
  for (uint32_t e = 0; e < pool_->size(); ++e) {
    if (Has(e, e)) return false;
  }
  return true;
}

Relation operator|(Relation a, Relation b) {
  return Rowwise(a, b, [](uint64_t x, uint64_t y) { return x | y; });
}
Relation operator&(Relation a, Relation b) {
  return Rowwise(a, b, [](uint64_t x, uint64_t y) { return x & y; });
}
Relation operator-(Relation a, Relation b) {
  return Rowwise(a, b, [](uint64_t x, uint64_t y) { return x & ~y; });
}

namespace {

// With the number of words known, a row of the result stays in registers. This is where models spend their time.
template <uint32_t kWords>
void Compose(Relation a, Relation b, Relation result) {
  const uint64_t* const rows = b.row(0);
  for (uint32_t e = 0; e < a.pool()->size(); ++e) {
    const uint64_t* const from = a.row(e);
    uint64_t out[kWords] = {};
    for (uint32_t w = 0; w < kWords; ++w) {
      for (uint64_t rest = from[w]; rest != 0; rest &= rest - 1) {
        const uint64_t* const next = rows + size_t{w * 64 + static_cast<uint32_t>(std::countr_zero(rest))} * kWords;
        for (uint32_t i = 0; i < kWords; ++i) out[i] |= next[i];
      }
    }
    std::copy_n(out, kWords, result.row(e));
  }
}

}  // namespace

Relation Seq(Relation a, Relation b) {
  RelationPool* const pool = a.pool();
  const uint32_t words = pool->words();
  Relation result(pool, pool->Matrix());
  switch (words) {
    case 1: Compose<1>(a, b, result); return result;
    case 2: Compose<2>(a, b, result); return result;
    case 3: Compose<3>(a, b, result); return result;
    case 4: Compose<4>(a, b, result); return result;
    default: break;
  }
  for (uint32_t e = 0; e < pool->size(); ++e) {
    uint64_t* const out = result.row(e);
    std::fill_n(out, words, 0);
    ForEachBit(a.row(e), words, [&](uint32_t next) { OrInto(out, b.row(next), words); });
  }
  return result;
}

Relation operator*(Set a, Set b) {
  RelationPool* const pool = a.pool();
  Relation result = pool->Empty();
  ForEachBit(a.bits(), pool->words(), [&](uint32_t e) { std::copy_n(b.bits(), pool->words(), result.row(e)); });
  return result;
}

Relation From(Set s, Relation a) {
  RelationPool* const pool = a.pool();
  Relation result(pool, pool->Matrix());
  for (uint32_t e = 0; e < pool->size(); ++e) {
    if (s.Has(e)) {
      std::copy_n(a.row(e), pool->words(), result.row(e));
    } else {
      std::fill_n(result.row(e), pool->words(), 0);
    }
  }
  return result;
}

Relation To(Relation a, Set s) {
  RelationPool* const pool = a.pool();
  Relation result(pool, pool->Matrix());
  for (uint32_t e = 0; e < pool->size(); ++e) {
    for (uint32_t w = 0; w < pool->words(); ++w) result.row(e)[w] = a.row(e)[w] & s.bits()[w];
  }
  return result;
}

Relation Between(Set s, Relation a, Set t) {
  RelationPool* const pool = a.pool();
  Relation result(pool, pool->Matrix());
  for (uint32_t e = 0; e < pool->size(); ++e) {
    const uint64_t all = s.Has(e) ? ~uint64_t{0} : 0;
    for (uint32_t w = 0; w < pool->words(); ++w) result.row(e)[w] = a.row(e)[w] & t.bits()[w] & all;
  }
  return result;
}

Relation Id(Set s) {
  Relation result = s.pool()->Empty();
  ForEachBit(s.bits(), s.pool()->words(), [&](uint32_t e) { result.Add(e, e); });
  return result;
}

Relation Opt(Relation a) {
  RelationPool* const pool = a.pool();
  Relation result(pool, pool->Matrix());
  std::copy_n(a.row(0), size_t{pool->size()} * pool->words(), result.row(0));
  for (uint32_t e = 0; e < pool->size(); ++e) result.Add(e, e);
  return result;
}

Relation Plus(Relation a) {
  RelationPool* const pool = a.pool();
  Relation result(pool, pool->Matrix());
  if (Closure(a, result).Run()) return result;
  std::copy_n(a.row(0), size_t{pool->size()} * pool->words(), result.row(0));
  for (uint32_t middle = 0; middle < pool->size(); ++middle) {
    for (uint32_t e = 0; e < pool->size(); ++e) {
      if (result.Has(e, middle)) OrInto(result.row(e), result.row(middle), pool->words());
    }
  }
  return result;
}

Relation Star(Relation a) { return Opt(Plus(a)); }

Relation Inverse(Relation a) {
  RelationPool* const pool = a.pool();
  Relation result = pool->Empty();
  for (uint32_t e = 0; e < pool->size(); ++e) {
    ForEachBit(a.row(e), pool->words(), [&](uint32_t to) { result.Add(to, e); });
  }
  return result;
}

bool IsAcyclic(Relation a, Relation* closure) {
  *closure = Relation(a.pool(), a.pool()->Matrix());
  return Closure(a, *closure).Run();
}

bool IsAcyclic(Relation a) {
  Relation closure = a;
  return IsAcyclic(a, &closure);
}

}  // namespace graze
