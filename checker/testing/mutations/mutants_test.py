#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of mutants.py: it changes what a file names or refuses, and never takes a mutant that did not run for one that was caught."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

MUTANTS = pathlib.Path(__file__).with_name("mutants.py")

SOURCE = """\
bool Explorer::Kept(Stamp e, Stamp r) const {
  if (e == r) return true;
  return e < r;  // older
}
"""

CHANGE = """\
# SPDX-License-Identifier: MIT
title: nothing is kept
@@ checker/explore/a.cc: Kept
-  return e < r;
+  return false;
"""

AGREE = "echo 'random programs: 10 programs compared, 3 graphs'\n"
DIFFER = "printf 'different: mixed program 7:\\nT0: x = 1\\n(scheduler random)\\nthe engine misses a graph:\\n'\n" + AGREE + "exit 1\n"


def mutants(*arguments):
  command = [sys.executable, MUTANTS, *map(str, arguments)]
  return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


class MutantsTest(unittest.TestCase):
  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.folder = pathlib.Path(folder.name)
    (self.folder / "checker/explore").mkdir(parents=True)
    (self.folder / "checker/explore/a.cc").write_text(SOURCE, encoding="utf-8")
    for name in ("files", "build"):
      (self.folder / name).mkdir()

  def apply(self, text):
    file = self.folder / "m.mutation"
    file.write_text(text, encoding="utf-8")
    result = mutants("apply", file, "--source", self.folder, "--output", self.folder / "out")
    copy = self.folder / "out/checker/explore/a.cc"
    return result, copy.read_text(encoding="utf-8") if copy.is_file() else ""

  def run_all(self, **scripts):
    for name, (text, script) in scripts.items():
      (self.folder / "files" / f"{name}.mutation").write_text(text, encoding="utf-8")
      if script is not None:
        binary = self.folder / "build" / name
        binary.write_text("#!/bin/sh\n" + script, encoding="utf-8")
        binary.chmod(0o755)
    return mutants("run", self.folder / "build", "--files", self.folder / "files")

  def test_a_change_is_made_in_the_copy_only(self):
    result, copy = self.apply(CHANGE)
    self.assertEqual(result.returncode, 0, result.stdout)
    self.assertIn("  return false;", copy)
    self.assertNotIn("return e < r", copy)
    self.assertIn("return e < r", (self.folder / "checker/explore/a.cc").read_text(encoding="utf-8"))

  def test_what_does_not_match_once_is_refused_with_its_place(self):
    for text in (CHANGE.replace("e < r", "e > r"), CHANGE.replace(": Kept", ": Lost"), CHANGE.replace("a.cc", "b.cc"),
                 CHANGE.replace("title", "name"), CHANGE.replace("+  return false;\n", "").replace("-  return", "   return"),
                 CHANGE + "@@ checker/graph/c.cc: Kept\n-  x;\n", "# SPDX-License-Identifier: MIT\ntitle: nothing\n"):
      result, copy = self.apply(text)
      self.assertEqual(result.returncode, 2, text)
      self.assertRegex(result.stdout, r"^mutants.py: \S+m\.mutation:\d+: ")
      self.assertEqual(copy, "")

  def test_caught_means_that_a_difference_was_printed(self):
    result = self.run_all(caught=(CHANGE, DIFFER), unmutated=("title: as it is\nunchanged: checker/explore/a.cc\n", AGREE))
    self.assertEqual(result.returncode, 0, result.stdout)
    self.assertIn("after 10 programs: the engine misses a graph", result.stdout)
    self.assertIn("2 of 2 as they should be", result.stdout)

  def test_a_mutant_that_survives_fails(self):
    result = self.run_all(survives=(CHANGE, AGREE))
    self.assertEqual(result.returncode, 1, result.stdout)
    self.assertIn("not noticed", result.stdout)

  def test_an_unchanged_copy_that_is_caught_fails(self):
    self.assertEqual(self.run_all(unmutated=("title: as it is\nunchanged: checker/explore/a.cc\n", DIFFER)).returncode, 1)

  def test_a_mutant_that_is_missing_or_ends_otherwise_is_neither_caught_nor_alive(self):
    for script in (None, "exit 1\n", "exit 2\n", "kill -9 $$\n", "exit 0\n", AGREE + "exit 1\n"):
      result = self.run_all(odd=(CHANGE, script))
      self.assertEqual(result.returncode, 2, result.stdout)

  def test_no_mutations_at_all_is_an_error(self):
    self.assertEqual(mutants("run", self.folder / "build", "--files", self.folder / "files").returncode, 2)


if __name__ == "__main__":
  unittest.main()
