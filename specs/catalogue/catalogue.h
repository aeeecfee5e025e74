// SPDX-License-Identifier: MIT
// The catalogue of bugs that cpumap had: what each was, what fixed it, and how a violation is recognised as one of them.
//
// Recognition is by a predicate over the violation alone (rule, objects, actors, steps), so that a bug is named in whatever scenario it
// shows, and a violation that matches no predicate stays unnamed.
#ifndef SPECS_CATALOGUE_CATALOGUE_H_
#define SPECS_CATALOGUE_CATALOGUE_H_

#include <string>
#include <vector>

#include "checker/api/scenario.h"
#include "checker/verdict/violation.h"

namespace specs {

// How a bug that nothing fixed came to an end, or whose it is.
struct Gone {
  std::string summary;  // "gone since v4.20", empty = it is there
  std::string why;
};

struct CatalogueEntry {
  std::string id;
  std::string title;
  std::string run;             // the shortest story: who does what until it goes wrong
  std::string fixed_by;        // upstream commit, or its subject where no id is established; empty = none
  std::string date;            // of the fix, as far as known
  std::string cve;             // empty = none
  std::string generations;     // those of the ports that have it
  std::string mask = {};       // the assumption under which it cannot show
  std::string needs = {};      // the configuration without which it cannot
  std::string scenario = {};   // if not empty: what it needs (a faulty driver or program) is done only by scenarios whose names begin so
  bool needs_frame = false;    // shows only where there is traffic
  bool weak = false;           // shows only under memory models weaker than tso
  std::string came = {};       // what brought it, if that is younger than the oldest generation ported
  Gone gone = {};              // of a bug without a fix of its own
  std::string mutation = {};   // what shows it, if no generation ported has it
  std::string not_shown = {};  // why nothing here does
  // The part of a configuration with which it shows in a generation that does not have it, and that no kernel of that generation is.
  std::string hypothetical = {};
  bool (*matches)(const graze::Violation&) = nullptr;  // null: not recognised yet
};

// Every entry, in the order in which predicates are asked. No two predicates match the same violation.
const std::vector<CatalogueEntry>& Catalogue();

// The entry with this id or CVE number, in any case; null if there is none.
const CatalogueEntry* FindCatalogueEntry(const std::string& id_or_cve);

// The id of the entry that `violation` is an instance of, or "".
std::string ClassifyViolation(const graze::Violation& violation);

// Why `generation` does not have the bug: "fixed by 436901649731, 2023-07-11"; "" if it has it, or is none of those ported.
std::string WhyAbsent(const CatalogueEntry& entry, const std::string& generation);

// True if exploring this variant can show the bug.
bool CanShow(const std::string& id, const std::string& scenario, const std::string& generation, const std::string& configuration);

}  // namespace specs

#endif  // SPECS_CATALOGUE_CATALOGUE_H_
