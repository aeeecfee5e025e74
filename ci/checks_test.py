#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of the checks by script: each accepts what it should and names what it should not."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))

FLOORS = """\
in checker: base < graph < api
model/kernel: checker/api
model/cpumap: model/kernel
model/cpumap/v*: model/cpumap
tests checker: checker
<CLI/ only: checker/api
<absl/ never: model
"""

HEADER = """\
// SPDX-License-Identifier: MIT
// A header.
#ifndef CHECKER_BASE_A_H_
#define CHECKER_BASE_A_H_

#endif  // CHECKER_BASE_A_H_
"""


class ChecksTest(unittest.TestCase):
    """Runs a copy of a script in a repository made up of a few files."""

    def run_check(self, script, files):
        with tempfile.TemporaryDirectory() as top:
            os.makedirs(os.path.join(top, "ci"))
            shutil.copy(os.path.join(HERE, script), os.path.join(top, "ci"))
            for path, text in files.items():
                os.makedirs(os.path.dirname(os.path.join(top, path)), exist_ok=True)
                with open(os.path.join(top, path), "w", encoding="utf-8") as stream:
                    stream.write(text)
            subprocess.run(["git", "init", "-q", top], check=True)
            done = subprocess.run([sys.executable, os.path.join(top, "ci", script)], capture_output=True, text=True, check=False)
            self.assertIn(done.returncode, (0, 1), done.stderr)
            self.assertEqual(done.returncode == 1, bool(done.stdout), done.stderr)
            return done.stdout.splitlines()

    def floors(self, files):
        return self.run_check("check_floors.py", {"checker/floors.txt": FLOORS, **files})

    def tidy(self, files):
        return self.run_check("check_tidy.py", files)

    def test_floors_accept_what_stands_below(self):
        self.assertEqual([], self.floors({"checker/base/a.h": "", "checker/graph/b.h": '#include "checker/base/a.h"\n'}))

    def test_floors_refuse_what_stands_above(self):
        self.assertEqual(["checker/base/a.h:2: checker/base may not include checker/graph"],
                         self.floors({"checker/base/a.h": '\n#include "checker/graph/b.h"\n', "checker/graph/b.h": ""}))

    def test_floors_let_tests_look_sideways_but_not_out(self):
        self.assertEqual(["checker/base/a_test.cc:2: tests below checker may not include model/kernel"],
                         self.floors({"checker/base/a_test.cc": '#include "checker/api/b.h"\n#include "model/kernel/k.h"\n',
                                      "checker/api/b.h": "", "model/kernel/k.h": ""}))

    def test_floors_keep_generations_apart(self):
        self.assertEqual(["model/cpumap/v2/b.cc:1: model/cpumap/v2 may not include model/cpumap/v1"],
                         self.floors({"model/cpumap/v2/b.cc": '#include "model/cpumap/v1/a.h"\n#include "model/cpumap/bpf.h"\n',
                                      "model/cpumap/v1/a.h": "", "model/cpumap/bpf.h": ""}))

    def test_floors_see_system_headers_through_others(self):
        self.assertEqual(["model/kernel/k.h:1: <absl/...> not in model: <absl/x.h> comes in by checker/api/b.h"],
                         self.floors({"checker/api/b.h": "#include <absl/x.h>\n#include <CLI/y.h>\n",
                                      "model/kernel/k.h": '#include "checker/api/b.h"\n'}))

    def test_floors_keep_system_headers_in_their_folder(self):
        self.assertEqual(["checker/base/a.h:1: <CLI/...> only in checker/api"], self.floors({"checker/base/a.h": "#include <CLI/y.h>\n"}))

    def test_tidy_accepts_a_plain_header(self):
        self.assertEqual([], self.tidy({"checker/base/a.h": HEADER}))

    def test_tidy_wants_the_licence_first(self):
        self.assertEqual(["checker/a.cc:1: first an SPDX line: // SPDX-License-Identifier: MIT"], self.tidy({"checker/a.cc": "int a;\n"}))

    def test_tidy_wants_ports_under_the_licence_of_the_kernel(self):
        text = "// SPDX-License-Identifier: MIT\n"
        self.assertEqual(1, len(self.tidy({"model/cpumap/v5_9/cpumap.cc": text, "model/cpumap/a.cc": text})))

    def test_tidy_wants_the_guard_of_the_path(self):
        self.assertEqual(1, len(self.tidy({"checker/base/a.h": HEADER.replace("_A_H_", "_B_H_")})))

    def test_tidy_counts_the_lines_of_a_function(self):
        def function(lines):
            return "// SPDX-License-Identifier: MIT\nint F(int a) {\n" + "  if (a) {\n  }\n" * ((lines - 2) // 2) + "}\n"
        self.assertEqual([], self.tidy({"checker/a.cc": function(70)}))
        self.assertEqual(["checker/a.cc:2: a function of 72 lines; at most 70"], self.tidy({"checker/a.cc": function(72)}))

    def test_tidy_does_not_take_a_class_for_a_function(self):
        text = "// SPDX-License-Identifier: MIT\nclass A {\n" + "  void F() { }\n" * 90 + "};\n"
        self.assertEqual([], self.tidy({"checker/a.cc": text}))

    def test_tidy_reads_code_and_not_its_comments(self):
        text = '// SPDX-License-Identifier: MIT\n// We throw nothing.\nconst char* a = "throw";{body}\n'
        self.assertEqual([], self.tidy({"checker/a.cc": text.format(body="")}))
        self.assertEqual(1, len(self.tidy({"checker/a.cc": text.format(body=" void F() { throw 1; }")})))

    def test_tidy_wants_named_pages_to_exist(self):
        gone = "other/README" + ".md"
        self.assertEqual([f"README.md:3: no page {gone} in this repository"],
                         self.tidy({"README.md": f"# A\n\nSee {gone} and README.md.\n"}))

    def test_tidy_wants_code_in_pages_to_be_built(self):
        page = "# A\n\n```cpp\nint a;\nint b;\n```\n"
        example = "// SPDX-License-Identifier: MIT\n"
        self.assertEqual([], self.tidy({"README.md": page, "checker/examples/a.cc": example + "int a;\nint b;\n"}))
        self.assertEqual(["README.md:4: no file of checker/examples has these lines"],
                         self.tidy({"README.md": page, "checker/examples/a.cc": example + "int a;\n"}))

    def test_tidy_wants_long_lines_broken(self):
        self.assertEqual(["checker/a.cc:2: 141 characters; at most 140"],
                         self.tidy({"checker/a.cc": "// SPDX-License-Identifier: MIT\n" + "x" * 141 + "\n"}))

    def axioms(self, table, files=()):
        """What check_axioms.py says of a table, with a kernel's files and herd7's."""
        code = "bool A::B() {\n  const int hb = 0;\n  const int pb = 0;\n}\n"
        with tempfile.TemporaryDirectory() as top:
            written = {"checker/consistency/a.cc": code, "checker/consistency/AXIOMS.md": table, **dict(files)}
            for path, text in written.items():
                os.makedirs(os.path.dirname(os.path.join(top, path)), exist_ok=True)
                with open(os.path.join(top, path), "w", encoding="utf-8") as stream:
                    stream.write(text)
            os.makedirs(os.path.join(top, "ci"))
            shutil.copy(os.path.join(HERE, "check_axioms.py"), os.path.join(top, "ci"))
            cats = [os.path.join(top, path) for path in dict(files) if path.endswith((".cat", ".bell"))]
            done = subprocess.run([sys.executable, os.path.join(top, "ci", "check_axioms.py"), *(["--cat", *cats] if cats else [])],
                                  capture_output=True, text=True, check=False)
            lines = done.stdout.replace(top + "/", "").splitlines()
            failures = [line.removeprefix("AXIOMS.md: ") for line in lines if line.startswith("AXIOMS.md: ")]
            self.assertEqual(done.returncode, 1 if failures else 0, done.stderr)
            return failures, lines

    HERD_TABLE = "## RC11\n\n| cat name | function | name there | level | line | paper | departs |\n|---|---|---|---|---|---|---|\n"

    def herd(self, *rows):
        return self.HERD_TABLE + "".join(f"| {row} |\n" for row in rows)

    def test_axioms_want_rows_filled_in(self):
        self.assertEqual([], self.axioms(self.herd("hb | A::B | hb | - | 1 | s | -"))[0])
        self.assertEqual(["hb: no paper"], self.axioms(self.herd("hb | A::B | hb | - | 1 |  | -"))[0])
        self.assertEqual(["hb: no line of a cat file"], self.axioms(self.herd("hb | A::B | hb | - | - | s | -"))[0])
        self.assertEqual(["hb: line: 'soon' is no line"], self.axioms(self.herd("hb | A::B | hb | - | soon | s | -"))[0])

    def test_axioms_want_functions_that_speak_of_them(self):
        self.assertEqual(["hb: there is no function A::C"], self.axioms(self.herd("hb | A::C | hb | - | 1 | s | -"))[0])
        self.assertEqual(["hb: A::B does not speak of rb"], self.axioms(self.herd("hb | A::B | rb | - | 1 | s | -"))[0])

    def test_axioms_stand_in_the_lines_of_the_cat_file_and_in_its_order(self):
        cat = {"rc11.cat": "(* two\n lines *) let hb = sb\nlet pb = hb\n\nacyclic pb\n  as SC\n"}
        good = ["hb | A::B | hb | - | 2 | s | -", "pb | A::B | pb | - | 3 | s | -", "SC | A::B | pb | M0 | 6 | s | -"]
        failures, lines = self.axioms(self.herd(*good), cat)
        self.assertEqual([], failures)
        self.assertIn("rc11.cat: 3 definitions, 3 lines compared", lines)
        self.assertEqual(["rc11.cat: hb: the row has line '1' for line, the file 2"],
                         self.axioms(self.herd(good[0].replace("2", "1"), *good[1:]), cat)[0])
        self.assertEqual(["rc11.cat: hb comes before pb"], self.axioms(self.herd(good[1], good[0], good[2]), cat)[0])
        self.assertEqual(["rc11.cat: pb has no row"], self.axioms(self.herd(good[0], good[2]), cat)[0])
        self.assertEqual(["rc11.cat: rb: the row has '9' for line, the file no such definition", "rb: no file defines it"],
                         self.axioms(self.herd(*good, "rb | A::B | pb | - | 9 | s | -"), cat)[0])

    LINUX_TABLE = ("## Linux kernel memory model\n\n| cat name | function | name there | level | 6.1 | 6.12 | explanation.txt | paper |\n"
                   "|---|---|---|---|---|---|---|---|\n")

    def linux(self, version, table):
        patch = dict(zip(("VERSION", "PATCHLEVEL"), version.split(".")))
        return self.axioms(self.LINUX_TABLE + table, {
            "k/Makefile": "".join(f"{name} = {value}\n" for name, value in patch.items()),
            "k/tools/memory-model/linux-kernel.cat": "let hb = po\n" + ("let pb = hb\n" if version != "6.1" else ""),
            "k/tools/memory-model/Documentation/explanation.txt": "THE HAPPENS-BEFORE RELATION: hb\n-------------------------------\n"})

    def test_axioms_of_a_kernel_are_compared_with_the_column_of_its_version(self):
        hb, pb = "| hb | A::B | hb | - | 1 | 1 | happens-before | Hb |\n", "| pb | A::B | pb | - | - | 2 | - | Pb |\n"
        self.assertEqual([], self.linux("6.1", hb + pb)[0])
        self.assertEqual([], self.linux("6.12", hb + pb)[0])
        self.assertEqual([], self.linux("7.3", hb + pb)[0])
        self.assertTrue(any("0 lines compared, for no column has its version (7.3)" in line for line in self.linux("7.3", hb + pb)[1]))
        wrong = pb.replace("2 |", "7 |")
        self.assertEqual([], self.linux("6.1", hb + wrong)[0])
        self.assertEqual(["linux-kernel.cat: pb: the row has line '7' for 6.12, the file 2"], self.linux("6.12", hb + wrong)[0])
        early = pb.replace("| - | - | 2", "| - | 2 | 2")
        self.assertEqual(["linux-kernel.cat: pb: the row has '2' for 6.1, the file no such definition", "pb: no file defines it"],
                         self.linux("6.1", hb + early)[0])

    def test_axioms_name_sections_that_the_kernel_explains(self):
        self.assertEqual(["hb: explanation.txt has no section 'happens-after'"],
                         self.linux("6.1", "| hb | A::B | hb | - | 1 | 1 | happens-after | Hb |\n")[0])

    def script(self, name, *arguments):
        return subprocess.run([os.path.join(HERE, name), *arguments], capture_output=True, text=True, check=False, timeout=20)

    def test_scripts_tell_what_they_do_and_do_nothing_else(self):
        for name in ("test", "nightly", "setup"):
            done = self.script(name, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(f"ci/{name}" if name != "test" else "GRAZE_CORPORA", done.stdout)
            self.assertNotIn("set -", done.stdout)

    def test_scripts_refuse_arguments_that_they_do_not_know_before_they_begin(self):
        for name in ("test", "nightly", "setup"):
            done = self.script(name, "nonsense")
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), name)
            self.assertIn("'nonsense'", done.stderr)


if __name__ == "__main__":
    unittest.main()
