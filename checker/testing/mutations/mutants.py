#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mutants of the engine: copies with one rule broken, which the comparison of classic and random programs has to notice.

    mutants.py apply FILE.mutation --source ROOT --output FOLDER     writes the changed copy of the file that FILE names
    mutants.py run BUILD [--programs N] [--jobs N]                   runs the mutants that were built, and judges them

A mutation file has a head of "key: value" lines and one or more hunks for one source file, which are those of specs/mutations:

    title: what the engine does wrong
    memory-model: the one under which it has to be noticed; sc if none is named
    @@ checker/explore/revisit.cc: IsMaximal
    -  a line that goes
    +  a line that comes

The old lines must occur exactly once in the function. "unchanged: FILE" in place of hunks names a copy without a change: it is built like
the others, and nothing may be noticed. "left-out" gives the reason why a mutation cannot be noticed; it is only listed.

run ends with 0 if every mutant is caught and the unchanged copy is not, with 1 if not, with 2 if a mutant is missing or cannot be run.
"""

import argparse
import concurrent.futures
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
HEAD_KEYS = {"title", "memory-model", "unchanged", "left-out"}
# What a mutant may take; an endless loop is a mistake noticed too, but no mutant should need that.
SECONDS_MAX = 300
# The unchanged copy only shows that building a copy makes no difference; random_programs has compared the engine itself.
UNCHANGED_PROGRAMS = 500
CAUGHT = re.compile(r"^different: (.*)$", re.MULTILINE)
DONE = re.compile(r"^random programs: (\d+) programs compared", re.MULTILINE)


def hunks_module():
  """The code that matches and applies hunks, shared with the mutations of the ports."""
  spec = importlib.util.spec_from_file_location("apply", ROOT / "specs" / "mutations" / "apply.py")
  module = importlib.util.module_from_spec(spec)
  spec.loader.exec_module(module)
  return module


HUNKS = hunks_module()
Refusal = HUNKS.Refusal


def parse(path):
  """(head, hunks) of a mutation file."""
  head, hunks = {}, []
  for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
    if raw.startswith("@@ "):
      place = re.fullmatch(r"@@ (checker/\S+\.cc): (\w+|\*)", raw)
      if not place:
        raise Refusal(f"{path}:{number}: a hunk starts with '@@ checker/FILE.cc: FUNCTION'")
      hunks.append(HUNKS.Hunk(place[1], place[2], number))
    elif hunks:
      if raw and raw[0] not in " -+":
        raise Refusal(f"{path}:{number}: a line of a hunk starts with ' ', '-' or '+'")
      if raw.strip():
        hunks[-1].lines.append((raw[0], raw[1:]))
    elif raw.strip() and not raw.startswith("#"):
      key, colon, value = raw.partition(":")
      if not colon or key not in HEAD_KEYS or key in head:
        raise Refusal(f"{path}:{number}: 'title: ...' and hunks, or 'title: ...' and 'unchanged: FILE'")
      head[key] = value.strip()
  if not head.get("title"):
    raise Refusal(f"{path}:1: 'title' is missing")
  if bool(hunks) == ("unchanged" in head):
    raise Refusal(f"{path}:1: either hunks or 'unchanged: FILE'")
  if len({hunk.path for hunk in hunks}) > 1:
    raise Refusal(f"{path}:{hunks[-1].line}: the hunks of a mutation are for one file")
  for hunk in hunks:
    marks = {mark for mark, _ in hunk.lines}
    if not marks & {"-", "+"} or not marks & {"-", " "}:
      raise Refusal(f"{path}:{hunk.line}: a hunk names lines to be found, and a change")
  return head, hunks


def source_of(head, hunks):
  return hunks[0].path if hunks else head["unchanged"]


def apply(path, source, output):
  """Writes the changed copy."""
  head, hunks = parse(path)
  name = source_of(head, hunks)
  if not (source / name).is_file():
    raise Refusal(f"{path}:1: no file {name}")
  lines = (source / name).read_text(encoding="utf-8").split("\n")
  for hunk in hunks:
    lines = HUNKS.apply_hunk(lines, hunk, f"{path}:{hunk.line}: {name}")
  target = output / name
  target.parent.mkdir(parents=True, exist_ok=True)
  target.write_text("\n".join(lines), encoding="utf-8")


def judge(path, build, programs):
  """(name, title, 'caught' | 'survived' | what is wrong, what was seen, seconds) of one mutant."""
  head, hunks = parse(path)
  wanted = "caught" if hunks else "survived"
  if not hunks:
    programs = min(programs, UNCHANGED_PROGRAMS)
  began = time.monotonic()
  try:
    run = subprocess.run([build / path.stem, "--memory-model", head.get("memory-model", "sc"), "--mutant", "--programs", str(programs),
                          "--processes", "1"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                         timeout=SECONDS_MAX, check=False)
    output, status = run.stdout, run.returncode
  except subprocess.TimeoutExpired:
    output, status = "", None
  except OSError as problem:
    return path.stem, head["title"], wanted, "broken", f"cannot be run: {problem}", 0
  seconds = time.monotonic() - began
  done = DONE.search(output)
  if status == 1 and CAUGHT.search(output) and done:
    seen, verdict = f"after {done[1]} programs: {reason(output)}", "caught"
  elif status == 0 and done and int(done[1]) > 0:
    seen, verdict = f"{done[1]} programs agree", "survived"
  elif status is None:
    seen, verdict = f"still running after {SECONDS_MAX} s", "broken"
  else:
    seen, verdict = f"ended with {status}: {(output.strip().splitlines() or ['no output'])[-1]}", "broken"
  return path.stem, head["title"], wanted, verdict, seen, seconds


def reason(output):
  """The line that says what differs: the one after the program's text, or how the process died."""
  first = CAUGHT.search(output)[1]
  if "the process" in first:
    return first.partition(": ")[2]
  lines = output[CAUGHT.search(output).end():].splitlines()
  after_setup = [i for i, line in enumerate(lines) if line.startswith("(scheduler ")]
  return lines[after_setup[0] + 1].rstrip(":") if after_setup and after_setup[0] + 1 < len(lines) else first


