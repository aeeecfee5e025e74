// SPDX-License-Identifier: MIT
#include <algorithm>

#include "checker/api/explore.h"
#include "checker/base/strings.h"
#include "checker/cli/built_in.h"
#include "checker/cli/flags.h"
#include "checker/cli/selection.h"
#include "checker/report/json.h"
#include "checker/report/table.h"

namespace graze {
namespace {

struct Listing {
  std::string name;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

std::string BoundsText(const Variant& variant) {
  std::vector<std::string> parts;
  for (const Bound& bound : variant.bounds) parts.push_back(TextOf(bound));
  return OrDash(Join(parts, ", "));
}

std::vector<Listing> Listings() {
  Listing scenarios{"scenarios", {"scenario", "summary", "invariants"}, {}};
  Listing variants{"variants", {"scenario", "generation", "configuration", "bounds", "settable"}, {}};
  Listing models{"memory models", {"memory model"}, {}};
  for (const Scenario* scenario : RegisteredScenarios()) {
    scenarios.rows.push_back({scenario->name, scenario->summary, OrDash(Join(scenario->rules, " "))});
    for (const Variant* variant : VariantsOf(*scenario)) {
      variants.rows.push_back({scenario->name, OrDash(variant->generation), OrDash(variant->configuration), BoundsText(*variant),
                               OrDash(SettableText(*variant))});
    }
  }
  for (const std::string& name : MemoryModelNames()) models.rows.push_back({name});
  std::vector<Listing> listings = {std::move(scenarios), std::move(variants), std::move(models)};
  for (const ListSection& section : RegisteredListSections()) listings.push_back({section.name, section.header, section.rows()});
  return listings;
}

void PrintText(const std::vector<Listing>& listings, std::ostream& out) {
  for (const Listing& listing : listings) {
    std::vector<std::vector<std::string>> table = {listing.header};
    table.insert(table.end(), listing.rows.begin(), listing.rows.end());
    out << (&listing == &listings.front() ? "" : "\n") << Columnize(table);
  }
}

std::string MarkdownRow(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) {
    row += " ";
    for (char c : OneLine(cell)) row += c == '|' ? std::string("\\|") : std::string(1, c);
    row += " |";
  }
  return row + "\n";
}

void PrintMarkdown(const std::vector<Listing>& listings, std::ostream& out) {
  for (const Listing& listing : listings) {
    out << (&listing == &listings.front() ? "" : "\n") << "## " << listing.name << "\n\n" << MarkdownRow(listing.header) << "|";
    for (size_t i = 0; i < listing.header.size(); ++i) out << "---|";
    out << "\n";
    for (const auto& row : listing.rows) out << MarkdownRow(row);
  }
}

void PrintJson(const std::vector<Listing>& listings, std::ostream& out) {
  nlohmann::ordered_json document = {{"schema", "graze"}, {"schema_version", kSchemaVersion}, {"command", "list"}};
  for (const Listing& listing : listings) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const auto& row : listing.rows) {
      nlohmann::ordered_json object = nlohmann::ordered_json::object();
      for (size_t i = 0; i < std::min(row.size(), listing.header.size()); ++i) {
        std::string key = listing.header[i];
        std::replace(key.begin(), key.end(), ' ', '_');
        object[key] = row[i] == "-" ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(row[i]);
      }
      rows.push_back(std::move(object));
    }
    std::string name = listing.name;
    std::replace(name.begin(), name.end(), ' ', '_');
    document[name] = std::move(rows);
  }
  out << Dump(document);
}

}  // namespace

int RunList(const std::vector<std::string>& args, const Terminal& terminal) {
  CLI::App app("Shows the scenarios and what they can be checked under.", "graze list");
  std::string format = "text";
  app.add_option("--format", format, "text, md or json")->type_name("FORMAT");
  if (const std::optional<int> done = ParseFlags(&app, "list", args, terminal)) return *done;
  if (format != "text" && format != "md" && format != "json") {
    return UsageError(terminal, "list", "no format '" + format + "'; there is: text, md, json");
  }
  if (RegisteredScenarios().empty()) {
    return UsageError(terminal, "list",
                      "no scenario is linked into this program; link the objects of the scenarios, not an archive of them");
  }
  const std::vector<Listing> listings = Listings();
  if (format == "text") PrintText(listings, terminal.out);
  if (format == "md") PrintMarkdown(listings, terminal.out);
  if (format == "json") PrintJson(listings, terminal.out);
  return kExitHolds;
}

}  // namespace graze
