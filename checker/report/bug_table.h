// SPDX-License-Identifier: MIT
// Which known bug shows in which generation: the table at the end of a `check` of several generations.
#ifndef CHECKER_REPORT_BUG_TABLE_H_
#define CHECKER_REPORT_BUG_TABLE_H_

#include <functional>
#include <string>
#include <vector>

#include "checker/report/table.h"

namespace graze {

struct BugRow {
  std::string id, title;
  std::vector<std::string> generations;  // that are said to have it
};

// "" if the searches are about fewer than two generations. `could_show` says whether a search is one that shows the bug if it is there,
// `hypothetical` which part of its configuration is the case nowhere, if any: such a search says nothing of its generation.
std::string RenderBugTable(const std::vector<Search>& searches, const std::vector<BugRow>& bugs,
                           const std::function<bool(const std::string& id, const Search& search)>& could_show,
                           const std::function<std::string(const Search& search)>& hypothetical);

}  // namespace graze

#endif  // CHECKER_REPORT_BUG_TABLE_H_
