// SPDX-License-Identifier: MIT
#include "checker/runtime/symbolize.h"

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <link.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <unordered_map>
#include <vector>

namespace graze {
namespace {

// ---- paths ----------------------------------------------------------------------------------------------------------------------

std::string SourceRoot() {
#ifdef GRAZE_SOURCE_DIR
  std::string root = GRAZE_SOURCE_DIR;
#else
  constexpr std::string_view kThisFile = "checker/runtime/symbolize.cc";
  std::string root = __FILE__;
  if (root.size() < kThisFile.size() || !root.ends_with(kThisFile)) return "";
  root.resize(root.size() - kThisFile.size());
#endif
  if (root.empty()) return root;
  root = std::filesystem::path(root).lexically_normal().string();
  if (!root.ends_with('/')) root += '/';
  return root;
}

// Code that stands between the user's line and the engine, and that nobody wants to see in a trace.
bool IsWrapper(std::string_view file) {
  constexpr std::array<std::string_view, 4> kWrappers = {"checker/api/", "checker/runtime/", "model/kernel/", "/usr/"};
  if (file.starts_with("model/kernel/ptr_ring") || file.find("_test.") != std::string_view::npos) return false;
  for (std::string_view prefix : kWrappers) {
    if (file.starts_with(prefix)) return true;
  }
  return false;
}

// ---- mappings -------------------------------------------------------------------------------------------------------------------

struct Lookup {
  uintptr_t address;
  bool executable;
};

int FindInModule(dl_phdr_info* info, size_t /*size*/, void* data) {
  auto* lookup = static_cast<Lookup*>(data);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
    const uintptr_t begin = info->dlpi_addr + header.p_vaddr;
    if (lookup->address >= begin && lookup->address - begin < header.p_memsz) {
      lookup->executable = true;
      return 1;
    }
  }
  return 0;
}

// ---- debug information ----------------------------------------------------------------------------------------------------------

Dwfl* LoadDebugInfo() {
  static char* debuginfo_path = nullptr;
  static const Dwfl_Callbacks callbacks = {
      .find_elf = dwfl_linux_proc_find_elf,
      // Only what is on this machine beside the binary: a lookup must never reach out to the network.
      .find_debuginfo = [](Dwfl_Module*, void**, const char*, Dwarf_Addr, const char*, const char*, GElf_Word, char**) { return -1; },
      .section_address = nullptr,
      .debuginfo_path = &debuginfo_path,
  };
  Dwfl* dwfl = dwfl_begin(&callbacks);
  if (dwfl == nullptr) return nullptr;
  if (dwfl_linux_proc_report(dwfl, getpid()) != 0 || dwfl_report_end(dwfl, nullptr, nullptr) != 0) {
    dwfl_end(dwfl);
    return nullptr;
  }
  return dwfl;
}

std::string DieName(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  const char* name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
  return name != nullptr ? name : "";
}

// libdw completes relative names with the directory of compilation, which is no place of sources (a build may map the root away).
std::string SourceFile(Dwarf_Die* unit, const char* file) {
  if (file == nullptr) return "?";
  std::string_view path = file;
  Dwarf_Attribute attribute;
  const char* const name = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
  const std::string_view directory = name != nullptr ? name : "";
  const bool completed =
      !directory.empty() && path.size() > directory.size() && path.starts_with(directory) && path[directory.size()] == '/';
  std::string relative = RelativeSourcePath(path);
  // With the root mapped away the directory is a relative one, and so is what it was put before.
  if (!relative.starts_with('/') && !(completed && !directory.starts_with('/'))) return relative;
  if (completed) {
    path.remove_prefix(directory.size());
    while (path.starts_with('/')) path.remove_prefix(1);
  }
  return RelativeSourcePath(path);
}

// Where an inlined body was called from.
bool CallPosition(Dwarf_Die* unit, Dwarf_Die* inlined, SourcePosition* position) {
  Dwarf_Attribute attribute;
  Dwarf_Word line = 0, index = 0;
  if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) != 0) return false;
  if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &index) != 0) return false;
  Dwarf_Files* files = nullptr;
  size_t count = 0;
  if (dwarf_getsrcfiles(unit, &files, &count) != 0 || index >= count) return false;
  position->file = SourceFile(unit, dwarf_filesrc(files, index, nullptr, nullptr));
  position->line = static_cast<unsigned>(line);
  return true;
}

