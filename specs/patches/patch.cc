// SPDX-License-Identifier: MIT
// Builds the command once more, with a copy of a port that a user's patch was applied to.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "checker/base/hash.h"
#include "checker/base/process.h"
#include "checker/cli/command.h"
#include "model/cpumap/generations.h"
#include "specs/patches/build_tree.h"

namespace specs {
namespace {

namespace fs = std::filesystem;

std::string FolderOf(std::string generation) {
  std::ranges::replace(generation, '.', '_');
  return generation;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// "hunk 12 124 2" -> words for people.
std::string FactOf(const std::string& line) {
  std::istringstream words(line);
  std::string key, rest;
  words >> key;
  if (key == "hunk") {
    size_t at = 0, place = 0, given_up = 0;
    words >> at >> place >> given_up;
    std::string text = "hunk of line " + std::to_string(at) + " applied at line " + std::to_string(place);
    if (given_up > 0) text += ", without " + std::to_string(given_up) + (given_up == 1 ? " line" : " lines") + " of its context";
    return text;
  }
  std::getline(words >> std::ws, rest);
  return key == "path" ? "applied to a copy of " + rest : "note: " + rest;
}

// The compiler's first complaint, with the copy's path, which a compiler cache may make relative, shortened to the port's.
std::string FirstError(const std::string& output, const fs::path& copy) {
  const std::string folder = (copy.parent_path().filename() / copy.filename() / "").string();
  static const std::regex complaint("^(.*:\\d+):\\d+: (?:fatal )?error: (.*)$");
  for (std::string line : Lines(output)) {
    std::smatch parts;
    if (std::regex_match(line, parts, complaint)) {
      std::string where = parts[1];
      if (const size_t at = where.find(folder); at != std::string::npos) where.erase(0, at + folder.size());
      return where + ": " + std::string(parts[2]);
    }
    if (const size_t at = line.find("undefined reference"); at != std::string::npos) return line.substr(at);
  }
  const std::vector<std::string> lines = Lines(output);
  return lines.empty() ? "the build says nothing" : lines.back();
}

std::string HashOf(const fs::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  graze::Hasher hasher;
  hasher.Add(text.str());
  std::ostringstream hex;
  hex << std::hex << (hasher.value() >> 32);
  return hex.str();
}

bool ApplyPatch(const BuildTree& tree, const graze::PatchRequest& request, const std::string& copy, graze::PatchedProgram* patched,
                std::string* error) {
  std::string output;
  const int code = graze::RunProgram({"python3", tree.source + "/specs/patches/apply_patch.py", request.file, "--generation",
                                      patched->generation, "--source", tree.source, "--output", copy},
                                     graze::ErrorStream::kWithOutput, &output);
  const std::vector<std::string> lines = Lines(output);
  if (code != 0) {
    *error = code == 127 ? "applying a patch takes python3, which does not start" : lines.empty() ? "apply_patch.py failed" : lines.back();
    return false;
  }
  std::ranges::transform(lines, std::back_inserter(patched->facts), &FactOf);
  return true;
}

bool BuildPatched(const graze::PatchRequest& request, graze::PatchedProgram* patched, std::string* error) {
  BuildTree tree;
  if (!FindBuildTree(&tree, error)) {
    *error = "--patch: " + *error;
    return false;
  }
  patched->generation = request.generation.empty() ? std::string(cpumap::Generations().back()->name) : request.generation;
  if (fs::exists(request.file) && !fs::is_regular_file(request.file)) {
    *error = "'" + request.file + "' is no regular file; write the diff to one, which is read more than once";
    return false;
  }
  if (!fs::exists(request.file)) {
    *error = "no file '" + request.file + "'; --patch takes a unified diff of kernel/bpf/cpumap.c or of its port";
    return false;
  }
  const std::string folder = FolderOf(patched->generation);
  const std::string copy = tree.build + "/patched/" + folder;
  const BuildLock lock(tree);
  if (!ApplyPatch(tree, request, copy, patched, error)) return false;
  std::string output;
  const std::string target = "patched_" + folder;
  if (graze::RunProgram({"cmake", "--build", tree.build, "--target", target}, graze::ErrorStream::kWithOutput, &output) != 0) {
    const std::string log = copy + "/build.log";
    std::ofstream(log) << output;
    *error = request.file + " does not compile: " + FirstError(output, copy) + " (the copy is in " + copy +
             ", all of the compiler's words in " + log + ")";
    return false;
  }
  // Kept under a name of its own, so that tokens of this patch can be replayed after the next one.
  // And one that a shell takes for one word, as it stands in replay lines.
  std::string stem = fs::path(request.file).stem().string();
  std::ranges::replace_if(stem, [](unsigned char c) { return std::isalnum(c) == 0 && c != '.' && c != '_' && c != '-'; }, '_');
  const fs::path kept = tree.build + "/patched/bin/" + stem + "-" + HashOf(request.file);
  std::error_code failed;
  fs::create_directories(kept.parent_path(), failed);
  fs::copy_file(tree.build + "/patched/bin/" + target, kept, fs::copy_options::overwrite_existing, failed);
  if (failed) {
    *error = "cannot write " + kept.string() + ": " + failed.message();
    return false;
  }
  patched->program = kept.string();
  return true;
}

[[maybe_unused]] const bool registered = graze::RegisterPatchBuilder(&BuildPatched);

}  // namespace
}  // namespace specs
