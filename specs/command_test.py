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
    self.refused("leave --bound-* out", "--bound-bulk", "8")

  def test_take_one_generation_and_memory_model_that_there_is(self):
    self.refused("no generation 'v9.9'; there is: ", "--generation", "v9.9")
    self.refused("no memory model 'power'; there is: ", "--memory-model", "power")
    self.refused("at most one", "--memory-model", "all")
    self.refused("at most one", "--generation", "v5.8,v5.9")


class Bounds(unittest.TestCase):

  def test_that_find_a_bug_are_part_of_the_token_that_replays_it(self):
    # One frame is no story of full queues and rings: with two it is what Cpumap.FullFlush is, which shows D05 in v4.18.
    done = run("check", "Cpumap.EnqueueVsDelete", "--generation", "v4.18", "--memory-model", "sc", "--bound-frames", "2")
    self.assertEqual(done.returncode, 1, done.stderr)
    self.assertIn("frames 2 (instead of 1)", done.stdout)
    self.assertIn("bounds were set", done.stdout)
    token = re.search(r"^replay +ci/graze replay (\S+)$", done.stdout, re.MULTILINE)[1]
    self.assertIn(":frames=2:", token)
    again = run("replay", token)
    self.assertEqual(again.returncode, 1, again.stderr)
    self.assertIn("D05", again.stdout)
    self.assertIn("frames 2 (instead of 1)", again.stdout)
    for wrong in (":", ":frames=3:", ":frames=1000:"):
      refused = run("replay", token.replace(":frames=2:", wrong))
      self.assertEqual((refused.returncode, refused.stdout), (2, ""))
      self.assertEqual(refused.stderr.count("\n"), 1, refused.stderr)

  def test_of_the_kernel_can_be_had_within_a_budget(self):
    # Nine frames of one poll, in every order with an update and a delete: far more than a second's worth.
    done = run("check", "ReplaceUnderTraffic", "--generation", "v5.9", "--memory-model", "sc", "--time-budget", "1s", "--bound-frames=9",
               "--bound-bulk=8", "--bound-consumer-batch=8", "--bound-ring-size=32", "--bound-ring-batch=0")
    self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
    self.assertIn("inconclusive", done.stdout)
    self.assertIn("bulk 8 (instead of 2), ring size 32 (instead of 2), ring batch 0 (instead of 1), consumer batch 8", done.stdout)

  def test_that_a_scenario_does_not_take_are_refused_with_what_it_takes(self):
    done = run("check", "TwoProducers", "--generation", "v5.9", "--bound-frames", "3")
    self.assertEqual((done.returncode, done.stdout), (2, ""))
    self.assertIn("no frames to set in Cpumap.TwoProducers; it takes bulk 1-8, ring-size 1-16384,", done.stderr)


if __name__ == "__main__":
  GRAZE = sys.argv.pop(1)
  unittest.main()
