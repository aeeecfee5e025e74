#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds checker/consistency/AXIOMS.md to the code, and to a cat file.

  ci/check_axioms.py                      every function of the tables exists and uses the name that is given for it
  ci/check_axioms.py --cat FILE...        and each definition of these cat files (one model's) has a row, or is left out on purpose
"""
import argparse
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
FOLDER = TOP / 'checker' / 'consistency'
# Definitions of linux-kernel.cat and its bell that only flag tests or name sets of events.
LEFT_OUT = {'barrier', 'mixed-accesses', 'Marked', 'Plain', 'Accesses', 'Barriers', 'ww-race', 'wr-race', 'rw-race', 'data-race', 'atomic',
            'plain-coherence', 'rmw-sequence', 'addr', 'data', 'ctrl', 'full-fence', 'rcu-rscs', 'srcu-rscs', 'carry-srcu-data', 'matched',
            'unmatched', 'unmatched-locks', 'unmatched-unlocks', 'unmatched-po', 'unmatched-locks-to-unlocks', 'po-unlock-rf-lock-po'}


def rows(text):
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        if line.startswith('| ') and len(cells) >= 3 and cells[0] != 'cat name':
            yield cells[0], cells[1], cells[2]


def functions():
    """Qualified name of a function -> its body."""
    bodies = {}
    for path in sorted(FOLDER.glob('*.cc')):
        text = path.read_text()
        for found in re.finditer(r'^[\w:<>&* ]+?\b(\w+::\w+)\([^;{]*\)(?: const)? \{\n(.*?)^\}', text, re.M | re.S):
            bodies[found[1]] = found[2]
    return bodies


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--cat', nargs='+', type=pathlib.Path, default=[], help='cat and bell files of the Linux kernel memory model')
    arguments = parser.parse_args()
    bodies = functions()
    failures = []
    table = list(rows((FOLDER / 'AXIOMS.md').read_text()))
    for name, function, local in table:
        if function not in bodies:
            failures.append(f'{name}: there is no function {function}')
        elif not re.search(rf'\b{re.escape(local)}\b', bodies[function]):
            failures.append(f'{name}: {function} does not speak of {local}')
    named = {name for name, function, _ in table if function.startswith('LinuxKernelModel')}
    for path in arguments.cat:
        text = re.sub(r'\(\*.*?\*\)|//[^\n]*', '', path.read_text(), flags=re.S)
        defined = set(re.findall(r'\b(?:let(?:\s+rec)?|and)\s+([\w-]+)', text)) | set(re.findall(r'\bas\s+([\w-]+)', text))
        for name in sorted(defined - named - LEFT_OUT):
            if not re.search(rf'flag[^\n]*as\s+{re.escape(name)}\b', text):
                failures.append(f'{path.name}: {name} has no row')
    for failure in failures:
        print(f'AXIOMS.md: {failure}')
    print(f'axioms: {len(table)} rows, {len(failures)} failures')
    return 1 if failures or not table else 0


if __name__ == '__main__':
    sys.exit(main())
