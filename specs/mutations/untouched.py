#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lists the statements of a port and of the ring that no mutation touches.

    untouched.py [--generation v5.9] [--source ROOT] [--brief] [--check] [FILE...]

A statement is touched if a mutation or a control (not a fix, nor a file that is left out) takes one of its lines away; a hunk that only
adds lines touches the statement before them. Braces, labels, declarations without a value and comments are no statements; only functions
are looked into. --brief prints one line per function, --check fails if a function has statements and none of them is touched, unless the
table below says why. FILE is a mutation; by default all that lie beside this script.
"""

import argparse
import pathlib
import re
import sys

import apply

RING = "model/kernel/ptr_ring.cc"
# Functions that need no mutation.
EXEMPT = {
    "cpu_map_redirect": "hands its arguments on to the redirect glue",
    "cpu_map_mem_usage": "numbers for user space that nothing in the kernel uses",
    "cpu_map_prog_allowed": "asked by other parts of the kernel only, about attaching programs to devices",
    "ptr_ring_set_batch": "a bound of scenarios",
    "__ptr_ring_full": "not used by cpumap",
    "ptr_ring_full": "not used by cpumap",
    "ptr_ring_produce": "not used by cpumap",
    "ptr_ring_empty": "not used by cpumap",
    "ptr_ring_consume_batched": "not used by cpumap",
}
EXEMPT_IN = {generation: {"__ptr_ring_consume_batched": "not used by cpumap before v5.8"} for generation in ("v4.18", "v5.0")}
FUNCTION = re.compile(r"(?:\w[^;={(]*[ *&])?(\w+)\(")
NO_STATEMENT = re.compile(r"[{}]*|\}?else\{?|do\{|(?:case )?\w+:|break;|continue;|fallthrough;|\}?else|#.*")
DECLARATION = re.compile(r"(?:const |static |struct |unsigned |union )*\w+[ *]\**\w+(?:\[\w+\])?(?:,\**\w+)*;")


class Statement:
  def __init__(self, function, number, text):
    self.function, self.number, self.text, self.lines = function, number, text, [number]


def functions_of(lines):
  """(name, first line, last line) of each function with a body."""
  code = dict(apply.significant(lines))
  index = 0
  while index < len(lines):
    start = FUNCTION.match(code.get(index, "")) if lines[index][:1] not in ("\t", " ", "#", "}") else None
    if start and not code[index].startswith(("static_assert", "[[")):
      opening = next((i for i in range(index, len(lines)) if "{" in lines[i] or code.get(i, "").endswith(";")), None)
      if opening is not None and "{" in lines[opening] and "= " not in lines[opening]:
        last = next((i for i in range(opening + 1, len(lines)) if lines[i].startswith("}")), len(lines) - 1)
        yield start[1], opening + 1, last
        index = last
    index += 1


def statements_of(text):
  """The statements of all functions of a source, by line (from 1)."""
  lines = text.split("\n")
  code = dict(apply.significant(lines))
  found = []
  for name, first, last in functions_of(lines):
    open_statement = None
    for index in range(first, last):
      words = code.get(index)
      if words is None:
        continue
      if open_statement is not None:
        open_statement.text += " " + lines[index].strip()
        open_statement.lines.append(index + 1)
      elif NO_STATEMENT.fullmatch(words) or (DECLARATION.fullmatch(words) and not words.startswith(("return ", "goto "))):
        continue
      else:
        open_statement = Statement(name, index + 1, lines[index].strip())
        found.append(open_statement)
      if words.endswith((";", "{", "}", ":")) or balanced_condition(open_statement.text):
        open_statement = None
  return found


def balanced_condition(text):
  """True of "if (...)", "for (...)" and "while (...)" without a brace."""
  return re.match(r"(?:else )?(?:if|for|while|for_each_\w+)\b", text) is not None and text.count("(") == text.count(")")


def touched_lines(hunk, lines, where):
  """Numbers of the lines that a hunk takes away, or after which it adds."""
  first, last = apply.body_of(lines, hunk.function, where)
  here = [(i, t) for i, t in apply.significant(lines) if first <= i <= last]
  place = apply.match_of(here, hunk, where)
  touched, at = set(), place
  for mark, _ in hunk.lines:
    if mark == "-":
      touched.add(here[at][0] + 1)
    if mark in " -":
      at += 1
  if not touched:
    at = place
    for mark, _ in hunk.lines:
      if mark == "+":
        touched.add(here[max(at - 1, 0)][0] + 1)
      else:
        at += 1
  return touched


def survey(mutations, generation, source):
  """{path: (statements, {line: [ids]})} of the port and the ring."""
  port = f"model/cpumap/{apply.folder_of(generation)}/cpumap.cc"
  touched = {path: {} for path in (port, RING)}
  texts = {path: (source / path).read_text(encoding="utf-8") for path in touched}
  for mutation in mutations:
    if mutation.head["kind"][0] == "fix" or "left-out" in mutation.head or generation not in mutation.generations():
      continue
    for hunk in mutation.hunks_for(generation):
      path = hunk.path.replace("{generation}", apply.folder_of(generation))
      if path not in touched:
        continue
      for line in touched_lines(hunk, texts[path].split("\n"), f"{mutation.name}:{hunk.line}"):
        touched[path].setdefault(line, []).append(mutation.head["id"][0])
  return {path: (statements_of(texts[path]), touched[path]) for path in touched}


def report(path, statements, touched, brief, exempt):
  """Prints one file; returns the functions of which nothing is touched and no reason is given."""
  names = list(dict.fromkeys(statement.function for statement in statements))
  is_touched = {id(statement): any(line in touched for line in statement.lines) for statement in statements}
  print(f"{path}: {sum(is_touched.values())} of {len(statements)} statements are touched by a mutation")
  bare = []
  for name in names:
    own = [statement for statement in statements if statement.function == name]
    count = sum(is_touched[id(statement)] for statement in own)
    reason = exempt.get(name, "")
    print(f"  {name}: {count} of {len(own)}" + (f" ({reason})" if reason and count == 0 else ""))
    if count == 0 and not reason:
      bare.append(name)
    for statement in own:
      if not brief and not reason and not is_touched[id(statement)]:
        print(f"    {statement.number:5} {statement.text}")
  return bare


def main():
  parser = argparse.ArgumentParser(description="Lists the statements of a port and of the ring that no mutation touches.")
  parser.add_argument("files", nargs="*", type=pathlib.Path)
  parser.add_argument("--generation", default="v5.9")
  parser.add_argument("--source", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
  parser.add_argument("--brief", action="store_true", help="one line per function")
  parser.add_argument("--check", action="store_true", help="fail if nothing of a function is touched")
  arguments = parser.parse_args()
  files = arguments.files or sorted(pathlib.Path(__file__).resolve().parent.glob("*.mutation"))
  try:
    surveyed = survey([apply.parse(file) for file in files], arguments.generation, arguments.source)
  except (apply.Refusal, OSError) as problem:
    print(f"untouched.py: {problem}", file=sys.stderr)
    return 2
  bare, exempt = [], EXEMPT | EXEMPT_IN.get(arguments.generation, {})
  for path, (statements, touched) in surveyed.items():
    bare += [f"{path}: no mutation touches '{name}'" for name in report(path, statements, touched, arguments.brief, exempt)]
  if arguments.check and bare:
    print("\n".join(bare), file=sys.stderr)
    return 1
  return 0


if __name__ == "__main__":
  sys.exit(main())
