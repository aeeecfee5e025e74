#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Judges the litmus tests that come with a kernel's sources, and compares with the "Result:" that each file states.

  kernel_tests.py GRAZE TREE

Under the newest model and under that of Linux 6.1. What is stated of a test that needs load buffering, which is not explored, is turned
round. Exit code: 0 all as stated, 1 something else, 2 wrong usage or no tests.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

NEEDS_LOAD_BUFFERING = {'LB+poonceonces.litmus'}
FOLDERS = ('tools/memory-model/litmus-tests', 'Documentation/litmus-tests')


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    graze, tree = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    tests = sorted(test for folder in FOLDERS for test in (tree / folder).rglob('*.litmus'))
    stated = {}
    for test in tests:
        result = re.search(r'^ \* Result: (Never|Sometimes|Always)\b', test.read_text(), re.M)
        if result is None:
            print(f'{test.relative_to(tree)}: left out, for it states no result that is a verdict')
            continue
        stated[test] = 'Never' if test.name in NEEDS_LOAD_BUFFERING else result[1]
    tests = list(stated)
    if not tests:
        print(f'kernel_tests.py: no litmus tests below {tree}', file=sys.stderr)
        return 2
    bad = 0
    with tempfile.NamedTemporaryFile('w', suffix='.csv') as expected:
        expected.write('path,judge,verdict_B\n')
        expected.writelines(f'{test.relative_to(tree)},{verdict},{verdict}\n' for test, verdict in stated.items())
        expected.flush()
        for version in ('newest', '6.1'):
            command = [graze, 'litmus', f'--lkmm={version}', '--expect', expected.name, *map(str, tests)]
            result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            agree = result.returncode == 0 and re.search(rf'\b{len(tests)} agree\b', result.stdout)
            print(f'--lkmm={version}: {len(tests)} tests, ' + ('all as stated' if agree else 'not as stated:\n' + result.stdout))
            bad |= not agree
    return int(bad)


if __name__ == '__main__':
    sys.exit(main())
