#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Judges a whole corpus of litmus tests and writes what came out as tables.

    corpus.py GRAZE FOLDER [--jobs N] [--wide-budget TIME] [--narrow-cpu SECONDS] [--families] [--write FILE]

GRAZE is the command, FOLDER holds tests/ and expected.csv (columns path, corpus, threads, verdict, time_s and those that
graze litmus --expect reads). Every test is judged under the newest model, those of at most twelve threads under that of Linux 6.1 as well.
Wider tests have TIME each (default 30m) and may be inconclusive. --families adds tests of its own on which herd7 takes long, with what is
known of how many executions they have. The tables go to the output, or into FILE.

Ends with 0 if all is as expected, with 1 if a test differs, if one of at most twelve threads is inconclusive or failed, if those together
take more than SECONDS of CPU (default 120: a minute on two cores, and a busy machine makes no difference), if one in a hundred is
unsupported, or if nothing was compared, and with 2 if the command cannot be run.
"""

import argparse
import collections
import csv
import json
import math
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
COMPARED = ("verdict", "states", "witnesses", "data race")

# Tests of n threads or n accesses, how many executions they have, and herd7 7.58's seconds of CPU on another machine of the same kind
# (a text: it was stopped). The numbers of executions are not ours:
# - RMWs of one variable, and critical sections under one lock, happen in any order: n!. A filter on who took an emulated lock leaves these.
# - In a ring each of the n reads sees the one write or not; only that none does (store buffering with barriers) or that all do (load
#   buffering with as many grace periods as sections) is forbidden: 2^n - 1.
# - n writes of one thread and n reads of another: as many as there are ways to mix two sequences: binomial(2n, n).
# - n writes and n reads in as many threads: n! orders, and each read has n + 1 choices.
# - Without the filter whoever does not get the lock goes on regardless: herd7's counts with load buffering taken out, and for four threads
#   with xchg, which herd7 did not finish, that of a script of its own which tries every order and applies 6.1's axioms (18, 474, 25344).
# herd7's seconds of "crowd" were taken later, on a busy machine.
Family = collections.namedtuple("Family", "title kind executions herd")
FAMILIES = (
    Family("{n} × `atomic_inc_return` of one variable", "increment", math.factorial, {3: 0.03, 4: 0.24, 5: 3.95, 6: "more than 38"}),
    Family("{n} × a counter under one `spin_lock`", "locked", math.factorial, {3: 0.14, 4: 8.8, 5: "more than 38"}),
    Family("store buffering in a ring with `smp_mb`, {n} threads", "ring", lambda n: 2**n - 1, {6: 0.13, 8: 0.61, 10: 3.6}),
    Family("load buffering in a ring with grace periods and sections, {n} threads", "rcu", lambda n: 2**n - 1,
           {2: 0.016, 3: 0.022, 4: 0.037, 5: 0.074, 6: 0.162}),
    Family("{n} stores of a thread, {n} loads of another, one variable", "streams", lambda n: math.comb(2 * n, n),
           {2: 0.017, 3: 0.037, 4: 0.231}),
    Family("{n} threads that store, {n} that load, one variable", "crowd", lambda n: math.factorial(n) * (n + 1)**n,
           {2: 0.015, 3: 0.12, 4: 4.87}),
    Family("store buffering under one `spin_lock`, {n} threads", "sb-lock", math.factorial, {2: 0.022, 3: 0.049, 4: 0.33}),
    Family("the same, the lock by `cmpxchg_acquire`", "sb-cmpxchg", math.factorial, {2: 0.041, 3: 0.6, 4: "more than 20"}),
    Family("the same, the lock by `xchg_acquire`", "sb-xchg", math.factorial, {2: 0.037, 3: 0.607, 4: "more than 20"}),
    Family("the same by `cmpxchg_acquire`, with those who did not get it", "sb-cmpxchg-all", {2: 18, 3: 330, 4: 12576}.get,
           {2: 0.052, 3: 1.439, 4: "more than 20"}),
    Family("the same by `xchg_acquire`, with those who did not get it", "sb-xchg-all", {2: 18, 3: 474, 4: 25344}.get,
           {2: 0.058, 3: 2.1, 4: "more than 20"}),
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


# What takes the lock, and gives it back, in the tests with a lock; what the lock is.
LOCKS = {
    "lock": ("spin_lock(l)", "spin_unlock(l)", "spinlock_t"),
    "cmpxchg": ("r1 = cmpxchg_acquire(l, 0, 1)", "smp_store_release(l, 0)", "int"),
    "xchg": ("r1 = xchg_acquire(l, 1)", "smp_store_release(l, 0)", "int"),
}


def thread_of(kind, i, n):
  """(parameters, statements) of thread i of n."""
  here, there = f"x{i}", f"x{(i + 1) % n}"
  ring = f"int *{here}, int *{there}"
  if kind == "increment":
    return "atomic_t *x", ["r0 = atomic_inc_return(x)"]
  if kind == "locked":
    return "int *x, spinlock_t *l", ["spin_lock(l)", "r0 = READ_ONCE(*x)", "WRITE_ONCE(*x, r0 + 1)", "spin_unlock(l)"]
  if kind == "ring":
    return ring, [f"WRITE_ONCE(*{here}, 1)", "smp_mb()", f"r0 = READ_ONCE(*{there})"]
  if kind == "rcu":
    read, write = f"r0 = READ_ONCE(*{here})", f"WRITE_ONCE(*{there}, 1)"
    return ring, [read, "synchronize_rcu()", write] if i % 2 == 0 else ["rcu_read_lock()", read, write, "rcu_read_unlock()"]
  if kind == "streams":
    return "int *x", [f"WRITE_ONCE(*x, {j + 1})" if i == 0 else f"r{j} = READ_ONCE(*x)" for j in range(n)]
  if kind == "crowd":
    return "int *x", [f"WRITE_ONCE(*x, {i + 1})" if i < n else "r0 = READ_ONCE(*x)"]
  take, give, word = LOCKS[kind.split("-")[1]]
  return f"{word} *l, {ring}", [take, f"WRITE_ONCE(*{here}, 1)", f"r0 = READ_ONCE(*{there})", give]


def end_of(kind, n):
  """The filter and the condition of a test."""
  each = lambda register, value: " /\\ ".join(f"{i}:{register}={value}" for i in range(n))
  if kind in ("increment", "locked"):
    return f"exists (x={n})"
  if kind in ("streams", "crowd"):
    return f"exists ({1 if kind == 'streams' else n}:r0=0)"
  if kind.endswith("-all"):
    return f"exists ({each('r0', 0)} /\\ {each('r1', 0)})"
  taken = f"filter ({each('r1', 0)})\n" if kind in ("sb-cmpxchg", "sb-xchg") else ""
  return f"{taken}exists ({each('r0', 1 if kind == 'rcu' else 0)})"


def family_member(kind, n):
  """The text of one test."""
  threads = []
  for i in range({"streams": 2, "crowd": 2 * n}.get(kind, n)):
    parameters, statements = thread_of(kind, i, n)
    threads.append(f"P{i}({parameters})\n{{\n" + "".join(f"\t{statement};\n" for statement in statements) + "}\n")
  return f"C {kind}{n}\n\n{{}}\n\n" + "\n".join(threads) + f"\n{end_of(kind, n)}\n"


def families(graze):
  """(table, complaints)"""
  lines, bad = [], []
  members = {f"{family.kind}{n}.litmus": (family, n) for family in FAMILIES for n in family.herd}
  with tempfile.TemporaryDirectory() as folder:
    for name, (family, n) in members.items():
      (pathlib.Path(folder) / name).write_text(family_member(family.kind, n), encoding="utf-8")
    judged, _ = litmus(graze, [str(pathlib.Path(folder) / name) for name in members], ["--lkmm=6.1", "--jobs", "1"])
  for name, (family, n) in members.items():
    test = judged[str(pathlib.Path(folder) / name)]
    if test["verdict"] is None:
      bad.append(f"family {family.kind}, n = {n}: {test['error']}")
      continue
    executions = test["positive"] + test["negative"]
    if executions != family.executions(n):
      bad.append(f"family {family.kind}, n = {n}: {executions} executions, expected {family.executions(n)}")
    title = family.title.format(n=n) + ("" if "{n}" in family.title else f", {n} threads")
    lines.append([title, number(executions), f"{test['seconds']:.2f}", family.herd[n]])
  return table(["test", "executions", "graze", "herd7"], lines), bad


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


def compared(rows, judged):
  """What the rows were compared by, one sentence; None if by nothing."""
  count = collections.Counter(what for row in rows for what in judged[row["file"]].get("compared") or ())
  return ", ".join(f"{what} {number(count[what])}" for what in COMPARED) if count else None


def judge_all(graze, folder, jobs, budget, narrow_cpu, with_families):
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
    what = compared(asked, judged)
    if what is None:
      bad.append(f"{name}: nothing was compared")
    if seconds > narrow_cpu:
      bad.append(f"{name}: the tests of at most {WIDE} threads took {seconds:.0f} s of CPU, more than {narrow_cpu:.0f}")
    text.append(f"## {name}\n\n{by_collection(asked, judged)}\nCompared, in tests: {what or 'nothing'}.\n\n"
                f"The {number(len(narrow))} tests of at most {WIDE} threads together: {seconds:.0f} s of CPU.\n")
  refused = [outcomes["newest"][row["file"]]["error"] for row in rows if outcomes["newest"][row["file"]]["reason"] == "unsupported"]
  text.append("Unsupported:\n\n" + "".join(f"- `{error.removeprefix(str(folder) + '/tests/')}`\n" for error in refused))
  text.append(f"## Beside herd7\n\nSeconds of CPU, under the model of Linux 6.1; herd7's are of another machine.\n\n"
              f"{by_threads(narrow, outcomes['Linux 6.1'])}\nThe longest of at most {WIDE} threads:\n\n"
              f"{slowest(narrow, outcomes['Linux 6.1'], 8)}")
  if with_families:
    contended, differ = families(graze)
    bad += differ
    text.append("Where threads contend for one location or one lock; how many executions there are is compared with what combinatorics or "
                f"herd7 says:\n\n{contended}")
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
  parser.add_argument("--narrow-cpu", type=float, default=120, metavar="SECONDS")
  parser.add_argument("--families", action="store_true")
  parser.add_argument("--write", type=pathlib.Path)
  arguments = parser.parse_args()
  try:
    text, bad = judge_all(str(arguments.graze.resolve()), arguments.folder, arguments.jobs, arguments.wide_budget, arguments.narrow_cpu,
                          arguments.families)
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
