// SPDX-License-Identifier: MIT
#include "checker/explore/names.h"

#include <cstdio>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/api/explore.h"

namespace graze {
namespace {

using FieldTable = std::map<std::pair<std::string, std::string>, std::vector<FieldName>>;  // by owner and type
using PrinterTable = std::map<std::pair<std::string, std::string>, std::string (*)(uint64_t)>;

FieldTable& Fields() {
  static auto* table = new FieldTable;
  return *table;
}

// Whose fields come first; outlives executions.
const char*& FieldsInUse() {
  static const char* of = "";
  return of;
}

PrinterTable& Printers() {
  static auto* table = new PrinterTable;
  return *table;
}

std::map<std::string_view, const char*>& LifetimeRules() {
  static auto* table = new std::map<std::string_view, const char*>;
  return *table;
}

std::string Hex(uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

// The field of `type` at `offset`: its plain name and its name with an index.
bool FindField(const std::string& type, uint64_t offset, std::string* plain, std::string* indexed) {
  auto it = Fields().find({FieldsInUse(), type});
  if (it == Fields().end()) it = Fields().find({"", type});
  if (it == Fields().end()) return false;
  for (const FieldName& field : it->second) {
    for (uint32_t i = 0; i < field.count; ++i) {
      const uint64_t begin = field.offset + uint64_t{i} * field.stride;
      if (offset < begin || offset >= begin + field.size) continue;
      *plain = field.name;
      *indexed = field.stride == 0 ? field.name : std::string(field.name) + "[" + std::to_string(i) + "]";
      if (offset > begin) *indexed += "+" + std::to_string(offset - begin);
      return true;
    }
  }
  return false;
}

}  // namespace

void RegisterFields(const char* type, std::vector<FieldName> fields, const char* of) { Fields()[{of, type}] = std::move(fields); }

void UseFieldsOf(const char* of) { FieldsInUse() = of; }

void RegisterValuePrinter(const char* type, const char* field, std::string (*print)(uint64_t value)) { Printers()[{type, field}] = print; }

void RegisterLifetimeRule(const char* type, const char* rule) { LifetimeRules()[type] = rule; }

namespace internal {

const char* LifetimeRuleOf(const Object* object) {
  const auto rule = object == nullptr ? LifetimeRules().end() : LifetimeRules().find(object->type);
  return rule == LifetimeRules().end() ? "I-UAF" : rule->second;
}

std::string ObjectText(const Runtime& runtime, const Object& object) {
  if (!object.name.empty()) return object.name;
  int number = 0;
  for (const Object& other : runtime.objects()) {
    if (std::string_view(other.type) == object.type) ++number;
    if (&other == &object) break;
  }
  return std::string(object.type) + "#" + std::to_string(number);
}

std::string LocationText(const Runtime& runtime, uintptr_t address) {
  if (const Runtime::LocationName* const name = runtime.FindLocationName(address)) return name->name;
  const Object* const object = runtime.FindObject(address);
  if (object == nullptr) return Hex(address);
  const uint64_t offset = address - object->address;
  std::string plain;
  std::string indexed;
  if (FindField(object->type, offset, &plain, &indexed)) return ObjectText(runtime, *object) + "." + indexed;
  return ObjectText(runtime, *object) + (offset == 0 ? "" : "+" + std::to_string(offset));
}

std::string ValueText(const Runtime& runtime, uintptr_t location, uint32_t size, uint64_t value) {
  const Object* const holder = runtime.FindObject(location);
  if (holder != nullptr) {
    std::string plain;
    std::string indexed;
    if (FindField(holder->type, location - holder->address, &plain, &indexed)) {
      const auto it = Printers().find({holder->type, plain});
      if (it != Printers().end()) return it->second(value);
    }
  }
  if (size == 8) {
    const Object* const object = runtime.FindObject(value);
    if (object != nullptr) {
      const uint64_t offset = value - object->address;
      std::string text = ObjectText(runtime, *object);
      std::string plain;
      std::string indexed;
      if (offset != 0)
        text = "&" + (FindField(object->type, offset, &plain, &indexed) ? text + "." + indexed : text + "+" + std::to_string(offset));
      return text;
    }
    if (const Runtime::LocationName* const name = runtime.FindLocationName(value)) return "&" + name->name;
    if (value > 0xffff'ffff && static_cast<int64_t>(value) > 0) return Hex(value);
  }
  const unsigned bits = size * 8;
  const int64_t sign_extended = bits >= 64 ? static_cast<int64_t>(value) : static_cast<int64_t>(value << (64 - bits)) >> (64 - bits);
  if (sign_extended < 0 && sign_extended > -4096) return std::to_string(sign_extended);
  return value < 100'000 ? std::to_string(value) : Hex(value);
}

}  // namespace internal
}  // namespace graze
