// SPDX-License-Identifier: MIT
#include <cstddef>
#include <utility>
#include <vector>

#include "checker/testing/generate.h"

namespace graze::proof {
namespace {

// Every operation of a thread in text order, addressed by the list that holds it.
struct Place {
  Code* code;
  size_t at;
};

void Places(Code* code, std::vector<Place>* out) {
  for (size_t i = 0; i < code->size(); ++i) {
    out->push_back({code, i});
    Places(&(*code)[i].body, out);
  }
}

std::vector<Place> PlacesOf(Program* program) {
  std::vector<Place> places;
  for (Code& code : program->threads) Places(&code, &places);
  return places;
}

void Erase(const Place& place) { place.code->erase(place.code->begin() + static_cast<std::ptrdiff_t>(place.at)); }

// Takes thread `gone` out, with every create and join of it.
Program WithoutThread(Program program, size_t gone) {
  program.threads.erase(program.threads.begin() + static_cast<std::ptrdiff_t>(gone));
  for (Code& code : program.threads) {
    std::erase_if(code, [gone](const Op& op) {
      return (op.kind == OpKind::kCreate || op.kind == OpKind::kJoin) && op.other == static_cast<int>(gone);
    });
    for (Op& op : code) {
      if ((op.kind == OpKind::kCreate || op.kind == OpKind::kJoin) && op.other > static_cast<int>(gone)) --op.other;
    }
  }
  return program;
}

// All programs one step smaller than `program`, boldest steps first.
std::vector<Program> Smaller(const Program& program) {
  std::vector<Program> result;
  for (size_t t = 0; t < program.threads.size() && program.threads.size() > 1; ++t) result.push_back(WithoutThread(program, t));
  Program copy = program;
  const size_t count = PlacesOf(&copy).size();
  const auto edited = [&](auto edit) {
    Program next = program;
    std::vector<Place> places = PlacesOf(&next);
    if (edit(places)) result.push_back(std::move(next));
  };
  for (size_t i = 0; i < count; ++i) {
    edited([i](std::vector<Place>& places) {
      Erase(places[i]);
      return true;
    });
  }
  // Brackets come in pairs: one of them alone leaves the program malformed.
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = i + 1; j < count; ++j) {
      edited([i, j](std::vector<Place>& places) {
        const OpKind a = (*places[i].code)[places[i].at].kind, b = (*places[j].code)[places[j].at].kind;
        const bool pair = (a == OpKind::kRcuLock && b == OpKind::kRcuUnlock) || (a == OpKind::kLock && b == OpKind::kUnlock) ||
                          (a == OpKind::kTryLock && b == OpKind::kIf) || (a == OpKind::kCreate && b == OpKind::kJoin);
        if (!pair || places[i].code != places[j].code) return false;
        Erase(places[j]);
        Erase(places[i]);
        return true;
      });
    }
  }
  for (size_t i = 0; i < count; ++i) {
    edited([i](std::vector<Place>& places) {
      Code& code = *places[i].code;
      if (code[places[i].at].kind != OpKind::kIf) return false;
      const Code body = std::move(code[places[i].at].body);
      Erase(places[i]);
      code.insert(code.begin() + static_cast<std::ptrdiff_t>(places[i].at), body.begin(), body.end());
      return true;
    });
    edited([i](std::vector<Place>& places) {
      Op& op = (*places[i].code)[places[i].at];
      if (op.value.reg < 0 && op.value.constant <= 1) return false;
      op.value = {.reg = -1, .constant = 1};
      return true;
    });
  }
  return result;
}

}  // namespace

Program Shrink(Program program, const std::function<bool(const Program&)>& fails) {
  for (bool progress = true; progress;) {
    progress = false;
    for (Program& candidate : Smaller(program)) {
      if (!WellFormed(candidate) || !fails(candidate)) continue;
      program = std::move(candidate);
      progress = true;
      break;
    }
  }
  return program;
}

}  // namespace graze::proof
