#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Applies a unified diff of cpumap.c, or of its port, to a copy of the port of one generation.

    apply_patch.py PATCH --generation v5.9 --source ROOT --output FOLDER

A diff in upstream's form (kernel/bpf/cpumap.c) finds its place although the port's lines differ: comments and the width of white space do
not count, nor what only the port has (plain<>, void_ptr, casts) or only upstream (__rcu, <linux/...> includes). Lines of context that the
port does not have are given up from the outside in, as long as there is exactly one place left. Prints one fact per line:

    path model/cpumap/v5_9/cpumap.cc
    hunk LINE-OF-THE-PATCH LINE-OF-THE-COPY CONTEXT-LINES-GIVEN-UP
    note TEXT

Anything that does not fit ends with status 1 and one line on standard error that starts with PATCH:LINE.
"""

import argparse
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "mutations"))
import apply as mutations  # pylint: disable=wrong-import-position

HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@(.*)")
INCLUDE = re.compile(r"\s*#\s*include\s*<([^>]+)>")
KERNEL_HEADER = re.compile(r"linux/(\w+\.h)")
FIELD = re.compile(r"\s*(?!plain<|racy<|atomic_t\b|spinlock_t\b|struct \w+ \w+;)[\w ]+[\s*]\w+(\[\w+\])?;")


class Refusal(Exception):
  """What makes a patch unusable, with the place."""


class Hunk:
  def __init__(self, line, heading):
    self.line, self.heading = line, heading
    self.lines = []  # (mark, text, line of the patch)


class Reader:
  """The hunks of a patch that change cpumap, in order."""

  def __init__(self, path, generation):
    self.path, self.generation = path, generation
    try:
      self.lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as problem:
      raise Refusal(f"{path}: not a text file") from problem
    self.at = 0

  def refuse(self, message, line=None):
    raise Refusal(f"{self.path}:{line or self.at + 1}: {message}")

  def hunks(self):
    found, in_file = [], False
    while self.at < len(self.lines):
      line = self.lines[self.at]
      follows = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else ""
      if line.startswith("--- ") and follows.startswith("+++ "):
        self.check_names(line[4:], follows[4:])
        in_file = True
        self.at += 2
      elif line.startswith("@@ "):
        if not in_file:
          self.refuse("a hunk before any '--- FILE' and '+++ FILE'")
        found.append(self.hunk())
      elif line.startswith(("GIT binary patch", "Binary files")):
        self.refuse("a binary patch")
      elif found and in_file and line[:1] in ("+", "-", " ") and line.rstrip() != "--" and not line.startswith(("--- ", "-- ")):
        self.refuse(f"a line outside of any hunk: '{line.strip()}'; does the count in the hunk's head ('@@ -...') fit?")
      else:
        self.at += 1
    if not found:
      raise Refusal(f"{self.path}: no unified diff in it; make one with 'git diff' or 'diff -u'")
    return found

  def check_names(self, *names):
    for name in names:
      name = name.split("\t")[0].strip()
      if name == "/dev/null":
        self.refuse("adds or removes a file; a patch can only change cpumap.c")
      parts = pathlib.PurePosixPath(name).parts
      if "model" in parts:
        folder = mutations.folder_of(self.generation)
        if parts[-1] == "cpumap.cc" and parts[-2] != folder:
          self.refuse(f"changes the port of {parts[-2].replace('_', '.')}, not that of {self.generation}; name it with --generation")
        good = parts[-4:] == ("model", "cpumap", folder, "cpumap.cc")
      else:
        good = parts[-1] in ("cpumap.c", "cpumap.cc")
      if not good:
        self.refuse(f"changes '{name}'; a patch can change kernel/bpf/cpumap.c, or its port, only")

  def hunk(self):
    head = HUNK.fullmatch(self.lines[self.at])
    if not head:
      self.refuse("a hunk starts with '@@ -LINE,COUNT +LINE,COUNT @@'")
    hunk = Hunk(self.at + 1, head[3])
    left = {"-": int(head[1] or 1), "+": int(head[2] or 1)}
    self.at += 1
    while left["-"] > 0 or left["+"] > 0:
      line = self.lines[self.at] if self.at < len(self.lines) else None
      mark = " " if line == "" else (line or "?")[0]
      if mark not in " -+\\" or line is None:
        self.refuse("the hunk ends too early: its lines are fewer than its head says", hunk.line)
      for side in "-+":
        left[side] -= mark in (side, " ")
      if min(left.values()) < 0:
        self.refuse("the hunk's lines are others than its head says", hunk.line)
      if mark != "\\":
        hunk.lines.append((mark, line[1:], self.at + 1))
      self.at += 1
    if all(mark == " " for mark, _, _ in hunk.lines):
      self.refuse("the hunk changes nothing", hunk.line)
    return hunk


def canonical(text):
  """A significant line without what only one of upstream and port has."""
  text = re.sub(r"\bBOUNDED\([^,]*,(\d+),\w+\)", r"\1", text)
  while True:
    bare = re.sub(r"\b(?:plain|racy)<((?:[^<>]|<[^<>]*>)*)>", r"\1 ", text)
    if bare == text:
      break
    text = bare
  text = re.sub(r"\bvoid_ptr\b", "void*", text)
  text = re.sub(r"\b__(?:rcu|percpu)\b", "", text)
  text = re.sub(r"=\s*\((?:const )?(?:struct )?\w+\s*\*\)", "=", text)
  return mutations.normal(text.replace("bpf_cpumap_val_shared", "bpf_cpumap_val"))


def significant(lines):
  """As in apply.py, in canonical form, and for lines that may begin within a comment."""
  end = next((i for i, line in enumerate(lines) if "*/" in line), None)
  if end is not None and "/*" not in "\n".join(lines).split("*/", 1)[0]:
    lines = [""] * end + [lines[end].split("*/", 1)[1]] + lines[end + 1:]
  return [(index, canonical(text)) for index, text in mutations.significant(lines) if canonical(text)]


def body(lines, name):
  try:
    return mutations.body_of(lines, name, "")
  except mutations.Refusal:
    return None


class Copy:
  """The port's text while hunks are applied to it."""

  def __init__(self, patch, path, text, source):
    self.patch, self.path, self.source = patch, path, source
    self.lines = text.split("\n")
    self.facts = []

  def refuse(self, hunk, message):
    raise Refusal(f"{self.patch}:{hunk.line}: the hunk does not apply to {self.path}: {message}")

  def includes(self, hunk):
    """Takes <...> lines out of the hunk: the port has its own names for them."""
    rest = []
    for mark, text, line in hunk.lines:
      include = INCLUDE.match(text)
      if not include:
        rest.append((mark, text, line))
      elif mark == "+":
        header = KERNEL_HEADER.fullmatch(include[1])
        name = f"model/kernel/{header[1]}" if header else ""
        if not name or not (self.source / name).is_file():
          raise Refusal(f"{self.patch}:{line}: includes <{include[1]}>, which the kernel layer does not have; "
                        "model/kernel/README.md lists what it has")
        directive = f'#include "{name}"'
        if directive not in self.lines:
          at = next(i for i, each in enumerate(self.lines) if each.startswith('#include "model/kernel/'))
          self.lines.insert(at, directive)
          self.facts.append(f"hunk {line} {at + 1} 0")
    hunk.lines = rest
    return any(mark != " " for mark, _, _ in rest)

  def apply(self, hunk):
    if not self.includes(hunk):
      return
    if not self.try_apply(hunk):
      groups = self.split(hunk)
      if len(groups) < 2:
        self.explain(hunk)
      for group in groups:
        if not self.try_apply(group):
          self.explain(group)

  @staticmethod
  def split(hunk):
    """One hunk for each run of changed lines, with the context around it."""
    changed = [i for i, (mark, _, _) in enumerate(hunk.lines) if mark != " "]
    groups, first = [], changed[0]
    for i, here in enumerate(changed):
      if i + 1 < len(changed) and changed[i + 1] == here + 1:
        continue
      begin = next((j + 1 for j in range(first - 1, -1, -1) if hunk.lines[j][0] != " "), 0)
      end = next((j for j in range(here + 1, len(hunk.lines)) if hunk.lines[j][0] != " "), len(hunk.lines))
      group = Hunk(hunk.lines[first][2], hunk.heading)
      group.lines = hunk.lines[begin:end]
      groups.append(group)
      first = changed[i + 1] if i + 1 < len(changed) else None
    return groups

  def old_of(self, hunk):
    """(index in hunk.lines, text) of the significant lines before the change, and how many of them lead and trail it as context."""
    at = [i for i, (mark, _, _) in enumerate(hunk.lines) if mark in " -"]
    old = [(at[i], text) for i, text in significant([hunk.lines[i][1] for i in at])]
    changed = [i for i, (mark, _, _) in enumerate(hunk.lines) if mark != " "]
    return old, sum(i < changed[0] for i, _ in old), sum(i > changed[-1] for i, _ in old)

  def matches(self, wanted, hunk):
    here = significant(self.lines)
    texts = [text for _, text in here]
    found = [i for i in range(len(texts) - len(wanted) + 1) if texts[i:i + len(wanted)] == wanted]
    if len(found) > 1:
      for name in re.findall(r"struct (\w+) \{|(\w+)\(", hunk.heading):
        span = body(self.lines, name[0] or name[1])
        inside = [i for i in found if span and span[0] <= here[i][0] <= span[1]]
        found = inside if len(inside) == 1 else found
    return [[line for line, _ in here[i:i + len(wanted)]] for i in found]

  def try_apply(self, hunk):
    old, leading, trailing = self.old_of(hunk)
    for given_up in range(leading + trailing + 1):
      for front in sorted(range(max(0, given_up - trailing), min(leading, given_up) + 1), key=lambda n: abs(2 * n - given_up)):
        back = given_up - front
        kept = old[front:len(old) - back]
        if not kept:
          continue
        places = self.matches([text for _, text in kept], hunk)
        if len(places) == 1:
          self.replace(hunk, kept, places[0])
          self.facts.append(f"hunk {hunk.line} {places[0][0] + 1} {given_up}")
          return True
    return False

  def replace(self, hunk, kept, places):
    place_of = {index: place for (index, _), place in zip(kept, places)}
    changed = [i for i, (mark, _, _) in enumerate(hunk.lines) if mark != " "]
    before = [place for index, place in place_of.items() if index < changed[0]]
    begin = max(before) + 1 if before else places[0]
    if before and hunk.lines[changed[0] - 1][1].strip() == "" and self.lines[begin].strip() == "":
      begin += 1
    result, at = self.lines[:begin], begin
    for index in range(changed[0], changed[-1] + 1):
      mark, text, line = hunk.lines[index]
      if mark == "+":
        self.note_field(text, line, len(result))
        result.append(text)
      elif index in place_of:
        result += self.lines[at:place_of[index]]
        if mark == " ":
          result.append(self.lines[place_of[index]])
        at = place_of[index] + 1
    self.lines = result + self.lines[at:]

  def note_field(self, text, line, at):
    above = next((each for each in reversed(self.lines[:at]) if re.match(r"\S.*\{$|\}|\{", each)), "")
    if re.match(r"struct \w+ \{", above) and FIELD.fullmatch(mutations.normal(text).replace("*", " *")):
      self.facts.append(f"note line {line}: '{text.strip()}' is no plain<> field, so races for it stay unseen")

  def explain(self, hunk):
    old, _, _ = self.old_of(hunk)
    here = {text for _, text in significant(self.lines)}
    gone = [index for index, text in old if hunk.lines[index][0] == "-" and text not in here]
    if not gone:
      gone = [index for index, text in old if text not in here]
    new = [text for _, text in significant([text for mark, text, _ in hunk.lines if mark != "-"])]
    if len(self.matches(new, hunk)) == 1:
      self.refuse(hunk, "is it applied already?")
    if gone:
      self.refuse(hunk, f"the port has no line '{hunk.lines[gone[0]][1].strip()}'")
    self.refuse(hunk, "its old lines stand nowhere in a row" if old else "it has no old line that says where")


