#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of untouched.py: it knows statements from the rest, and which of them mutations touch."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

UNTOUCHED = pathlib.Path(__file__).with_name("untouched.py")

PORT = """\
static int declared(int n);

static int count(struct entry *e,
\t\t int n)
{
\tstruct entry *old;
\tint i, err = 0;

\tif (!e ||
\t    n == 0)
\t\tgoto out;
\tfor (i = 0; i < n; i++) {
\t\tget(e); /* one
\t\t\t   each */
\t\te->refs++;
\t}
out:
\treturn err;
}

static void put(void (*free)(void *), struct entry *e)
{
\tfree(e);
}
"""
RING = """\
static void consume(int *r)
{
\t*r = 0;
}
"""
HEAD = """\
# SPDX-License-Identifier: GPL-2.0-only
id: M99
title: a test
kind: mutation
generations: v5.9
memory-model: sc
run: Cpumap.UpdateDelete [] finds I-REF

"""
HUNK = "@@ model/cpumap/{generation}/cpumap.cc: "


class UntouchedTest(unittest.TestCase):

  def setUp(self):
    self.folder = tempfile.TemporaryDirectory()
    self.addCleanup(self.folder.cleanup)
    self.root = pathlib.Path(self.folder.name)
    for path, text in (("model/cpumap/v5_9/cpumap.cc", PORT), ("model/kernel/ptr_ring.cc", RING)):
      (self.root / path).parent.mkdir(parents=True)
      (self.root / path).write_text(text)

  def survey(self, *mutations, options=()):
    files = []
    for number, text in enumerate(mutations):
      files.append(self.root / f"M{number}.mutation")
      files[-1].write_text(text)
    return subprocess.run([sys.executable, UNTOUCHED, "--source", self.root, *options, *files], capture_output=True, text=True, check=False)

  def test_names_every_statement_that_nothing_touches(self):
    done = self.survey(HEAD + HUNK + "count\n-\t\te->refs++;\n")
    self.assertEqual(done.returncode, 0, done.stderr)
    # The statements and their lines are counted by hand in PORT.
    self.assertEqual(done.stdout.splitlines(), [
        "model/cpumap/v5_9/cpumap.cc: 1 of 8 statements are touched by a mutation",
        "  count: 1 of 7",
        "        7 int i, err = 0;",
        "        9 if (!e || n == 0)",
        "       11 goto out;",
        "       12 for (i = 0; i < n; i++) {",
        "       13 get(e); /* one",
        "       18 return err;",
        "  put: 0 of 1",
        "       23 free(e);",
        "model/kernel/ptr_ring.cc: 0 of 1 statements are touched by a mutation",
        "  consume: 0 of 1",
        "        3 *r = 0;",
    ])

  def test_counts_a_line_of_a_longer_statement(self):
    self.assertIn("  count: 1 of", self.survey(HEAD + HUNK + "count\n-\t    n == 0)\n+\t    n < 0)\n").stdout)

  def test_counts_the_statement_after_which_lines_are_added(self):
    done = self.survey(HEAD + HUNK + "put\n \tfree(e);\n+\tfree(e);\n")
    self.assertIn("  put: 1 of 1", done.stdout)

  def test_does_not_count_fixes_other_generations_and_what_is_left_out(self):
    hunk = HUNK + "put\n-\tfree(e);\n"
    for head in (HEAD.replace("kind: mutation", "kind: fix"), HEAD.replace("v5.9", "v7.1"), HEAD.replace("title", "left-out: why\ntitle")):
      self.assertIn("  put: 0 of 1", self.survey(head + hunk).stdout)

  def test_checks_that_something_of_every_function_is_touched(self):
    ring = "@@ model/kernel/ptr_ring.cc: consume\n-\t*r = 0;\n"
    both = HUNK + "put\n-\tfree(e);\n\n" + HUNK + "count\n-\t\te->refs++;\n\n"
    done = self.survey(HEAD + both, options=["--check", "--brief"])
    self.assertEqual(done.returncode, 1)
    self.assertEqual(done.stderr, "model/kernel/ptr_ring.cc: no mutation touches 'consume'\n")
    self.assertEqual(self.survey(HEAD + both + ring, options=["--check", "--brief"]).returncode, 0)

  def test_stops_at_a_mutation_that_does_not_fit(self):
    done = self.survey(HEAD + HUNK + "put\n-\tforget(e);\n")
    self.assertEqual(done.returncode, 2)
    self.assertIn("the old lines do not occur in 'put'", done.stderr)


if __name__ == "__main__":
  unittest.main()
