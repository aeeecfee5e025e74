#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds checker/consistency/AXIOMS.md to the code, and to a cat file.

  ci/check_axioms.py                      every function of the tables exists and uses the name that is given for it
  ci/check_axioms.py --cat FILE...        and each definition of these files of the kernel's tools/memory-model has a row or is left out
                                          on purpose, each row of that model is one of their definitions, and both have one order
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
            'Srcu', 'Acquire', 'Release', 'Mb', 'Noreturn', 'FailedRMW', 'this-model-requires-variant-higher-than-lkmmv1',
            'unmatched', 'unmatched-locks', 'unmatched-unlocks', 'unmatched-po', 'unmatched-locks-to-unlocks', 'po-unlock-rf-lock-po'}


def rows(text):
    section = ''
    for line in text.splitlines():
        if line.startswith('## '):
            section = line[3:]
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        if line.startswith('| ') and len(cells) >= 3 and cells[0] != 'cat name':
            yield section, cells[0], cells[1], cells[2], 'newest only' in line


def definitions(path):
    """Name -> where the file says it first, but for the names of flags."""
    text = re.sub(r'\(\*.*?\*\)|//[^\n]*', lambda comment: ' ' * len(comment[0]), path.read_text(), flags=re.S)
    text = re.sub(r'\bflag\b[^\n]*?\bas\s+[\w-]+', lambda flag: ' ' * len(flag[0]), text)
    found = {}
    for match in re.finditer(r'\b(?:let(?:\s+rec)?|and|as)\s+([\w-]+)', text):
        found.setdefault(match[1], match.start())
    return found


def compare(named, files):
    """What differs between the rows of one model, name -> is it of the newest version only?, in their order, and its files."""
    defined = [definitions(path) for path in files]
    for path, names in zip(files, defined):
        for name in sorted(set(names) - set(named) - LEFT_OUT, key=names.get):
            yield f'{path.name}: {name} has no row'
        inside = [name for name in named if name in names]
        for before, after in zip(inside, inside[1:]):
            if names[before] > names[after]:
                yield f'{path.name}: {after} comes before {before}'
    for name, newest in named.items():
        if not newest and not any(name in names for names in defined):
            yield f'{name}: no file defines it'


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
    for _, name, function, local, _ in table:
        if function not in bodies:
            failures.append(f'{name}: there is no function {function}')
        elif not re.search(rf'\b{re.escape(local)}\b', bodies[function]):
            failures.append(f'{name}: {function} does not speak of {local}')
    if arguments.cat:
        failures += compare({name: newest for section, name, _, _, newest in table if section.startswith('Linux kernel')}, arguments.cat)
    for failure in failures:
        print(f'AXIOMS.md: {failure}')
    print(f'axioms: {len(table)} rows, {len(failures)} failures')
    return 1 if failures or not table else 0


if __name__ == '__main__':
    sys.exit(main())