def apply(patch, generation, source, output):
  folder = pathlib.Path("model/cpumap") / mutations.folder_of(generation)
  path = folder / "cpumap.cc"
  if not (source / path).is_file():
    raise Refusal(f"{patch}: there is no port of {generation} ({path})")
  copy = Copy(patch, str(path), (source / path).read_text(encoding="utf-8"), source)
  for hunk in Reader(patch, generation).hunks():
    copy.apply(hunk)
  for file in sorted((source / folder).glob("*")):
    if file.suffix in (".cc", ".h") and not file.stem.endswith("_test"):
      target = output / folder / file.name
      target.parent.mkdir(parents=True, exist_ok=True)
      text = "\n".join(copy.lines) if file.name == "cpumap.cc" else file.read_text(encoding="utf-8")
      if not target.is_file() or target.read_text(encoding="utf-8") != text:
        target.write_text(text, encoding="utf-8")
  return [f"path {path}", *copy.facts]


def main():
  parser = argparse.ArgumentParser(description="Applies a diff of cpumap.c to a copy of its port.")
  parser.add_argument("patch", type=pathlib.Path)
  parser.add_argument("--generation", required=True)
  parser.add_argument("--source", type=pathlib.Path, required=True)
  parser.add_argument("--output", type=pathlib.Path, required=True)
  arguments = parser.parse_args()
  try:
    print("\n".join(apply(arguments.patch, arguments.generation, arguments.source, arguments.output)))
    return 0
  except Refusal as problem:
    print(problem, file=sys.stderr)
  except OSError as problem:
    print(f"{arguments.patch}: {problem.strerror}", file=sys.stderr)
  return 1


if __name__ == "__main__":
  sys.exit(main())
