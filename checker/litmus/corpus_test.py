#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of corpus.py with a command that says what it is told to: what differs, is refused or is not finished is never passed over."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CORPUS = pathlib.Path(__file__).with_name("corpus.py")
COLUMNS = "path,corpus,verdict,verdict_B,threads,time_s,judge\n"
# Takes what to say of a test from the test itself.
COMMAND = """\
#!{python}
import json, pathlib, sys
report = sys.argv[sys.argv.index("--json") + 1]
tests = [path for path in sys.argv[2:] if path.endswith(".litmus")]
said = []
for path in tests:
  text = pathlib.Path(path).read_text()
  test = {{"path": path, "verdict": "Never", "states": 1, "positive": 0, "negative": 1, "data_race": False, "seconds": 0.5,
           "error": None, "reason": None, "cut_off": False, "difference": None, "as_expected": True,
           "compared": ["verdict"]}}
  if not text.startswith("C "):
    test.update(json.loads(text))
  said.append(test)
pathlib.Path(report).write_text(json.dumps({{"tests": said}}))
"""


def without_verdict(reason):
  return {"verdict": None, "positive": None, "negative": None, "data_race": None, "reason": reason, "error": f"why it is {reason}",
          "as_expected": None, "compared": []}


class CorpusTest(unittest.TestCase):
  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = pathlib.Path(folder.name)
    (self.folder / "tests").mkdir()
    self.command = self.folder / "graze"
    self.command.write_text(COMMAND.format(python=sys.executable), encoding="utf-8")
    self.command.chmod(0o755)

  def judge(self, *tests, fillers=200, options=()):
    """Each test is (what the command says of it beside the usual, threads)."""
    lines = [COLUMNS]
    for i, (said, threads) in enumerate(list(tests) + [({}, 2)] * fillers):
      (self.folder / f"tests/t{i}.litmus").write_text(json.dumps(said), encoding="utf-8")
      lines.append(f"t{i}.litmus,ours,Never,Never,{threads},0.1,Never\n")
    (self.folder / "expected.csv").write_text("".join(lines), encoding="utf-8")
    return subprocess.run([sys.executable, CORPUS, self.command, self.folder, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)

  def test_all_as_expected_is_counted_and_passes(self):
    result = self.judge(({"verdict": "Sometimes", "data_race": True}, 2))
    self.assertEqual(result.returncode, 0, result.stdout)
    self.assertIn("| all | 201 | 200 | 1 | 0 | 0 | 0 | 1 | 201 | 0 |", result.stdout)

  def test_a_difference_fails_and_is_named(self):
    result = self.judge(({"difference": "verdict Never, expected Always", "as_expected": False}, 2))
    self.assertEqual(result.returncode, 1)
    self.assertIn("t0.litmus: verdict Never, expected Always", result.stdout)
    self.assertIn("| all | 201 | 201 | 0 | 0 | 0 | 0 | 0 | 200 | 1 |", result.stdout)

  def test_only_a_wide_test_may_be_inconclusive(self):
    wide = self.judge((without_verdict("inconclusive"), 13))
    self.assertEqual(wide.returncode, 0, wide.stdout)
    self.assertIn("| t0 | 13 | inconclusive | - |", wide.stdout)
    narrow = self.judge((without_verdict("inconclusive"), 12))
    self.assertEqual(narrow.returncode, 1)
    self.assertIn("why it is inconclusive", narrow.stdout)

  def test_one_in_a_hundred_unsupported_is_too_many(self):
    refused = (without_verdict("unsupported"), 2)
    self.assertEqual(self.judge(refused).returncode, 0)
    result = self.judge(refused, fillers=99)
    self.assertEqual(result.returncode, 1)
    self.assertIn("1 of 100 tests are unsupported", result.stdout)

  def test_what_was_compared_is_counted_and_nothing_is_no_pass(self):
    everything = ["verdict", "states", "witnesses", "data race"]
    result = self.judge(({"compared": everything}, 2), ({"compared": ["verdict", "data race"]}, 2))
    self.assertEqual(result.returncode, 0, result.stdout)
    self.assertIn("Compared, in tests: verdict 202, states 1, witnesses 1, data race 2.", result.stdout)
    nothing = self.judge(({"compared": []}, 2), fillers=0)
    self.assertEqual(nothing.returncode, 1)
    self.assertIn("newest: nothing was compared", nothing.stdout)

  def test_too_much_time_for_the_narrow_ones_fails(self):
    result = self.judge(options=["--narrow-cpu", "0"])
    self.assertEqual(result.returncode, 1)
    self.assertRegex(result.stdout, r"newest: the tests of at most 12 threads took \d+ s of CPU, more than 0")

  def test_families_have_the_executions_that_they_are_known_to_have(self):
    result = self.judge(options=["--families"])  # the command says 1 of each
    self.assertEqual(result.returncode, 1)
    for line in ("increment, n = 6: 1 executions, expected 720", "rcu, n = 6: 1 executions, expected 63",
                 "streams, n = 4: 1 executions, expected 70", "sb-xchg, n = 4: 1 executions, expected 24"):
      self.assertIn(f"family {line}\n", result.stdout)

  def test_a_command_that_does_not_run_is_no_pass(self):
    self.command.write_text("#!/bin/sh\necho no >&2\nexit 2\n", encoding="utf-8")
    result = self.judge()
    self.assertEqual(result.returncode, 2)
    self.assertIn("ended with 2: no", result.stdout)


if __name__ == "__main__":
  unittest.main()
