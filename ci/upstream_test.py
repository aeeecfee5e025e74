#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of port_diff, port_matrix and check_upstream: each sees what is there, and names what is not as it should be."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import ports  # noqa: E402

OLD = """\
// SPDX-License-Identifier: GPL-2.0-only
#include "a.h"
namespace cpumap::v5_8 {
static int get(struct entry *e)
{
\tatomic_inc(&e->refcnt); // port: call_rcu() is no call here
\treturn 0;
}

static void gone(void)
{
\tkfree(NULL);
}

static struct entry *
make(int n)
{
\tstruct entry *e = kzalloc(n, GFP_KERNEL);

\tif (!e)
\t\treturn NULL;
\tfor_each_possible_cpu(n)
\t\tget(e);
\treturn e;
}
} // namespace cpumap::v5_8
"""
NEW = OLD.replace("v5_8", "v5_9").replace("static void gone(void)\n{\n\tkfree(NULL);\n}\n\n", "").replace(
    "\tif (!e)\n", "\tsynchronize_rcu();\n\tif (!e)\n") + "static void come(void)\n{\n\tkfree(NULL);\n}\n"

HEAD = "# a port\n\n" + ports.TABLE_HEAD + "\n|---|---|---|---|\n"
OLD_TABLE = HEAD + """\
| `get` | ported | atomic_inc | – |
| `gone` | ported | kfree | – |
| `make` | ported | kzalloc | – |
"""
NEW_TABLE = HEAD + """\
| `get` | ported | atomic_inc | – |
| `unused` | left out | kfree | nobody calls it |
| `make` | ported | kzalloc · synchronize_rcu | – |
| `come` | stub | kfree | – |
"""
# Upstream's file of the newer one, as a kernel has it.
KERNEL = """\
/* SPDX-License-Identifier: GPL-2.0
 * call_rcu(not, a, call)
 */
#include <linux/slab.h>
#define MACRO(x) \\
\tkfree(x)
static int get(struct entry *e)
{
\tatomic_inc(&e->refcnt);
\treturn 0;
}
static void unused(void) { kfree(NULL); }
static struct entry *make(int n)
{
\tstruct entry *e = kzalloc(n, GFP_KERNEL);

\t/* rcu_barrier() would do
\t * as well */
\tsynchronize_rcu();
\tif (!e)
\t\treturn NULL;
\tfor_each_possible_cpu(n)
\t\tget(e);
\treturn e;
}
static void come(void)
{
\tcall_rcu(NULL, NULL);
}
"""