// Appends the functions at `pc` below `parent`, outermost first: one that stands in the binary, then bodies inlined into it. (libdw's own
// dwarf_getscopes does not look into namespaces, where Clang keeps the functions.)
void FunctionsAt(Dwarf_Die* parent, Dwarf_Addr pc, std::vector<Dwarf_Die>* chain) {
  Dwarf_Die child;
  if (dwarf_child(parent, &child) != 0) return;
  do {
    switch (dwarf_tag(&child)) {
      case DW_TAG_namespace:
      case DW_TAG_structure_type:
      case DW_TAG_class_type: FunctionsAt(&child, pc, chain); break;
      case DW_TAG_subprogram:
      case DW_TAG_inlined_subroutine:
        if (dwarf_haspc(&child, pc) <= 0) continue;
        chain->push_back(child);
        FunctionsAt(&child, pc, chain);
        return;
      case DW_TAG_lexical_block:
        if (dwarf_haspc(&child, pc) > 0) FunctionsAt(&child, pc, chain);
        break;
      default: break;
    }
  } while (dwarf_siblingof(&child, &child) == 0);
}

// Clang writes no address ranges table, so the units of the module are searched as well.
Dwarf_Die* UnitAt(Dwfl* dwfl, Dwarf_Addr pc, Dwarf_Addr* bias) {
  if (Dwarf_Die* unit = dwfl_addrdie(dwfl, pc, bias); unit != nullptr) return unit;
  Dwfl_Module* module = dwfl_addrmodule(dwfl, pc);
  if (module == nullptr) return nullptr;
  Dwarf_Die* unit = nullptr;
  while ((unit = dwfl_module_nextcu(module, unit, bias)) != nullptr) {
    if (dwarf_haspc(unit, pc - *bias) > 0) return unit;
  }
  return nullptr;
}

// What the symbol table says, for code without debug information.
std::string SymbolName(Dwfl* dwfl, Dwarf_Addr pc) {
  Dwfl_Module* module = dwfl_addrmodule(dwfl, pc);
  const char* symbol = module != nullptr ? dwfl_module_addrname(module, pc) : nullptr;
  if (symbol == nullptr) return "?";
  int status = 0;
  char* plain = abi::__cxa_demangle(symbol, nullptr, nullptr, &status);
  std::string name = plain != nullptr ? BareFunctionName(plain) : symbol;
  free(plain);
  return name;
}

SourcePosition FromCode(Site site) {
  static Dwfl* const dwfl = LoadDebugInfo();
  SourcePosition position{"?", "?", 0};
  if (dwfl == nullptr) return position;
  // A return address may already belong to the next statement.
  const Dwarf_Addr pc = reinterpret_cast<uintptr_t>(site) - 1;
  Dwarf_Addr bias = 0;
  Dwarf_Die* unit = UnitAt(dwfl, pc, &bias);
  // Clang's line tables name functions only where something was inlined.
  position.function = SymbolName(dwfl, pc);
  if (unit == nullptr) return position;
  if (Dwarf_Line* row = dwarf_getsrc_die(unit, pc - bias); row != nullptr) {
    int line = 0;
    position.file = SourceFile(unit, dwarf_linesrc(row, nullptr, nullptr));
    if (dwarf_lineno(row, &line) == 0) position.line = static_cast<unsigned>(line);
  }
  std::vector<Dwarf_Die> chain;
  FunctionsAt(unit, pc - bias, &chain);
  for (auto die = chain.rbegin(); die != chain.rend(); ++die) {
    if (std::string name = DieName(&*die); !name.empty()) position.function = name;
    if (!IsWrapper(position.file) || dwarf_tag(&*die) != DW_TAG_inlined_subroutine) break;
    if (!CallPosition(unit, &*die, &position)) break;
  }
  return position;
}

