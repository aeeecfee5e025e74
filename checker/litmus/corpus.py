#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Judges a whole corpus of litmus tests and writes what came out as tables.

    corpus.py GRAZE FOLDER [--jobs N] [--wide-budget TIME] [--families] [--write FILE]

GRAZE is the command, FOLDER holds tests/ and expected.csv (columns path, corpus, threads, verdict, time_s and those that
graze litmus --expect reads). Every test is judged under the newest model, those of at most twelve threads under that of Linux 6.1 as well.
Wider tests have TIME each (default 30m) and may be inconclusive. --families adds tests of its own on which herd7 takes long. The tables go
to the output, or into FILE.

Ends with 0 if all is as expected, with 1 if a test differs, if one of at most twelve threads is inconclusive or failed, or if one in a
hundred is unsupported, and with 2 if the command cannot be run.
"""

import argparse
import collections
import csv
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

WIDE = 12  # threads; tests of more are wide
VERDICTS = ("Never", "Sometimes", "Always")
MODELS = (("newest", []), ("Linux 6.1", ["--lkmm=6.1"]))
# herd7 7.58, seconds of CPU on another machine of the same kind; None: stopped after 38.
FAMILIES = (
    ("`atomic_inc_return` of one variable", "increment", {3: 0.03, 4: 0.24, 5: 3.95, 6: None}),
    ("a counter under one `spin_lock`", "locked", {3: 0.14, 4: 8.8, 5: None}),
    ("store buffering in a ring with `smp_mb`", "ring", {6: 0.13, 8: 0.61, 10: 3.6}),
)


class Failure(Exception):
  """One line for the user."""


def cpu_seconds():
  used = resource.getrusage(resource.RUSAGE_CHILDREN)
  return used.ru_utime + used.ru_stime


def litmus(graze, paths, options):
  """(what the report says of each test by its path, seconds of CPU of the whole command)."""
  before = cpu_seconds()
  with tempfile.TemporaryDirectory() as folder:
    report = pathlib.Path(folder) / "report.json"
    run = subprocess.run([graze, "litmus", *paths, "--json", report, *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                         text=True, check=False)
    # 4: of what there is to compare nothing could be, as of tests that nobody has judged; each test is looked at below.
    if run.returncode not in (0, 1, 3, 4) or not report.is_file():
      raise Failure(f"{graze} litmus ended with {run.returncode}: {run.stderr.strip() or 'no word'}")
    tests = json.loads(report.read_text(encoding="utf-8"))["tests"]
  return {test["path"]: test for test in tests}, cpu_seconds() - before


def table(head, rows):
  lines = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
  return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines]) + "\n"


def number(value):
  return f"{value:,}"


def by_collection(rows, judged):
  """Verdicts, races, agreement per collection."""
  count = collections.defaultdict(collections.Counter)
  for row in rows:
    test = judged[row["file"]]
    for name in (row["corpus"], "all"):
      kinds = count[name]
      kinds["tests"] += 1
      kinds[test["verdict"] or test["reason"]] += 1
      kinds["race"] += bool(test["data_race"])
      kinds["differ"] += test["as_expected"] is False
      kinds["expected"] += test["as_expected"] is True
  head = ["collection", "tests", *VERDICTS, "unsupported", "inconclusive", "with a race", "as expected", "differ"]
  keys = ["tests", *VERDICTS, "unsupported", "inconclusive", "race"]
  names = [name for name in count if name != "all"] + ["all"]
  return table(head, [[name, *(number(count[name][key]) for key in keys), number(count[name]["expected"]),
                       number(count[name]["differ"])] for name in names])


def by_threads(rows, judged):
  """Our seconds beside herd7's, where it has any."""
  groups = collections.defaultdict(list)
  for row in rows:
    test = judged[row["file"]]
    if row["time_s"] and test["verdict"] is not None:
      groups[int(row["threads"])].append((test["seconds"], float(row["time_s"])))
  head = ["threads", "tests", "graze, all", "graze, longest", "herd7, all", "herd7, longest"]
  lines = []
  for threads, times in sorted(groups.items()):
    ours, theirs = zip(*times)
    lines.append([threads, number(len(times)), f"{sum(ours):.2f}", f"{max(ours):.2f}", f"{sum(theirs):.1f}", f"{max(theirs):.2f}"])
  return table(head, lines)


