#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of the whole command as its README shows it, and of what it refuses before it builds anything.

    command_test.py GRAZE
"""

import pathlib
import re
import subprocess
import sys
import unittest

README = pathlib.Path(__file__).resolve().parents[1] / "README.md"
GRAZE = None


def run(*arguments):
  return subprocess.run(["ci/graze", *arguments], executable=GRAZE, capture_output=True, text=True, check=False)


def without_times(line):
  return re.sub(r"\b\d+\.\d\d\b", "T", line.rstrip())


class Readme(unittest.TestCase):

  def example(self):
    """The arguments of the first counterexample, and what the page shows of its output."""
    block = re.search(r"```text\n\$ ci/graze (check D15 .*)\n((?:.*\n)*?)```\n", README.read_text(encoding="utf-8"))
    self.assertIsNotNone(block)
    return block[1].split(), block[2]

  def test_the_first_counterexample_is_what_the_command_prints(self):
    arguments, shown = self.example()
    done = run(*arguments)
    self.assertEqual(done.returncode, 1, done.stderr)
    printed = iter(map(without_times, done.stdout.split("\n")))
    for line in map(without_times, shown.split("\n")):
      # `in` goes on behind what it found: each line, in this order; the page leaves some out.
      self.assertTrue(line in printed, f"README.md shows a line that is not printed, or not there:\n{line}")

  def test_its_replay_line_replays_it(self):
    _, shown = self.example()
    token = re.search(r"^replay +ci/graze replay (\S+)$", shown, re.MULTILINE)[1]
    done = run("replay", token)
    self.assertEqual(done.returncode, 1, done.stderr)
    self.assertIn(re.search(r"^VIOLATION .*$", shown, re.MULTILINE)[0] + "\n", done.stdout)


class Mutations(unittest.TestCase):
  """A word too many is refused rather than passed over: who names a scenario believes that it was checked."""

  def refused(self, message, *arguments):
    done = run("check", "--mutation", "M01", *arguments)
    self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
    self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
    self.assertIn(message, done.stderr)

  def test_take_nothing_that_they_say_themselves(self):
    self.refused("a mutation names what has to find it; leave SCENARIO out", "UpdateDelete")
    self.refused("leave --config out", "--config", "none")
    self.refused("leave --executions-max out", "--executions-max", "5")
    self.refused("leave --lkmm out", "--lkmm", "6.1")
    self.refused("leave --rw out", "--rw", "deps")
    self.refused("leave --thorough out", "--thorough")

  def test_take_one_generation_and_memory_model_that_there_is(self):
    self.refused("no generation 'v9.9'; there is: ", "--generation", "v9.9")
    self.refused("no memory model 'power'; there is: ", "--memory-model", "power")
    self.refused("at most one", "--memory-model", "all")
    self.refused("at most one", "--generation", "v5.8,v5.9")


if __name__ == "__main__":
  GRAZE = sys.argv.pop(1)
  unittest.main()
