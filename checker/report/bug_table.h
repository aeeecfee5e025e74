// SPDX-License-Identifier: MIT
// Which known bug shows in which generation: the table at the end of a `check` of several generations.
#ifndef CHECKER_REPORT_BUG_TABLE_H_
#define CHECKER_REPORT_BUG_TABLE_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "checker/report/table.h"

namespace graze {

struct BugRow {
  std::string id, title;
  std::vector<std::string> generations;  // that are said to have it
};

// What the table asks about searches.
struct BugTableQueries {
  // Is it one that shows the bug if it is there?
  std::function<bool(const std::string& id, const Search& search)> could_show;
  // Which part of its configuration is the case nowhere, if any: such a search says nothing of its generation.
  std::function<std::string(const Search& search)> hypothetical;
  // Is there a search of that generation that could show the bug and is not among those of the table? Without it there is none.
  std::function<bool(const std::string& id, const std::string& generation)> left_out = nullptr;
  // What is special about it, by letters. A bug that shows only in searches with a letter has it in its cell.
  std::function<std::map<std::string, std::string>(const std::string& id, const Search& search)> conditions;
};

// "" if the searches are about fewer than two generations. Bugs are sorted by number.
std::string RenderBugTable(const std::vector<Search>& searches, std::vector<BugRow> bugs, const BugTableQueries& queries);

}  // namespace graze

#endif  // CHECKER_REPORT_BUG_TABLE_H_
