// SPDX-License-Identifier: MIT
// Where `--json` goes.
#ifndef CHECKER_CLI_JSON_FILE_H_
#define CHECKER_CLI_JSON_FILE_H_

#include <string>

#include <nlohmann/json.hpp>

#include "checker/cli/command.h"

namespace graze {

class JsonFile {
 public:
  // `path` is "-" for the output stream, empty for none. False with one line if the file cannot be written: better now than after the work.
  bool Open(const std::string& path, std::string* error);
  bool Write(const nlohmann::ordered_json& document, const Terminal& terminal, std::string* error) const;

  bool wanted() const { return !path_.empty(); }
  // The output stream carries the document and nothing else.
  bool takes_output() const { return path_ == "-"; }

 private:
  std::string path_;
};

}  // namespace graze

#endif  // CHECKER_CLI_JSON_FILE_H_
