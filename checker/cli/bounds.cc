// SPDX-License-Identifier: MIT
#include "checker/cli/bounds.h"

#include <algorithm>
#include <deque>
#include <map>
#include <sstream>
#include <utility>

#include "checker/base/check.h"
#include "checker/base/strings.h"
#include "checker/cli/flags.h"

namespace graze {

std::string BoundFlag(const std::string& name) {
  std::string flag = name;
  std::ranges::replace(flag, ' ', '-');
  return flag;
}

std::string RangeText(const SettableBound& bound) { return std::to_string(bound.min) + " to " + std::to_string(bound.max); }

std::string SettableText(const Variant& variant) {
  std::vector<std::string> parts;
  for (const SettableBound& bound : variant.settable)
    parts.push_back(BoundFlag(bound.name) + " " + std::to_string(bound.min) + "-" + std::to_string(bound.max));
  return Join(parts, ", ");
}

std::vector<SettableBound> KnownSettableBounds() {
  std::map<std::string, SettableBound> known;
  for (const Scenario* scenario : RegisteredScenarios()) {
    for (const Variant& variant : scenario->variants) {
      for (const SettableBound& bound : variant.settable) {
        SettableBound& widest = known.emplace(bound.name, bound).first->second;
        widest.min = std::min(widest.min, bound.min);
        widest.max = std::max(widest.max, bound.max);
      }
    }
  }
  std::vector<SettableBound> bounds;
  for (auto& [name, bound] : known) bounds.push_back(std::move(bound));
  return bounds;
}

bool ParseBoundSettings(const std::string& text, BoundSettings* settings) {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const size_t at = word.find('=');
    BoundSetting setting;
    if (at == std::string::npos || at == 0 || !ParseCount(word.substr(at + 1), UINT64_MAX, &setting.value)) return false;
    setting.flag = word.substr(0, at);
    settings->push_back(std::move(setting));
  }
  return true;
}

const Variant* WithBounds(const Variant& variant, const BoundSettings& settings, std::string* why_not) {
  static std::deque<Variant>* const kept = new std::deque<Variant>;
  std::vector<uint64_t> values;
  for (const SettableBound& bound : variant.settable) values.push_back(bound.own);
  for (const BoundSetting& setting : settings) {
    const auto bound =
        std::ranges::find_if(variant.settable, [&](const SettableBound& each) { return BoundFlag(each.name) == setting.flag; });
    if (bound == variant.settable.end()) {
      *why_not = "no " + setting.flag + " to set";
      return nullptr;
    }
    if (setting.value < bound->min || setting.value > bound->max) {
      *why_not = setting.flag + " is " + RangeText(*bound);
      return nullptr;
    }
    values[static_cast<size_t>(bound - variant.settable.begin())] = setting.value;
  }
  const auto is_own = [&](size_t i) { return values[i] == variant.settable[i].own; };
  std::vector<std::string> set;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!is_own(i)) set.push_back(BoundFlag(variant.settable[i].name) + "=" + std::to_string(values[i]));
  }
  if (set.empty()) return &variant;
  Variant changed;
  if (!variant.rebound(variant, values, &changed, why_not)) return nullptr;
  for (size_t i = 0; i < values.size(); ++i) {
    if (is_own(i)) continue;
    const auto printed = std::ranges::find_if(changed.bounds, [&](const Bound& each) { return each.name == variant.settable[i].name; });
    // Nobody could tell the verdict from one within the scenario's own bounds.
    GRAZE_CHECK(printed != changed.bounds.end() && printed->value == std::to_string(values[i]));
    printed->own = std::to_string(variant.settable[i].own);
  }
  changed.bounds_set = Join(set, " ");
  return &kept->emplace_back(std::move(changed));
}

}  // namespace graze