def run(build, files, programs, jobs):
  began = time.monotonic()
  for file in files:
    head, _ = parse(file)
    if "left-out" in head:
      print(f"left out  {file.stem:28}  {head['title']}\n{'':40}{head['left-out']}")
  files = [file for file in files if "left-out" not in parse(file)[0]]
  bad = broken = 0
  with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
    for name, title, wanted, verdict, seen, seconds in pool.map(lambda file: judge(file, build, programs), files):
      broken += verdict == "broken"
      bad += verdict not in (wanted, "broken")
      mark = "" if verdict == wanted else "  <-- " + ("not noticed" if verdict == "survived" else "wrong")
      print(f"{verdict:8}  {name:28}  {title}\n{'':40}{seen} ({seconds:.1f} s){mark}", flush=True)
  print(f"mutants of the engine: {len(files) - bad - broken} of {len(files)} as they should be, {time.monotonic() - began:.0f} s")
  return 2 if broken else 1 if bad else 0


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  commands = parser.add_subparsers(dest="command", required=True)
  applying = commands.add_parser("apply")
  applying.add_argument("file", type=pathlib.Path)
  applying.add_argument("--source", type=pathlib.Path, default=ROOT)
  applying.add_argument("--output", type=pathlib.Path, required=True)
  naming = commands.add_parser("sources", help="only prints the source that each FILE changes, one line each, behind a |; none if left out")
  naming.add_argument("files", type=pathlib.Path, nargs="+")
  running = commands.add_parser("run")
  running.add_argument("build", type=pathlib.Path)
  running.add_argument("--files", type=pathlib.Path, default=HERE, help="folder with the mutation files")
  running.add_argument("--programs", type=int, default=10_000)
  running.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
  arguments = parser.parse_args()
  try:
    if arguments.command == "apply":
      apply(arguments.file, arguments.source, arguments.output)
      return 0
    if arguments.command == "sources":
      for head, hunks in map(parse, arguments.files):
        print("|" + ("" if "left-out" in head else source_of(head, hunks)))
      return 0
    files = sorted(arguments.files.glob("*.mutation"))
    if not files:
      raise Refusal(f"no mutation files in {arguments.files}")
    return run(arguments.build, files, arguments.programs, arguments.jobs)
  except (Refusal, OSError) as problem:
    print(f"mutants.py: {problem}", file=sys.stderr)
    return 2


if __name__ == "__main__":
  sys.exit(main())