def slowest(rows, judged, how_many):
  times = sorted(((judged[row["file"]]["seconds"], row) for row in rows), key=lambda pair: -pair[0])[:how_many]
  lines = []
  for seconds, row in times:
    test = judged[row["file"]]
    executions = number((test["positive"] or 0) + (test["negative"] or 0))
    lines.append([pathlib.Path(row["path"]).stem, row["threads"], executions, f"{seconds:.2f}", row["time_s"] or "-"])
  return table(["test", "threads", "executions", "graze", "herd7"], lines)


def short(path):
  """C-RW-G+RW-R is R-W:GR, a ring of threads that read and then write, with a grace period in between or in a read-side section."""
  threads = re.findall(r"([RW])([RW])-([GR]H?)", pathlib.Path(path).stem)
  shapes = {first + second for first, second, _ in threads}
  return f"{shapes.pop()} {''.join(middle for _, _, middle in threads)}" if len(shapes) == 1 else pathlib.Path(path).stem


def wide_ones(rows, judged):
  lines = []
  for row in sorted(rows, key=lambda row: (int(row["threads"]), row["path"])):
    test = judged[row["file"]]
    executions = number(test["positive"] + test["negative"]) if test["verdict"] else "-"
    lines.append([short(row["path"]), row["threads"], test["verdict"] or test["reason"], executions, f"{test['seconds']:.1f}",
                  row["verdict"] or "-"])
  return table(["test", "threads", "verdict", "executions", "seconds", "its author"], lines)


def family_member(kind, n):
  """The text of one test: n threads that do the same."""
  threads = []
  for i in range(n):
    if kind == "increment":
      threads.append(f"P{i}(atomic_t *x)\n{{\n\tr0 = atomic_inc_return(x);\n}}\n")
    elif kind == "locked":
      threads.append(f"P{i}(int *x, spinlock_t *l)\n{{\n\tspin_lock(l);\n\tr0 = READ_ONCE(*x);\n\tWRITE_ONCE(*x, r0 + 1);\n"
                     "\tspin_unlock(l);\n}\n")
    else:
      here, there = f"x{i}", f"x{(i + 1) % n}"
      threads.append(f"P{i}(int *{here}, int *{there})\n{{\n\tWRITE_ONCE(*{here}, 1);\n\tsmp_mb();\n\tr0 = READ_ONCE(*{there});\n}}\n")
  end = f"exists (x={n})" if kind != "ring" else "exists (" + " /\\ ".join(f"{i}:r0=0" for i in range(n)) + ")"
  return f"C {kind}{n}\n\n{{}}\n\n" + "\n".join(threads) + f"\n{end}\n"


def families(graze):
  lines = []
  with tempfile.TemporaryDirectory() as folder:
    for title, kind, theirs in FAMILIES:
      for n, herd in theirs.items():
        path = pathlib.Path(folder) / f"{kind}{n}.litmus"
        path.write_text(family_member(kind, n), encoding="utf-8")
        judged, _ = litmus(graze, [str(path)], ["--lkmm=6.1", "--jobs", "0"])
        test = judged[str(path)]
        lines.append([f"{n} × {title}" if kind != "ring" else f"{title}, {n} threads", number(test["positive"] + test["negative"]),
                      f"{test['seconds']:.2f}", "more than 38" if herd is None else herd])
  return table(["test", "executions", "graze", "herd7"], lines)


