#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes a changed copy of the sources that a mutation (or a fix) names.

    apply.py FILE.mutation --generation v5.9 --source ROOT --output FOLDER

A mutation file has a head of "key: value" lines and hunks:

    @@ model/cpumap/{generation}/cpumap.cc: name_of_the_function_or_struct
     a line that stays
    -a line that goes
    +a line that comes

Within the named function ('*': the file) the lines marked ' ' and '-' must occur, in a row, exactly once: comments, empty lines and the
width of white space do not count. Several "run" keys say what exploring a scenario with the copy must give:

    run: Cpumap.UpdateDelete [start=ran stop=signal should_stop=acquire] finds I-UAF      each invariant listed is broken
    run: Cpumap.StageDeleteFlush [stop=signal] shows I-EMPTY/D02      exactly these violations, with their catalogue ids
    run: Cpumap.UpdateDelete [stop=signal] holds                      verified
    run: Cpumap.EnqueueDelivers [] holds under sc                     verified under this model, not the one in the head

A hunk or a run for some of the mutation's generations only ends with their names, where texts or findings differ:

    @@ model/cpumap/{generation}/cpumap.cc: cpu_map_kthread_run for v5.8
    run: Cpumap.EntryProgram [] finds I-CTX for v5.9

A configuration may name masks that a generation's kernel makes superfluous: there it is the one without them.

