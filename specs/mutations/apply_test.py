#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of apply.py: it changes exactly what a mutation names, or refuses with the place."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

APPLY = pathlib.Path(__file__).with_name("apply.py")

SOURCE = """\
struct entry;
struct entry {
\tint refs;
};

static void get(struct entry *e);

static void get(struct entry *e)
{
\te->refs++;  /* counted */
}

static int both(struct entry *e,
\t\tint n)
{
\tget(e); /* one
\t\t   for the map */
\tget(e);
\treturn n;
}
"""

HEAD = """\
# SPDX-License-Identifier: GPL-2.0-only
id: M99
title: a test
kind: mutation
generations: v5.9
memory-model: sc
run: Cpumap.UpdateDelete [start=ran stop=signal] finds I-REF
"""

FILE = "model/cpumap/v5_9/cpumap.cc"


class Fixture(unittest.TestCase):

  def setUp(self):
    self.folder = tempfile.TemporaryDirectory()
    self.addCleanup(self.folder.cleanup)
    self.root = pathlib.Path(self.folder.name)
    (self.root / FILE).parent.mkdir(parents=True)
    (self.root / FILE).write_text(SOURCE)

  def run_apply(self, text, generation="v5.9"):
    (self.root / "M99.mutation").write_text(text)
    return subprocess.run(
        [sys.executable, APPLY, "M99.mutation", "--generation", generation, "--source", ".", "--output", "out"],
        cwd=self.root, capture_output=True, text=True, check=False)

  def apply(self, hunk, head=HEAD):
    done = self.run_apply(head + "\n" + hunk)
    self.assertEqual(done.returncode, 0, done.stderr)
    return (self.root / "out" / FILE).read_text()

  def refused(self, text, message, generation="v5.9"):
    done = self.run_apply(text, generation)
    self.assertEqual(done.returncode, 1)
    self.assertIn(message, done.stderr)
    self.assertFalse((self.root / "out").exists())


class ApplyTest(Fixture):

  def test_replaces_the_lines_of_the_named_function_only(self):
    changed = self.apply("@@ model/cpumap/{generation}/cpumap.cc: get\n-\te->refs++;\n+\te->refs += 2;\n")
    self.assertEqual(changed, SOURCE.replace("\te->refs++;  /* counted */", "\te->refs += 2;"))

  def test_reads_past_comments_and_white_space(self):
    changed = self.apply("@@ model/cpumap/{generation}/cpumap.cc: both\n get( e );\n-get(e);\n return n;\n")
    self.assertEqual(changed, SOURCE.replace("\tget(e);\n\treturn n;", "\treturn n;"))

  def test_changes_a_struct(self):
    changed = self.apply("@@ model/cpumap/{generation}/cpumap.cc: entry\n \tint refs;\n+\tint more;\n")
    self.assertEqual(changed, SOURCE.replace("\tint refs;\n", "\tint refs;\n\tint more;\n"))

  def test_copies_the_port_even_if_nothing_changes(self):
    self.assertEqual(self.apply("", HEAD.replace("kind: mutation", "kind: control")), SOURCE)

  def test_refuses_no_match(self):
    self.refused(HEAD + "\n@@ model/cpumap/{generation}/cpumap.cc: get\n-\te->refs--;\n",
                 "M99.mutation:9: model/cpumap/v5_9/cpumap.cc: the old lines do not occur in 'get'")

  def test_refuses_two_matches(self):
    self.refused(HEAD + "\n@@ model/cpumap/{generation}/cpumap.cc: both\n-\tget(e);\n",
                 "M99.mutation:9: model/cpumap/v5_9/cpumap.cc: the old lines occur 2 times in 'both'")

  def test_refuses_a_function_that_is_only_declared(self):
    (self.root / FILE).write_text("static void get(struct entry *e);\n")
    self.refused(HEAD + "\n@@ model/cpumap/{generation}/cpumap.cc: get\n-\te->refs++;\n", "no definition of 'get'")

  def test_refuses_another_generation(self):
    self.refused(HEAD + "\n@@ model/cpumap/{generation}/cpumap.cc: get\n-\te->refs++;\n", "does not apply", "v7.1")

  def test_refuses_a_missing_file(self):
    self.refused(HEAD + "\n@@ model/kernel/none.h: get\n-\te->refs++;\n", "M99.mutation:9: no file model/kernel/none.h")

  def test_refuses_a_head_without_the_invariant(self):
    self.refused(HEAD.replace("finds I-REF", "holds"), "M99.mutation:1: a mutation has a run that finds")

  def test_refuses_a_run_that_is_not_understood(self):
    self.refused(HEAD.replace("finds I-REF", "fails"), "M99.mutation:7: 'run: SCENARIO")

  def test_takes_a_mutation_that_the_strongest_model_does_not_show(self):
    head = HEAD.replace("model: sc", "model: tso").replace("finds I-REF", "holds under sc")
    self.apply("@@ model/cpumap/{generation}/cpumap.cc: get\n-\te->refs++;\n", head)

  def test_refuses_to_say_of_such_a_one_that_it_needs_no_weaker_model(self):
    self.refused(HEAD.replace("finds I-REF", "holds under sc"), "M99.mutation:1: a mutation has a run that finds")

  def test_refuses_an_unknown_key(self):
    self.refused(HEAD + "colour: red\n", "M99.mutation:8: unknown key 'colour'")

  def test_refuses_a_hunk_that_changes_nothing(self):
    self.refused(HEAD + "\n@@ model/cpumap/{generation}/cpumap.cc: get\n \te->refs++;\n", "changes nothing")


