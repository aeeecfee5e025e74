#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is a stranger to graze, with and without installing it: builds the consumer project beside this file and looks at what it does.

    run.py installed --build BUILD --work FOLDER [CMAKE-OPTION...]     against `cmake --install BUILD`, moved after installing
    run.py sources --build BUILD --work FOLDER [CMAKE-OPTION...]       against the sources, by FetchContent
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

CONSUMER = pathlib.Path(__file__).resolve().parent
TOP = CONSUMER.parent.parent
FILES_OF_ENGINE = {"include/graze/graze.h", "include/graze/tree/checker/api/graze.h", "include/graze/kernel/rcupdate.h",
                   "share/doc/graze/MIT.txt"}
# Verdict and rule, by the scenarios' own words.
EXPECTED = {"MailboxTake": ("verified", None), "MailboxPeek": ("violation", "I-RACE"),
            "RcuReplace": ("verified", None), "RcuReplaceTooEarly": ("violation", "I-UAF")}


def fail(message):
  sys.exit(f"consumer: {message}")


def run(*command, code=0):
  done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
  if done.returncode != code:
    fail(f"'{' '.join(map(str, command))}' ended with {done.returncode}, not {code}:\n{done.stdout}{done.stderr}")
  return done.stdout


def install(build, work):
  """Installs, moves what was installed, and checks what is in it. The new place."""
  for component in ("engine", "command"):
    run("cmake", "--install", build, "--prefix", work / "first" / component, "--component", component)
  prefix = work / "moved"
  (work / "first").rename(prefix)
  engine = {str(path.relative_to(prefix / "engine")) for path in (prefix / "engine").rglob("*") if path.is_file()}
  if not FILES_OF_ENGINE <= engine:
    fail(f"not installed: {sorted(FILES_OF_ENGINE - engine)}")
  for name in sorted(engine):
    data = (prefix / "engine" / name).read_bytes()
    if b"GPL-2.0" in data:
      fail(f"the MIT component has {name}, which is under the GPL")
    if name.endswith(".cmake") and str(TOP).encode() in data:
      fail(f"{name} names the folder it was built from")
  check_command(prefix / "command" / "bin" / "graze")
  return prefix / "engine"


def check_command(graze):
  """The installed command checks; for what takes sources it says so."""
  rows = json.loads(run(graze, "check", "D01", "--json", "-", code=1))["verdicts"]
  if {row["violation"]["id"] for row in rows if row["violation"]} != {"D01"}:
    fail("the installed command does not show D01")
  for option in (("--mutation", "M01"), ("--patch", TOP / "specs/patches/D01.patch")):
    done = subprocess.run([str(graze), "check", *map(str, option)], capture_output=True, text=True, check=False)
    if done.returncode != 2 or done.stderr.count("\n") != 1 or "build folder" not in done.stderr:
      fail(f"check {option[0]} of the installed command: {done.returncode}, {done.stderr}")


def each_header_alone(prefix, work):
  """Every header for users compiles first and alone."""
  include = prefix / "include"
  headers = [str(path.relative_to(include)) for path in sorted(include.glob("graze/**/*.h")) if "tree" not in path.parts]
  for header in headers:
    (work / "alone").mkdir(exist_ok=True)
    (work / "alone" / (header.replace("/", "_") + ".cc")).write_text(f"#include <{header}>\n", encoding="utf-8")
  sources = sorted((work / "alone").glob("*.cc"))
  run(os.environ.get("CXX", "c++"), "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{include}", f"-I{include}/graze/tree",
      *sources)
  return len(headers)


def check_scenarios(program):
  rows = json.loads(run(program, "check", "--json", "-", code=1))["verdicts"]
  seen = {}
  for row in rows:
    if row["part"] != "rest":
      seen[row["scenario"]] = (row["verdict"], row["violation"] and row["violation"]["invariant"])
  if seen != EXPECTED:
    fail(f"verdicts are {seen}, not {EXPECTED}")
  tokens = [row["violation"]["token"] for row in rows if row["violation"]]
  if len(tokens) != 2:
    fail(f"{len(tokens)} tokens")
  for token in tokens:
    text = run(program, "replay", token, code=1)
    # The line of the consumer's own source: its debug information is found.
    if "VIOLATION" not in text or not re.search(r"\b(mailbox\.h|rcu\.cc):\d+", text):
      fail(f"the replay does not show the violation with its line:\n{text}")


def main():
  parser = argparse.ArgumentParser(description="Builds a project of a stranger, and looks at what it does.")
  parser.add_argument("how", choices=["installed", "sources"])
  parser.add_argument("--build", type=pathlib.Path, required=True, help="where graze was built")
  parser.add_argument("--work", type=pathlib.Path, required=True, help="emptied first")
  arguments, cmake_options = parser.parse_known_args()
  work = arguments.work
  shutil.rmtree(work, ignore_errors=True)
  work.mkdir(parents=True)
  if arguments.how == "installed":
    prefix = install(arguments.build, work)
    headers = each_header_alone(prefix, work)
    where = f"-DCMAKE_PREFIX_PATH={prefix}"
  else:
    # Compiling the engine once more takes its time: unoptimised, and without the command.
    headers, where = 0, f"-DGRAZE_SOURCE_DIR={TOP}"
    cmake_options += ["-DCMAKE_BUILD_TYPE=Debug"]
  run("cmake", "-S", CONSUMER, "-B", work / "build", where, "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror", *cmake_options)
  run("cmake", "--build", work / "build", "-j2", *(["--target", "mailbox_test"] if arguments.how == "sources" else []))
  run(work / "build" / "mailbox_test")
  if arguments.how == "installed":
    check_scenarios(work / "build" / "mailbox_check")
    print(f"consumer: {len(EXPECTED)} scenarios, 2 replays, {headers} headers alone")
  return 0


if __name__ == "__main__":
  sys.exit(main())
