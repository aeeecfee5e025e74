#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of apply_patch.py: a patch is applied where it belongs, or refused with its line."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

APPLY = pathlib.Path(__file__).with_name("apply_patch.py")
PORT = "model/cpumap/v5_9/cpumap.cc"

SOURCE = """\
#include "model/cpumap/bpf.h"
#include "model/kernel/kthread.h"

struct entry {
\tplain<struct task_struct *> task;
\tplain<int> refs;
};

static void get(struct entry *e)
{
\te->refs++;
}

static int run(void *data)
{
\tstruct entry *e = (struct entry *)data; // port: cast
\tvoid_ptr frames[BATCH];

\tget(e);
\treturn 0;
}

static int twice(struct entry *e)
{
\tget(e);
\tget(e);
\treturn 1;
}
"""

UPSTREAM = "--- a/kernel/bpf/cpumap.c\n+++ b/kernel/bpf/cpumap.c\n"


class ApplyPatchTest(unittest.TestCase):
  """Each applies one patch to SOURCE."""

  def setUp(self):
    self.folder = tempfile.TemporaryDirectory()
    self.addCleanup(self.folder.cleanup)
    self.root = pathlib.Path(self.folder.name)
    (self.root / PORT).parent.mkdir(parents=True)
    (self.root / PORT).write_text(SOURCE)
    (self.root / "model/kernel").mkdir()
    (self.root / "model/kernel/completion.h").write_text("")

  def run_apply(self, patch, generation="v5.9"):
    (self.root / "p.patch").write_text(patch)
    return subprocess.run(
        [sys.executable, APPLY, "p.patch", "--generation", generation, "--source", ".", "--output", "out"],
        cwd=self.root, capture_output=True, text=True, check=False)

  def apply(self, patch):
    done = self.run_apply(patch)
    self.assertEqual(done.returncode, 0, done.stderr)
    self.facts = done.stdout
    return (self.root / "out" / PORT).read_text()

  def refused(self, patch, message, generation="v5.9"):
    done = self.run_apply(patch, generation)
    self.assertEqual((done.returncode, done.stdout), (1, ""))
    self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
    self.assertIn(message, done.stderr)
    self.assertFalse((self.root / "out").exists())

  def test_applies_a_patch_of_the_port(self):
    changed = self.apply(f"--- a/{PORT}\n+++ b/{PORT}\n@@ -9,4 +9,4 @@ struct entry {{\n static void get(struct entry *e)\n {{\n"
                         "-\te->refs++;\n+\te->refs += 2;\n }\n")
    self.assertEqual(changed, SOURCE.replace("e->refs++;", "e->refs += 2;"))
    self.assertEqual(self.facts, f"path {PORT}\nhunk 3 9 0\n")

  def test_reads_past_comments_and_instrumentation(self):
    changed = self.apply(UPSTREAM + "@@ -90,7 +90,7 @@\n  * the end of a comment\n  */\n struct entry {\n"
                         "-\tstruct task_struct *task; /* who */\n+\tplain<struct task_struct *> kthread;\n \tint refs;\n };\n \n")
    self.assertEqual(changed, SOURCE.replace("> task;", "> kthread;"))

  def test_reads_past_what_c_allows_and_cxx_does_not(self):
    changed = self.apply(UPSTREAM + "@@ -1,3 +1,4 @@\n \tstruct entry *e = data;\n+\tint i;\n \tvoid *frames[BATCH];\n \n")
    self.assertEqual(changed, SOURCE.replace("\tvoid_ptr", "\tint i;\n\tvoid_ptr"))

  def test_gives_up_context_from_the_outside_and_says_so(self):
    changed = self.apply(UPSTREAM + "@@ -1,4 +1,4 @@\n \tnot_in_the_port();\n \tget(e);\n-\treturn 0;\n+\treturn 2;\n }\n")
    self.assertEqual(changed, SOURCE.replace("return 0;", "return 2;"))
    self.assertIn("hunk 3 19 1", self.facts)

  def test_takes_the_function_of_the_head_where_lines_repeat(self):
    source = SOURCE.replace("return 1;", "return 0;")
    (self.root / PORT).write_text(source)
    changed = self.apply(UPSTREAM + "@@ -1,2 +1,2 @@ static int run(void *data)\n-\treturn 0;\n+\treturn 2;\n }\n")
    self.assertEqual(changed, source.replace("return 0;", "return 2;", 1))

  def test_applies_the_parts_of_a_hunk_that_the_port_has_apart(self):
    changed = self.apply(UPSTREAM + "@@ -1,5 +1,5 @@\n"
                         " {\n-\te->refs++;\n+\te->refs--;\n not_in_the_port();\n-\treturn 0;\n+\treturn 2;\n }\n")
    self.assertEqual(changed, SOURCE.replace("e->refs++;", "e->refs--;").replace("return 0;", "return 2;"))

  def test_turns_kernel_includes_into_those_of_the_kernel_layer(self):
    changed = self.apply(UPSTREAM + "@@ -1,2 +1,3 @@\n"
                         " #include <linux/bpf.h>\n+#include <linux/completion.h>\n #include <trace/events/xdp.h>\n")
    self.assertEqual(changed, SOURCE.replace('#include "model/kernel/k', '#include "model/kernel/completion.h"\n#include "model/kernel/k'))

  def test_says_that_a_new_field_is_not_instrumented(self):
    field = "+\tint more;\n"
    self.apply(UPSTREAM + f"@@ -1,2 +1,3 @@\n \tint refs;\n{field} }};\n")
    self.assertIn("note line 5: 'int more;' is no plain<> field", self.facts)
    self.apply(UPSTREAM + "@@ -1,2 +1,3 @@\n \tint refs;\n+\tplain<int> more;\n };\n")
    self.assertNotIn("note", self.facts)

  def test_reads_mail_around_the_diff(self):
    self.apply("From: A\nSubject: [PATCH] b\n\n- a list\n---\n cpumap.c | 2 +-\n\n" + UPSTREAM +
               "@@ -1,2 +1,2 @@\n-\treturn 0;\n+\treturn 2;\n }\n-- \n2.39.2\n")

  def test_refuses_what_is_no_diff(self):
    self.refused("hello\n", "p.patch: no unified diff in it")
    self.refused("", "p.patch: no unified diff in it")

  def test_refuses_another_file(self):
    self.refused("--- a/net/core/filter.c\n+++ b/net/core/filter.c\n@@ -1 +1 @@\n-a\n+b\n", "p.patch:1: changes 'a/net/core/filter.c'")

  def test_refuses_to_add_a_file(self):
    self.refused("--- /dev/null\n+++ b/kernel/bpf/cpumap.c\n@@ -0,0 +1 @@\n+b\n", "p.patch:1: adds or removes a file")

  def test_refuses_the_port_of_another_generation(self):
    self.refused(f"--- a/{PORT}\n+++ b/{PORT}\n@@ -1 +1 @@\n-a\n+b\n", "no port of v7.1", "v7.1")
    other = PORT.replace("v5_9", "v7_1")
    self.refused(f"--- a/{other}\n+++ b/{other}\n@@ -1 +1 @@\n-a\n+b\n", "p.patch:1: changes the port of v7.1, not that of v5.9")

  def test_refuses_a_hunk_that_is_cut_off(self):
    self.refused(UPSTREAM + "@@ -1,3 +1,3 @@\n-\treturn 0;\n+\treturn 2;\n", "p.patch:3: the hunk ends too early")

  def test_refuses_a_hunk_that_is_longer_than_its_head_says(self):
    self.refused(UPSTREAM + "@@ -1 +1 @@\n-\treturn 0;\n+\treturn 2;\n+\tmore();\n", "p.patch:6: a line outside of any hunk")

  def test_refuses_a_hunk_without_a_head(self):
    self.refused(UPSTREAM + "@@ somewhere @@\n-\treturn 0;\n", "p.patch:3: a hunk starts with")

  def test_refuses_a_line_that_the_port_does_not_have(self):
    self.refused(UPSTREAM + "@@ -1,2 +1,2 @@\n \tget(e);\n-\tput(e);\n+\tother(e);\n",
                 f"p.patch:3: the hunk does not apply to {PORT}: the port has no line 'put(e);'")

  def test_refuses_lines_that_stand_apart(self):
    self.refused(UPSTREAM + "@@ -1,2 +1 @@\n-\te->refs++;\n-\treturn 0;\n+\tx();\n", "stand nowhere in a row")

  def test_refuses_two_places(self):
    self.refused(UPSTREAM + "@@ -1 +1 @@\n-\tget(e);\n+\tput(e);\n", "does not apply")

  def test_refuses_what_is_there_already(self):
    self.refused(UPSTREAM + "@@ -1,2 +1,2 @@\n {\n-\te->refs--;\n+\te->refs++;\n", "is it applied already?")

  def test_refuses_a_header_that_there_is_not(self):
    self.refused(UPSTREAM + "@@ -1 +1,2 @@\n #include <linux/bpf.h>\n+#include <linux/kcov.h>\n", "p.patch:5: includes <linux/kcov.h>")


if __name__ == "__main__":
  unittest.main()