class GenerationsTest(Fixture):
  """Mutations of two generations whose texts differ."""

  OTHER = FILE.replace("v5_9", "v5_8")
  BOTH = HEAD.replace("generations: v5.9", "generations: v5.8 v5.9")
  HUNKS = ("@@ model/cpumap/{generation}/cpumap.cc: get for v5.8\n-\te->uses++;\n\n"
           "@@ model/cpumap/{generation}/cpumap.cc: get for v5.9\n-\te->refs++;\n")

  def setUp(self):
    super().setUp()
    (self.root / self.OTHER).parent.mkdir(parents=True)
    (self.root / self.OTHER).write_text(SOURCE.replace("e->refs", "e->uses"))

  def test_applies_the_hunks_of_the_generation_only(self):
    self.assertNotIn("e->refs++", self.apply(self.HUNKS, self.BOTH))
    self.assertEqual(self.run_apply(self.BOTH + "\n" + self.HUNKS, "v5.8").returncode, 0)
    self.assertNotIn("e->uses++", (self.root / "out" / self.OTHER).read_text())

  def test_refuses_a_generation_without_a_hunk(self):
    self.refused(self.BOTH + "\n" + self.HUNKS.partition("\n\n")[0] + "\n", "M99.mutation:1: no hunk for v5.9")

  def test_refuses_a_generation_without_a_run(self):
    self.refused(self.BOTH.replace("finds I-REF", "finds I-REF for v5.9") + "\n" + self.HUNKS, "M99.mutation:1: no run for v5.8")

  def test_refuses_a_hunk_for_a_generation_that_it_is_not_of(self):
    self.refused(HEAD + "\n" + self.HUNKS, "'v5.8' stands behind a 'for' and not among the generations")

  def test_lists_what_is_to_be_built_for_each_generation(self):
    (self.root / "M99.mutation").write_text(
        self.BOTH + "\n" + self.HUNKS + "\n@@ model/kernel/ptr_ring.cc: consume for v5.9\n-\tr->head++;\n")
    done = subprocess.run([sys.executable, APPLY, "M99.mutation", "--table", "table.inc", "--pairs", "pairs.txt"], cwd=self.root,
                          capture_output=True, text=True, check=False)
    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertEqual((self.root / "pairs.txt").read_text(),
                     "M99.mutation|M99|v5.8||\nM99.mutation|M99|v5.9|model/kernel/ptr_ring.cc|\n")
    self.assertIn('"v5.8 v5.9"', (self.root / "table.inc").read_text())


class BaseTest(Fixture):
  """Mutations that stand on another file."""

  BASE = HEAD.replace("M99", "M98") + "\n@@ model/cpumap/{generation}/cpumap.cc: get\n-\te->refs++;\n+\te->refs += 2;\n"

  def setUp(self):
    super().setUp()
    (self.root / "M98.mutation").write_text(self.BASE)

  def test_apply_that_one_first(self):
    changed = self.apply("@@ model/cpumap/{generation}/cpumap.cc: get\n-\te->refs += 2;\n+\te->refs += 3;\n", HEAD + "on: M98\n")
    self.assertIn("e->refs += 3;", changed)

  def test_are_refused_for_a_generation_that_it_has_not(self):
    (self.root / "M98.mutation").write_text(self.BASE.replace("v5.9", "v5.8"))
    self.refused(HEAD + "on: M98\n\n@@ model/cpumap/{generation}/cpumap.cc: get\n-\te->refs++;\n",
                 "M98.mutation:1: does not apply to generation v5.9")

  def test_are_built_anew_when_it_changes(self):
    (self.root / "M99.mutation").write_text(HEAD + "on: M98\n\n@@ model/cpumap/{generation}/cpumap.cc: both\n-\treturn n;\n")
    done = subprocess.run([sys.executable, APPLY, "M99.mutation", "--table", "table.inc", "--pairs", "pairs.txt"], cwd=self.root,
                          capture_output=True, text=True, check=False)
    self.assertEqual(done.returncode, 0, done.stderr)
    self.assertEqual((self.root / "pairs.txt").read_text(), "M99.mutation|M99|v5.9||M98.mutation\n")


class ReadmeTest(unittest.TestCase):

  def test_names_every_mutation_and_no_other(self):
    folder = APPLY.parent
    text = (folder / "README.md").read_text(encoding="utf-8")
    files = {path.stem for path in folder.glob("*.mutation")}
    named = set(re.findall(r"\b(?:M\d\d(?:_\w+)?|(?:own|fix|try)_\w+|unmutated)\b", text))
    self.assertEqual(files - named, set())
    # Of M01 to M55, rows without a file are named as well.
    self.assertEqual({name for name in named if not re.fullmatch(r"M\d\d", name)} - files, set())


if __name__ == "__main__":
  unittest.main()
