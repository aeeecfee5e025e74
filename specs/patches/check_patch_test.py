#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of `graze check --patch`: the upstream fixes beside this file do what they did upstream, and unusable patches say why.

    check_patch_test.py GRAZE
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
GRAZE = None


def run(*arguments):
  """The patches here are for v5.9, which is not the generation that a patch is for unless one says so."""
  return subprocess.run([GRAZE, "check", "--generation", "v5.9", *map(str, arguments)], capture_output=True, text=True, check=False)


def changes(bug, patch):
  """Exit code, and {id: (change, invariants after)}."""
  done = run(bug, "--patch", patch, "--json", "-")
  findings = json.loads(done.stdout)["patch"]["findings"]
  return done.returncode, {finding["id"]: (finding["change"], finding["after"]) for finding in findings}


class CheckPatchTest(unittest.TestCase):
  """What is gone, left and new is taken from the commits' purpose, not from a run."""

  def setUp(self):
    self.folder = tempfile.TemporaryDirectory()
    self.addCleanup(self.folder.cleanup)

  def patch(self, name, old, new):
    """A patch from here, changed."""
    text = (HERE / name).read_text(encoding="utf-8")
    self.assertEqual(text.count(old), 1)
    path = pathlib.Path(self.folder.name) / "changed it.patch"  # a name that no replay line may have as it is
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path

  def refused(self, path, message):
    done = run("D01", "--patch", path)
    self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
    self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
    self.assertIn(message, done.stderr)

  def test_the_fix_of_d01_ends_d01_alone(self):
    # D15 needs no traffic either, so the searches for D01 show it as well: a matter of its own.
    self.assertEqual(changes("D01", HERE / "D01.patch")[0], 0)
    self.assertEqual(changes("D01", HERE / "D01.patch")[1]["D01"][0], "gone")

  def test_the_fix_of_d01_turns_the_leak_of_d02_into_a_warning(self):
    code, found = changes("D02", HERE / "D01.patch")
    self.assertEqual((code, found["D02"]), (1, ("left", ["I-EMPTY"])))

  def test_the_fix_of_d02_ends_d01_and_d02(self):
    for bug in ("D01", "D02"):
      code, found = changes(bug, HERE / "D02.patch")
      self.assertEqual((code, found[bug][0]), (0, "gone"))

  def test_the_fix_of_d18_ends_d18(self):
    code, found = changes("CVE-2024-27431", HERE / "D18.patch")
    self.assertEqual((code, found), (0, {"D18": ("gone", [])}))

  def test_a_worse_patch_is_told_with_a_counterexample_that_replays(self):
    # Without the test of the result every stop drops a reference too many.
    worse = self.patch("D01.patch", "+\tif (err) {", "+\tif (true) {")
    done = run("D01", "--patch", worse)
    self.assertEqual(done.returncode, 1, done.stderr)
    self.assertRegex(done.stdout, r"(?m)^new        unnamed .*I-UAF")
    self.assertRegex(done.stdout, r"(?m)^VIOLATION  I-UAF")
    line = next(line for line in done.stdout.splitlines() if line.startswith("replay "))
    again = subprocess.run(line.split()[1:], capture_output=True, text=True, check=False)
    self.assertEqual(again.returncode, 1, again.stderr)
    self.assertIn("VIOLATION", again.stdout)

  def test_what_does_not_compile_is_told_with_its_line(self):
    self.refused(self.patch("D01.patch", "err = kthread_stop", "err = kthread_halt"),
                 "does not compile: model/cpumap/v5_9/cpumap.cc:")

  def test_what_does_not_apply_is_told_with_its_line(self):
    self.refused(self.patch("D01.patch", "-\tkthread_stop(rcpu->kthread);", "-\tkthread_halt(rcpu->kthread);"),
                 "changed it.patch:5: the hunk does not apply to model/cpumap/v5_9/cpumap.cc: the port has no line")

  def test_what_is_no_patch_is_told(self):
    self.refused(HERE / "apply_patch.py", "no unified diff in it")
    self.refused(HERE / "none.patch", "no file '")
    self.refused("/dev/null", "'/dev/null' is no regular file")

  def test_two_changes_at_a_time_are_refused(self):
    done = run("--patch", HERE / "D01.patch", "--mutation", "M01")
    self.assertEqual(done.returncode, 2)
    self.assertIn("leave one of them out", done.stderr)


if __name__ == "__main__":
  GRAZE = sys.argv.pop(1)
  unittest.main()
