// SPDX-License-Identifier: MIT
#include "checker/cli/json_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "checker/report/json.h"

namespace graze {

bool JsonFile::Open(const std::string& path, std::string* error) {
  path_ = path;
  if (path.empty() || path == "-") return true;
  errno = 0;
  std::ofstream probe(path, std::ios::app);
  if (probe) return true;
  *error =
      "cannot write '" + path + "' (" + (errno != 0 ? std::strerror(errno) : "unknown reason") + "); name a file in an existing folder";
  return false;
}

bool JsonFile::Write(const nlohmann::ordered_json& document, const Terminal& terminal, std::string* error) const {
  if (path_.empty()) return true;
  const std::string text = Dump(document);
  if (path_ == "-") {
    terminal.out << text << std::flush;
    return true;
  }
  std::ofstream file(path_, std::ios::trunc);
  file << text << std::flush;
  if (file) return true;
  *error = "writing '" + path_ + "' failed; is the disk full?";
  return false;
}

}  // namespace graze