SourcePosition FromSource(Site site) {
  const auto* source = static_cast<const SourceSite*>(site);
  return {.file = source->file != nullptr ? RelativeSourcePath(source->file) : "?",
          .function = source->func != nullptr ? BareFunctionName(source->func) : "?",
          .line = source->line};
}

bool IsIdentifierPart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '~'; }

void EraseAll(std::string* text, std::string_view what) {
  for (size_t at = text->find(what); at != std::string::npos; at = text->find(what, at)) text->erase(at, what.size());
}

// Position of the parenthesis that opens the parameters: the first outside angle brackets.
size_t ParameterList(std::string_view name) {
  int depth = 0;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '<') ++depth;
    if (name[i] == '>' && depth > 0 && (i == 0 || name[i - 1] != '-')) --depth;
    if (name[i] == '(' && depth == 0) return i;
  }
  return std::string_view::npos;
}

}  // namespace

std::string RelativeSourcePath(std::string_view path) {
  static const std::string root = SourceRoot();
  std::string normal = std::filesystem::path(path).lexically_normal().string();
  if (!root.empty() && normal.size() > root.size() && normal.starts_with(root)) normal.erase(0, root.size());
  return normal.empty() ? "?" : normal;
}

std::string BareFunctionName(std::string_view pretty) {
  std::string name(pretty);
  EraseAll(&name, "(anonymous namespace)::");
  EraseAll(&name, "{anonymous}::");
  if (const size_t with = name.find(" [with "); with != std::string::npos) name.resize(with);
  if (const size_t with = name.find(" [T = "); with != std::string::npos) name.resize(with);
  size_t operator_at = name.find("operator");
  if (operator_at != std::string::npos && operator_at > 0 && IsIdentifierPart(name[operator_at - 1])) operator_at = std::string::npos;
  size_t end = ParameterList(name);
  if (operator_at != std::string::npos && (end == std::string::npos || operator_at < end)) {
    end = name.find('(', operator_at + 8 + (name.compare(operator_at, 10, "operator()") == 0 ? 2 : 0));
    return name.substr(operator_at, end == std::string::npos ? end : end - operator_at);
  }
  if (end == std::string::npos) end = name.size();
  // Template arguments of the function itself are no part of its name.
  if (end > 0 && name[end - 1] == '>') {
    int depth = 0;
    while (end > 0) {
      --end;
      if (name[end] == '>') ++depth;
      if (name[end] == '<' && --depth == 0) break;
    }
  }
  size_t begin = end;
  while (begin > 0 && IsIdentifierPart(name[begin - 1])) --begin;
  return begin == end ? std::string(pretty) : name.substr(begin, end - begin);
}

SiteTag ClassifySite(Site site) {
  if (site == nullptr) return SiteTag::kAbsent;
  Lookup lookup{reinterpret_cast<uintptr_t>(site), false};
  dl_iterate_phdr(&FindInModule, &lookup);
  return lookup.executable ? SiteTag::kCode : SiteTag::kSource;
}

SourcePosition Symbolize(Site site) {
  static std::unordered_map<Site, SourcePosition> cache;
  if (auto known = cache.find(site); known != cache.end()) return known->second;
  SourcePosition position{"?", "?", 0};
  switch (ClassifySite(site)) {
    case SiteTag::kAbsent: break;
    case SiteTag::kSource: position = FromSource(site); break;
    case SiteTag::kCode: position = FromCode(site); break;
  }
  return cache.emplace(site, position).first->second;
}

}  // namespace graze