"memory-model" is the strongest one that shows the change; what sc does not show has a run that holds under sc.
"left-out" gives the reason why the file is only listed, and neither built nor run.
"on" names another file, mostly a fix, whose hunks are applied first: what it holds is what the mutation breaks.
Anything else stops here with the mutation's file and line. The copies are laid out below FOLDER as in ROOT,
so that FOLDER put before ROOT on the include path shadows them; the other sources of a changed generation are copied along.
"""

import argparse
import pathlib
import re
import sys

HEAD_KEYS = {"id", "title", "kind", "generations", "memory-model", "run", "upstream", "note", "left-out", "on"}
REQUIRED_KEYS = {"id", "title", "kind", "generations", "memory-model", "run"}
FOR = r"(?: for ((?:v\d+\.\d+ ?)+))?"
RUN = re.compile(r"(\S+) \[([^\]]*)\] (holds|finds(?: I-[A-Z-]+)+|shows(?: I-[A-Z-]+/(?:D\d\d|-))+)(?: under (sc|tso|lkmm|rc11))?" + FOR)
PLACE = re.compile(r"@@ (\S+): (\w+|\*)" + FOR)


class Refusal(Exception):
  """What makes a mutation unusable, with the place."""


class Hunk:
  def __init__(self, path, function, line, generations=()):
    self.path, self.function, self.line = path, function, line
    self.generations = generations  # empty: all of the mutation
    self.lines = []  # (mark, text)


class Mutation:
  def __init__(self, name):
    self.name, self.head, self.hunks = name, {}, []

  def generations(self):
    return self.head["generations"][0].split()

  def base(self):
    """The mutation that this one stands on, or None."""
    return parse(pathlib.Path(self.name).with_name(self.head["on"][0] + ".mutation")) if "on" in self.head else None

  def hunks_for(self, generation):
    return [hunk for hunk in self.hunks if not hunk.generations or generation in hunk.generations]


def parse(path):
  """Reads a mutation file."""
  mutation = Mutation(str(path))
  hunk = None
  for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
    if raw.startswith("@@ "):
      place = PLACE.fullmatch(raw)
      if not place:
        raise Refusal(f"{path}:{number}: a hunk starts with '@@ FILE: FUNCTION', or '@@ FILE: FUNCTION for GENERATION...'")
      hunk = Hunk(place[1], place[2], number, (place[3] or "").split())
      mutation.hunks.append(hunk)
    elif hunk is not None:
      if raw and raw[0] not in " -+":
        raise Refusal(f"{path}:{number}: a line of a hunk starts with ' ', '-' or '+'")
      if raw.strip():
        hunk.lines.append((raw[0], raw[1:]))
    elif raw.strip() and not raw.startswith("#"):
      key, colon, value = raw.partition(":")
      if not colon or key not in HEAD_KEYS:
        raise Refusal(f"{path}:{number}: unknown key '{key}'")
      if key == "run" and not RUN.fullmatch(value.strip()):
        raise Refusal(f"{path}:{number}: 'run: SCENARIO [CONFIGURATION] holds | finds INVARIANT... | shows INVARIANT/ID... "
                      "[under MODEL] [for GENERATION...]'")
      if key in mutation.head and key != "run":
        raise Refusal(f"{path}:{number}: '{key}' is given twice")
      mutation.head.setdefault(key, []).append(value.strip())
  check_head(mutation)
  return mutation


def check_head(mutation):
  missing = sorted(REQUIRED_KEYS - mutation.head.keys())
  if missing:
    raise Refusal(f"{mutation.name}:1: '{missing[0]}' is missing")
  kind = mutation.head["kind"][0]
  if kind not in ("mutation", "control", "fix"):
    raise Refusal(f"{mutation.name}:1: kind is mutation, control or fix")
  runs, model = [RUN.fullmatch(run) for run in mutation.head["run"]], mutation.head["memory-model"][0]
  if kind == "mutation" and not any(run[3].startswith("finds") or (model != "sc" and run[4] == "sc") for run in runs):
    raise Refusal(f"{mutation.name}:1: a mutation has a run that finds an invariant broken, or needs a weaker model than sc")
  known = set(mutation.generations())
  for named in [(run[5] or "").split() for run in runs] + [hunk.generations for hunk in mutation.hunks]:
    for generation in set(named) - known:
      raise Refusal(f"{mutation.name}:1: '{generation}' stands behind a 'for' and not among the generations")
  for generation in mutation.generations():
    if not any(not run[5] or generation in run[5].split() for run in runs):
      raise Refusal(f"{mutation.name}:1: no run for {generation}")
    if mutation.hunks and not mutation.hunks_for(generation):
      raise Refusal(f"{mutation.name}:1: no hunk for {generation}")
  for hunk in mutation.hunks:
    if not any(mark in "-+" for mark, _ in hunk.lines):
      raise Refusal(f"{mutation.name}:{hunk.line}: the hunk changes nothing")
    if not any(mark in " -" for mark, _ in hunk.lines):
      raise Refusal(f"{mutation.name}:{hunk.line}: the hunk names no line to be found")


def significant(lines):
  """(index, normalised text) of the lines of a C++ source that hold more than comments and white space."""
  found, in_comment = [], False
  for index, line in enumerate(lines):
    text, rest = "", line
    while rest:
      if in_comment:
        end = rest.find("*/")
        in_comment, rest = end < 0, "" if end < 0 else rest[end + 2:]
        continue
      starts = [p for p in (rest.find("/*"), rest.find("//")) if p >= 0]
      if not starts:
        text, rest = text + rest, ""
      elif rest.startswith("//", min(starts)):
        text, rest = text + rest[:min(starts)], ""
      else:
        text, rest, in_comment = text + rest[:min(starts)] + " ", rest[min(starts) + 2:], True
    text = normal(text)
    if text:
      found.append((index, text))
  return found


def normal(text):
  """White space only separates words."""
  return re.sub(r"\s*([^\w\s])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def body_of(lines, name, where):
  """First and last line of the one definition of a function or struct: both stand at column 0. '*' is the whole file."""
  if name == "*":
    return 0, len(lines)
  start = re.compile(r"(?:\w[^;={]*\W)?" + re.escape(name) + r"\(|struct " + re.escape(name) + r" \{")
  spans = []
  for index, line in enumerate(lines):
    if not start.match(line):
      continue
    opening = next((i for i in range(index, len(lines)) if "{" in lines[i] or lines[i].rstrip().endswith(";")), None)
    if opening is None or "{" not in lines[opening]:
      continue  # a declaration
    spans.append((index, next((i for i in range(opening + 1, len(lines)) if lines[i].startswith("}")), len(lines) - 1)))
  if len(spans) != 1:
    raise Refusal(f"{where}: {len(spans) or 'no'} definition{'s' if len(spans) > 1 else ''} of '{name}'")
  return spans[0]


def match_of(here, hunk, where):
  """Index in `here`, the significant lines of a function, at which the old lines of a hunk stand."""
  old = [normal(text) for mark, text in hunk.lines if mark in " -"]
  texts = [t for _, t in here]
  matches = [i for i in range(len(texts) - len(old) + 1) if texts[i:i + len(old)] == old]
  if len(matches) != 1:
    how = "do not occur" if not matches else f"occur {len(matches)} times"
    raise Refusal(f"{where}: the old lines {how} in '{hunk.function}'")
  return matches[0]


def apply_hunk(lines, hunk, where):
  """The lines of the source with one hunk applied."""
  first, last = body_of(lines, hunk.function, where)
  here = [(i, t) for i, t in significant(lines) if first <= i <= last]
  place = match_of(here, hunk, where)
  places = [here[place + i][0] for i in range(sum(mark in " -" for mark, _ in hunk.lines))]
  changed, at = lines[:places[0]], 0
  for mark, text in hunk.lines:
    if mark == "+":
      changed.append(text)
      continue
    if at > 0:
      changed += lines[places[at - 1] + 1:places[at]]  # comments in between
    if mark == " ":
      changed.append(lines[places[at]])
    at += 1
  return changed + lines[places[-1] + 1:]


def folder_of(generation):
  return generation.replace(".", "_")


def apply_hunks(mutation, generation, source, changed):
  """Puts the lines of the files that the mutation, and what it stands on, changes into `changed`, by path."""
  if generation not in mutation.generations():
    raise Refusal(f"{mutation.name}:1: does not apply to generation {generation}")
  base = mutation.base()
  if base:
    apply_hunks(base, generation, source, changed)
  for hunk in mutation.hunks_for(generation):
    path = hunk.path.replace("{generation}", folder_of(generation))
    where = f"{mutation.name}:{hunk.line}"
    if path not in changed:
      if not (source / path).is_file():
        raise Refusal(f"{where}: no file {path}")
      changed[path] = (source / path).read_text(encoding="utf-8").split("\n")
    changed[path] = apply_hunk(changed[path], hunk, f"{where}: {path}")


def apply(mutation, generation, source, output):
  """Writes the changed copies; returns the paths of the changed files relative to `source`."""
  changed = {}
  apply_hunks(mutation, generation, source, changed)
  # The port is always copied as a whole: what an unmutated pair compiles is built in the very same way.
  port = pathlib.Path("model/cpumap") / folder_of(generation)
  for file in sorted((source / port).glob("*")):
    relative = str(port / file.name)
    if file.suffix in (".cc", ".h") and not file.stem.endswith("_test") and relative not in changed:
      changed[relative] = file.read_text(encoding="utf-8").split("\n")
  for path, lines in changed.items():
    target = output / path
    target.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(lines)
    write_if_different(target, text)
  return sorted(changed)


def table(mutations):
  """The heads as rows of a C++ initialiser, for the command."""
  def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
  for mutation in mutations:
    head = mutation.head
    fields = [quote(head[key][0]) for key in ("id", "title", "kind", "generations", "memory-model")]
    runs = []
    for run in head["run"]:
      scenario, configuration, expected, model, generations = RUN.fullmatch(run).groups()
      words = expected.split()
      runs.append("{" + ", ".join(map(quote, [scenario, configuration, words[0], " ".join(words[1:]), model or "",
                                              generations or ""])) + "}")
    fields += [quote(head.get(key, [""])[0]) for key in ("on", "left-out")]
    yield "{" + ", ".join(fields) + ", {" + ", ".join(runs) + "}},"


def pairs(mutations):
  """For CMake, a line per mutant: file, id, generation, the .cc files beside the port, and below it, that it changes, and the file that
  it stands on."""
  for mutation in mutations:
    if "left-out" in mutation.head:
      continue
    base = mutation.base()
    for generation in mutation.generations():
      paths = {hunk.path for each in (mutation, base) if each for hunk in each.hunks_for(generation)}
      beside = [path for path in paths if path.endswith(".cc") and not path.startswith("model/cpumap/{generation}/")]
      units = sorted(path.replace("{generation}", folder_of(generation)) for path in beside)
      yield "|".join([mutation.name, mutation.head["id"][0], generation, " ".join(units), base.name if base else ""])


def write_if_different(path, text):
  if not path.is_file() or path.read_text(encoding="utf-8") != text:
    path.write_text(text, encoding="utf-8")


def main():
  parser = argparse.ArgumentParser(description="Makes a changed copy of the sources that a mutation names.")
  parser.add_argument("files", nargs="+", type=pathlib.Path)
  parser.add_argument("--generation")
  parser.add_argument("--source", type=pathlib.Path, default=pathlib.Path("."))
  parser.add_argument("--output", type=pathlib.Path)
  parser.add_argument("--table", type=pathlib.Path, help="write the heads of all FILES as C++ rows instead")
  parser.add_argument("--pairs", type=pathlib.Path, help="and write which mutants there are to build, and of what")
  arguments = parser.parse_args()
  try:
    mutations = [parse(file) for file in arguments.files]
    if arguments.table and arguments.pairs:
      write_if_different(arguments.table, "".join(row + "\n" for row in table(mutations)))
      write_if_different(arguments.pairs, "".join(row + "\n" for row in pairs(mutations)))
      return 0
    if len(mutations) != 1 or not arguments.generation or not arguments.output:
      parser.error("one FILE, --generation and --output")
    for path in apply(mutations[0], arguments.generation, arguments.source, arguments.output):
      print(path)
    return 0
  except (Refusal, OSError) as problem:
    print(f"apply.py: {problem}", file=sys.stderr)
    return 1


if __name__ == "__main__":
  sys.exit(main())