def read_rows(folder):
  with open(folder / "expected.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
  for row in rows:
    row["file"] = str(folder / "tests" / row["path"])
    row["threads"] = row["threads"] or "0"
  if not rows:
    raise Failure(f"{folder}/expected.csv has no rows")
  return rows


def complaints(name, rows, judged):
  """What is not as it should be, a line each."""
  unsupported = [row for row in rows if judged[row["file"]]["reason"] == "unsupported"]
  for row in rows:
    test = judged[row["file"]]
    if test.get("difference"):
      yield f"{name}: {row['path']}: {test['difference']}"
    elif test["reason"] == "failed" or (test["reason"] == "inconclusive" and int(row["threads"]) <= WIDE):
      yield f"{name}: {row['path']}: {test['error']}"
  if len(unsupported) * 100 >= len(rows):
    yield f"{name}: {len(unsupported)} of {len(rows)} tests are unsupported"


def judge_all(graze, folder, jobs, budget, with_families):
  """(text, complaints)."""
  rows = read_rows(folder)
  narrow = [row for row in rows if int(row["threads"]) <= WIDE]
  wide = [row for row in rows if int(row["threads"]) > WIDE]
  options = ["--jobs", str(jobs), "--expect", str(folder / "expected.csv")]
  text, bad, outcomes = [], [], {}
  for name, flags in MODELS:
    judged, seconds = litmus(graze, [row["file"] for row in narrow], [*flags, *options])
    asked = narrow
    if wide and not flags:
      judged.update(litmus(graze, [row["file"] for row in wide], [*options, "--time-budget", budget])[0])
      asked = rows
    outcomes[name] = judged
    bad += complaints(name, asked, judged)
    text.append(f"## {name}\n\n{by_collection(asked, judged)}\nThe {number(len(narrow))} tests of at most {WIDE} threads together: "
                f"{seconds:.0f} s of CPU.\n")
  refused = [outcomes["newest"][row["file"]]["error"] for row in rows if outcomes["newest"][row["file"]]["reason"] == "unsupported"]
  text.append("Unsupported:\n\n" + "".join(f"- `{error.removeprefix(str(folder) + '/tests/')}`\n" for error in refused))
  text.append(f"## Beside herd7\n\nSeconds of CPU, under the model of Linux 6.1; herd7's are of another machine.\n\n"
              f"{by_threads(narrow, outcomes['Linux 6.1'])}\nThe longest of at most {WIDE} threads:\n\n"
              f"{slowest(narrow, outcomes['Linux 6.1'], 8)}")
  if with_families:
    text.append(f"Where threads contend for one location or one lock:\n\n{families(graze)}")
  if wide:
    text.append(f"## More than {WIDE} threads\n\nRings of threads that read (R) or write (W) one location and then the next, with a grace "
                "period in between (G) or inside a read-side section (R). Nobody knows the verdicts but their author; his `Sometimes` "
                f"needs load buffering.\n\n{wide_ones(wide, outcomes['newest'])}")
  return "\n".join(text), bad


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("graze", type=pathlib.Path)
  parser.add_argument("folder", type=pathlib.Path)
  parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
  parser.add_argument("--wide-budget", default="30m")
  parser.add_argument("--families", action="store_true")
  parser.add_argument("--write", type=pathlib.Path)
  arguments = parser.parse_args()
  try:
    text, bad = judge_all(str(arguments.graze.resolve()), arguments.folder, arguments.jobs, arguments.wide_budget, arguments.families)
    head = "# A corpus of litmus tests, as graze judges it\n\nWritten by `checker/litmus/corpus.py`.\n\n"
    if arguments.write:
      arguments.write.write_text(head + text, encoding="utf-8")
    else:
      print(head + text)
  except (Failure, OSError, KeyError, ValueError) as problem:
    print(f"corpus.py: {problem}", file=sys.stderr)
    return 2
  for line in bad:
    print(f"corpus.py: {line}", file=sys.stderr)
  return 1 if bad else 0


if __name__ == "__main__":
  sys.exit(main())