class UpstreamTest(unittest.TestCase):

  def setUp(self):
    folder = tempfile.TemporaryDirectory()
    self.addCleanup(folder.cleanup)
    self.top = pathlib.Path(folder.name)
    for generation, port, table in (("v5_8", OLD, OLD_TABLE), ("v5_9", NEW, NEW_TABLE)):
      self.write(f"model/cpumap/{generation}/cpumap.cc", port)
      self.write(f"model/cpumap/{generation}/UPSTREAM.md", table)
    self.write("model/cpumap/v5_8/observe.cc", "namespace cpumap::v5_8 {\nconst char *name = \"v5.8\";\n}\n")
    self.write("model/cpumap/v5_9/observe.cc", "namespace cpumap::v5_9 {\nconst char *name = \"v5.9\";\nint more;\n}\n")

  def write(self, path, text):
    (self.top / path).parent.mkdir(parents=True, exist_ok=True)
    (self.top / path).write_text(text, encoding="utf-8")
    return self.top / path

  def run_script(self, script, *arguments, corpora=None):
    environment = {key: value for key, value in os.environ.items() if key != "GRAZE_CORPORA"}
    if corpora:
      environment["GRAZE_CORPORA"] = str(corpora)
    return subprocess.run([sys.executable, HERE / script, "--top", self.top, *map(str, arguments)], capture_output=True, text=True,
                          check=False, env=environment)

  def refused(self, script, message, *arguments, **more):
    done = self.run_script(script, *arguments, **more)
    self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
    self.assertIn(message, done.stdout)

  # ---- functions

  def test_functions_are_found_in_the_order_of_the_text(self):
    self.assertEqual([function.name for function in ports.functions(OLD)], ["get", "gone", "make"])

  def test_calls_in_comments_and_macros_do_not_synchronise(self):
    skeletons = {function.name: function.skeleton() for function in ports.functions(KERNEL)}
    self.assertEqual(skeletons, {"get": ["atomic_inc"], "unused": ["kfree"], "make": ["kzalloc", "synchronize_rcu"], "come": ["call_rcu"]})

  def test_functions_are_found_in_copies_without_braces_and_with_printed_numbers(self):
    lines = [line.strip() for line in KERNEL.split("\n")]
    bare = "\n".join(f"{number} {line}" for number, line in enumerate(lines, 1) if line not in ("{", "}", ""))
    one_line = " " + " ".join(f"{number} {line}" for number, line in enumerate(lines, 1))
    whole = [(function.name, function.skeleton()) for function in ports.functions(KERNEL)]
    for copy in (bare, one_line):
      self.assertEqual([(function.name, function.skeleton()) for function in ports.functions(copy)], whole)

  # ---- check_upstream

  def test_a_port_is_as_its_table_and_its_text(self):
    kernel = self.write("cpumap.c", KERNEL)
    self.assertEqual(self.run_script("check_upstream", "v5.9", f"--text={kernel}").returncode, 0)

  def test_nothing_to_compare_with_is_a_skip(self):
    self.assertEqual(self.run_script("check_upstream").returncode, 4)

  def test_the_seed_that_is_most_like_a_port_is_its_text(self):
    self.write("corpora/seeds/000.txt", KERNEL)
    done = self.run_script("check_upstream", corpora=self.top / "corpora")
    self.assertEqual(done.returncode, 0, done.stdout)
    self.assertIn("v5.8: 3 functions as in its table; no text", done.stdout)
    self.assertIn("v5.9: 4 functions of upstream's, 3 in the port, compared with", done.stdout)
    self.write("corpora/seeds/000.txt", KERNEL.replace("synchronize_rcu", "rcu_barrier"))
    self.refused("check_upstream", "what synchronises in 'make' is other than in the port; 2: rcu_barrier, not synchronize_rcu",
                 corpora=self.top / "corpora")

  def test_another_order_of_calls_is_refused(self):
    kernel = self.write("cpumap.c", KERNEL.replace("atomic_inc(&e->refcnt)", "kfree(e)"))
    self.refused("check_upstream", "what synchronises in 'get' is other than in the port; 1: kfree, not atomic_inc", "v5.9",
                 f"--text={kernel}")

  def test_a_function_that_the_table_does_not_know_is_refused(self):
    kernel = self.write("cpumap.c", KERNEL.replace("static void come", "static void more(void)\n{\n}\nstatic void come"))
    self.refused("check_upstream", "upstream's functions are not those of the table, in its order; 4: more, not come", "v5.9",
                 f"--text={kernel}")

  def test_a_port_that_has_changed_is_refused_and_fix_writes_its_table(self):
    self.write("model/cpumap/v5_9/cpumap.cc", NEW.replace("\tatomic_inc", "\trcu_read_lock();\n\tatomic_inc"))
    self.refused("check_upstream", "UPSTREAM.md:5: what synchronises in 'get' of the port is other than in the table; "
                 "1: rcu_read_lock, not atomic_inc", "v5.9")
    self.run_script("check_upstream", "--fix", "v5.9")
    self.assertEqual((self.top / "model/cpumap/v5_9/UPSTREAM.md").read_text(encoding="utf-8"),
                     NEW_TABLE.replace("| atomic_inc |", "| rcu_read_lock · atomic_inc |"))

  def test_a_function_that_the_port_lacks_is_refused(self):
    self.write("model/cpumap/v5_9/cpumap.cc", OLD)
    self.refused("check_upstream",
                 "the functions of the table are not those of model/cpumap/v5_9/cpumap.cc, in its order; 2: make, not gone")

  def test_what_is_adapted_says_why(self):
    self.write("model/cpumap/v5_8/UPSTREAM.md", OLD_TABLE.replace("`gone` | ported", "`gone` | adapted"))
    self.refused("check_upstream", "'gone' is adapted, and no note says why", "v5.8")

  def test_another_statement_is_refused_but_for_types_bounds_and_casts_that_a_note_names(self):
    kernel = self.write("cpumap.c", KERNEL.replace("return 0", "return 1"))
    self.refused("check_upstream", "'get' is not the port's: `) ; return 1 ;` is `) ; return 0 ;` here", "v5.9",
                 f"--text={kernel}")
    kernel = self.write("cpumap.c", KERNEL.replace("\tatomic_inc", "\tvoid *p = e, *q = e;\n\tint m = LIMIT;\n\tatomic_inc"))
    instrumented = "\tvoid_ptr p = e, *q = (struct entry *)e;\n\tint m = BOUNDED(int, LIMIT, batch);\n\tatomic_inc"
    self.write("model/cpumap/v5_9/cpumap.cc", NEW.replace("\tatomic_inc", instrumented))
    self.refused("check_upstream", "'get' is not the port's: `* q = e ; int` is `* q = ( struct entry * ) e ; int` here", "v5.9",
                 f"--text={kernel}")
    self.write("model/cpumap/v5_9/UPSTREAM.md", NEW_TABLE.replace("atomic_inc | –", "atomic_inc | cast"))
    self.assertEqual(self.run_script("check_upstream", "v5.9", f"--text={kernel}").returncode, 0)

  def test_a_copy_that_has_lost_its_braces_may_have_more_words_and_no_other_ones(self):
    damaged = KERNEL.replace("\n{\n", "\n").replace("\n}\n", "\n")
    kernel = self.write("cpumap.c", damaged)
    done = self.run_script("check_upstream", "v5.9", f"--text={kernel}")
    self.assertEqual(done.returncode, 0, done.stdout)
    kernel = self.write("cpumap.c", damaged.replace("return e;", "return NULL;"))
    self.refused("check_upstream", "'make' is not the port's: `", "v5.9", f"--text={kernel}")

  # A kernel between two ports: what differs from either is in the newer one's table of commits, or is a failure.
  def write_kernel_between(self, commits, sublevel=3):
    port = "model/cpumap/v6_2"
    self.write(f"{port}/cpumap.cc", NEW.replace("v5_9", "v6_2").replace("\tsynchronize_rcu();\n", ""))
    self.write(f"{port}/UPSTREAM.md",
               f"# a port\n\n| commit | in | subject or change | touches |\n|---|---|---|---|\n{commits}\n" +
               NEW_TABLE.replace("kzalloc · synchronize_rcu", "kzalloc").replace("| `unused` | left out | kfree | nobody calls it |\n", ""))
    self.write("linux/kernel/bpf/cpumap.c", KERNEL)
    self.write("linux/Makefile", f"VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = {sublevel}\n")

  def test_a_difference_from_a_kernel_between_two_ports_is_explained_by_a_commit(self):
    self.write_kernel_between("| `abc123` | v6.2 | no wait | `make`, `unused` |")
    done = self.run_script("check_upstream", "v6.2", f"--linux={self.top / 'linux'}")
    self.assertEqual(done.returncode, 0, done.stdout)
    # Stubs are not compared: of get and make, make differs.
    self.assertIn("v6.2 beside v6.1.3: 1 of 2 functions that both have synchronise in the same way\n  same: get\n"
                  "  make: +synchronize_rcu\n    by abc123 (v6.2)\n  unused: there only\n    by abc123 (v6.2)\n", done.stdout)
    # The older port lacks nothing of this kernel's.
    done = self.run_script("check_upstream", "v5.9", f"--linux={self.top / 'linux'}")
    self.assertEqual(done.returncode, 0, done.stdout)
    self.assertIn("v5.9 beside v6.1.3: 2 of 2 functions", done.stdout)

  def test_a_difference_that_no_commit_explains_is_refused(self):
    self.write_kernel_between("| `abc123` | v6.2 | no wait | `get`, `unused` |")
    self.refused("check_upstream", "v6.2 beside v6.1.3: 'make' is other, and no commit in an UPSTREAM.md says why", "v6.2",
                 f"--linux={self.top / 'linux'}")
    self.write_kernel_between("| `abc123` | v6.2 | no wait | `make` |")
    self.refused("check_upstream", "v6.2 beside v6.1.3: 'unused' is there only, and no commit", "v6.2", f"--linux={self.top / 'linux'}")

  def test_a_commit_that_both_have_explains_nothing(self):
    for has in ("v6.0", "v6.1", "v6.2, v6.1.3"):
      self.write_kernel_between(f"| `abc123` | {has} | no wait | `make`, `unused` |")
      self.refused("check_upstream", "v6.2 beside v6.1.3: 'make' is other", "v6.2", f"--linux={self.top / 'linux'}")
    self.write_kernel_between("| `abc123` | v6.2, v6.1.3 | no wait | `make`, `unused` |", sublevel=2)
    self.assertEqual(self.run_script("check_upstream", "v6.2", f"--linux={self.top / 'linux'}").returncode, 0)

  def test_what_moved_in_the_file_is_a_difference(self):
    self.write_kernel_between("| `abc123` | v6.2 | no wait | `make`, `unused` |")
    get = KERNEL[KERNEL.index("static int get"):KERNEL.index("static void unused")]
    self.write("linux/kernel/bpf/cpumap.c", KERNEL.replace(get, "") + get)
    self.refused("check_upstream", "  get: elsewhere in the file\n", "v5.9", f"--linux={self.top / 'linux'}")

  def test_a_kernel_newer_than_all_ports_is_compared_and_nothing_is_refused(self):
    self.write("linux/kernel/bpf/cpumap.c", KERNEL.replace("atomic_inc(&e->refcnt)", "kfree(e)"))
    self.write("linux/Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 3\n")
    done = self.run_script("check_upstream", "v5.9", f"--linux={self.top / 'linux'}")
    self.assertEqual(done.returncode, 0, done.stdout)
    self.assertIn("  get: -atomic_inc +kfree\n  v6.1.3 does not lie between two ports", done.stdout)

  def test_the_same_version_is_compared_strictly(self):
    self.write("linux/kernel/bpf/cpumap.c", KERNEL.replace("atomic_inc(&e->refcnt)", "kfree(e)"))
    self.write("linux/Makefile", "VERSION = 5\nPATCHLEVEL = 9\n")
    self.refused("check_upstream", "what synchronises in 'get' is other", "v5.9", f"--linux={self.top / 'linux'}")

  def test_wrong_usage_is_no_difference(self):
    for arguments in (("v6.0",), ("--text=none.c", "v5.9"), ("--text=none.c",), ("--linux=none",)):
      self.assertEqual(self.run_script("check_upstream", *arguments).returncode, 2)

  # ---- port_diff

  def test_diff_in_brief_names_each_function_that_differs(self):
    done = self.run_script("port_diff", "--brief", "v5.8", "v5.9")
    self.assertEqual(done.stdout, "gone     gone\nchanged  make\nnew      come\n")
    self.assertEqual(self.run_script("port_diff", "--brief", "v5.8", "v5.8").stdout, "")

  def test_diff_in_brief_tells_a_change_that_does_not_touch_what_synchronises(self):
    self.write("model/cpumap/v5_9/cpumap.cc", OLD.replace("v5_8", "v5_9").replace("return 0", "return 1"))
    self.assertEqual(self.run_script("port_diff", "--brief", "v5.8", "v5.9").stdout, "changed  get  (what synchronises is the same)\n")

  def test_diff_in_brief_names_what_has_moved(self):
    get = OLD[OLD.index("static int get"):OLD.index("static void gone")]
    self.write("model/cpumap/v5_9/cpumap.cc", OLD.replace(get, "").replace("} // namespace", get + "} // namespace"))
    self.assertEqual(self.run_script("port_diff", "--brief", "v5.8", "v5.9").stdout, "moved    get\n")

  def test_diff_is_a_patch_whose_hunks_name_their_function(self):
    lines = self.run_script("port_diff", "v5.8", "v5.9", "make").stdout.split("\n")
    self.assertEqual(lines[:2], ["--- a/model/cpumap/v5_8/cpumap.cc", "+++ b/model/cpumap/v5_9/cpumap.cc"])
    self.assertIn("+\tsynchronize_rcu();", lines)
    self.assertNotIn("-\tkfree(NULL);", lines)
    whole = self.run_script("port_diff", "v5.8", "v5.9").stdout
    self.assertIn("-\tkfree(NULL);", whole)
    self.assertNotIn("namespace cpumap::v5", whole.replace(" } // namespace cpumap::v", ""))

  def test_diff_of_what_does_not_exist_is_wrong_usage(self):
    for arguments in (("v5.8", "v6.0"), ("v5.8", "v5.9", "nothing")):
      done = self.run_script("port_diff", *arguments)
      self.assertEqual(done.returncode, 2)
      self.assertIn(arguments[-1], done.stderr)

  def test_a_reader_that_has_seen_enough_is_no_error(self):
    done = subprocess.Popen([sys.executable, HERE / "port_diff", "--top", self.top, "v5.8", "v5.9"], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    done.stdout.close()
    self.assertEqual(done.stderr.read(), b"")
    done.stderr.close()
    done.wait()

  # ---- port_matrix

  def test_matrix_says_where_a_function_changed(self):
    rows = [line for line in self.run_script("port_matrix").stdout.split("\n") if line.startswith("|")]
    self.assertEqual(rows, [
        "| function | v5.8 | v5.9 |",
        "|---|---|---|",
        "| `get` | + | = |",
        "| `gone` | + |  |",
        "| `unused` |  | left out |",
        "| `make` | + | ≠ |",
        "| `come` |  | + stub |",
        # Of OLD and NEW: `gone` has five lines and is gone, `make` has one line more, `come` has four.
        "| port | from | `cpumap.cc` | functions | `observe.cc` |",
        "|---|---|---|---|---|",
        "| v5.9 | v5.8 | +5 −5 | 1 new, 1 changed, 1 gone | +1 −0 |",
    ])

  def test_matrix_in_the_readme_is_checked_and_written(self):
    for page in ("model/README.md", "CONTRIBUTING.md"):
      self.write(page, "before\n\n<!-- begin: ci/port_matrix --fix -->\n<!-- end -->\n\nafter\n")
    for page in ("model/README.md", "CONTRIBUTING.md"):
      self.refused("port_matrix", f"{page}: the table is not that of the ports; ci/port_matrix --fix writes it", "--check")
    self.assertEqual(self.run_script("port_matrix", "--fix").returncode, 0)
    self.assertEqual(self.run_script("port_matrix", "--check").returncode, 0)
    text = (self.top / "model/README.md").read_text(encoding="utf-8")
    self.assertTrue(text.startswith("before\n\n") and text.endswith("\n\nafter\n"), text)
    self.write("model/cpumap/v5_9/cpumap.cc", NEW.replace("return 0", "return 1"))
    self.refused("port_matrix", "ci/port_matrix --fix writes it", "--check")

  def test_matrix_without_a_place_is_an_error(self):
    self.write("model/README.md", "nothing\n")
    self.assertNotEqual(self.run_script("port_matrix", "--fix").returncode, 0)


if __name__ == "__main__":
  unittest.main()
