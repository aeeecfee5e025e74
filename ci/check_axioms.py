#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds checker/consistency/AXIOMS.md to the code, and to cat files.

  ci/check_axioms.py                      every row is filled in, and its function exists and uses the name that is given for it
  ci/check_axioms.py --cat FILE...        and beside files of the kernel's tools/memory-model or of herd7's libdir: each definition
                                          has a row or is left out on purpose, each row of that model is a definition, both have one
                                          order, the row says in which line it stands, and names a section of explanation.txt

The lines are compared with the column that is headed by the version of the kernel that the file is of, "line" for herd7's. A kernel without
a column has no lines to compare, which is said.
"""
import argparse
import collections
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
FOLDER = TOP / 'checker' / 'consistency'
LINUX, RC11, TSO, SC = 'Linux kernel memory model', 'RC11', 'TSO', 'Sequential consistency'
MODEL_OF = {'linux-kernel.cat': LINUX, 'linux-kernel.bell': LINUX, 'rc11.cat': RC11, 'x86tso.cat': TSO, 'x86fences.cat': TSO, 'sc.cat': SC}
# Definitions without a row. LKMM's only flag tests or name sets of events; AXIOMS.md says of the others why.
LEFT_OUT = {
    LINUX: {'barrier', 'mixed-accesses', 'Marked', 'Plain', 'Accesses', 'Barriers', 'ww-race', 'wr-race', 'rw-race', 'data-race',
            'addr', 'data', 'ctrl', 'full-fence', 'rcu-rscs', 'srcu-rscs', 'carry-srcu-data', 'matched',
            'Srcu', 'Acquire', 'Release', 'Mb', 'Noreturn', 'FailedRMW', 'this-model-requires-variant-higher-than-lkmmv1', 'unmatched',
            'unmatched-locks', 'unmatched-unlocks', 'unmatched-po', 'unmatched-locks-to-unlocks', 'po-unlock-rf-lock-po'},
    RC11: {'myrmw', 'cnf', 'dr', 'Dr', 'coherencermw', 'no-thin-air'},
    TSO: {'lfence', 'sfence'},
    SC: {'si'},
}
WHERE_LINES_ARE = re.compile(r'line|\d+\.\d+')
Row = collections.namedtuple('Row', 'model name function local lines cells')


def rows(text):
    """The rows of all tables. `lines`: version -> (bell?, line), and `cells`: column -> text."""
    model, head = '', []
    for line in text.splitlines():
        if line.startswith('## '):
            model = line[3:]
        if not line.startswith('| '):
            continue
        cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
        if cells[0] == 'cat name':
            head = cells
            continue
        named = dict(zip(head, cells))
        lines = {column: named.get(column, '') for column in head if WHERE_LINES_ARE.fullmatch(column)}
        yield Row(model, named.get('cat name', ''), named.get('function', ''), named.get('name there', ''), lines, named)


def unfilled(row):
    """What a row lacks."""
    for column in ('cat name', 'function', 'name there', 'paper'):
        if not row.cells.get(column):
            yield f'no {column}'
    for column, line in row.lines.items():
        if not re.fullmatch(r'(bell |fences )?\d+|-', line):
            yield f'{column}: {line!r} is no line'
    if all(line in ('-', '') for line in row.lines.values()):
        yield 'no line of a cat file'
    if row.model == LINUX and not row.cells.get('explanation.txt'):
        yield 'no section of explanation.txt'


def definitions(path):
    """Name -> the line that defines it first, but for the names of flags; in the order of the file."""
    blank = re.compile(r'[^\n]')
    text = re.sub(r'\(\*.*?\*\)|//[^\n]*', lambda comment: blank.sub(' ', comment[0]), path.read_text(), flags=re.S)
    text = re.sub(r'\bflag\b[^\n]*(?:\n\s[^\n]*)*?\bas\s+[\w-]+', lambda flag: blank.sub(' ', flag[0]), text)
    found = {}
    for match in re.finditer(r'\b(?:let(?:\s+rec)?|and|as)\s+([\w-]+)', text):
        found.setdefault(match[1], text.count('\n', 0, match.start(1)) + 1)
    return found


def version_of(path):
    """The column for a file's lines: the version of the kernel that it lies in, 'line' for herd7's; None if nobody knows."""
    if MODEL_OF[path.name] != LINUX:
        return 'line'
    makefile = path.resolve().parent.parent.parent / 'Makefile'
    found = re.search(r'^VERSION = (\d+)\nPATCHLEVEL = (\d+)$', makefile.read_text(), re.M) if makefile.is_file() else None
    return f'{found[1]}.{found[2]}' if found else None


def compare_lines(path, defined, table):
    """(lines compared, what differs)"""
    column, count, wrong = version_of(path), 0, []
    kind = {'linux-kernel.bell': 'bell ', 'x86fences.cat': 'fences '}.get(path.name, '')
    for row in table:
        cell = row.lines.get(column)
        if cell is None:
            continue
        is_here = re.fullmatch(rf'{kind}\d+', cell) is not None
        if is_here != (row.name in defined) and (is_here or cell == '-'):
            there = defined.get(row.name, 'no such definition')
            wrong.append(f'{path.name}: {row.name}: the row has {cell!r} for {column}, the file {there}')
        elif is_here:
            count += 1
            if cell != f'{kind}{defined[row.name]}':
                wrong.append(f'{path.name}: {row.name}: the row has line {cell!r} for {column}, the file {kind}{defined[row.name]}')
    return count, wrong


def compare(table, files):
    """What differs between the rows of one model and its files."""
    model, defined = MODEL_OF[files[0].name], {path: definitions(path) for path in files}
    named = [row.name for row in table]
    for path, lines in defined.items():
        for name in sorted(set(lines) - set(named) - LEFT_OUT[model], key=lines.get):
            yield f'{path.name}: {name} has no row'
        inside = [name for name in named if name in lines]
        for before, after in zip(inside, inside[1:]):
            if list(lines).index(before) > list(lines).index(after):
                yield f'{path.name}: {after} comes before {before}'
        count, wrong = compare_lines(path, lines, table)
        yield from wrong
        has_column = any(version_of(path) in row.lines for row in table)
        why = '' if has_column else f', for no column has its version ({version_of(path)})'
        print(f'{path}: {len(lines)} definitions, {count} lines compared{why}')
    versions = {version_of(path) for path in files}
    for row in table:
        absent = any(row.lines.get(version) == '-' for version in versions)
        if not absent and not any(row.name in lines for lines in defined.values()):
            yield f'{row.name}: no file defines it'


def sections(table, path):
    """Sections of explanation.txt that are not there."""
    if not path.is_file():
        return
    headings = [line.lower() for line in re.findall(r'^([A-Z].*)\n-{5,}$', path.read_text(), re.M)]
    for row in table:
        section = row.cells['explanation.txt'].lower()
        if section != '-' and not any(section in heading for heading in headings):
            yield f'{row.name}: {path.name} has no section {section!r}'


def functions():
    """Qualified name of a function -> its body."""
    bodies = {}
    for path in sorted([*FOLDER.glob('*.cc'), *(FOLDER.parent / 'graph').glob('*.cc')]):
        text = path.read_text()
        for found in re.finditer(r'^[\w:<>&* ]+?\b(\w+::\w+)\([^;{]*\)(?: const)? \{\n(.*?)^\}', text, re.M | re.S):
            bodies[found[1]] = found[2]
    return bodies


def beside_cat_files(table, files):
    """What differs between the table and the files, model by model."""
    for model in dict.fromkeys(MODEL_OF.values()):
        of_model = [path for path in files if MODEL_OF[path.name] == model]
        own = [row for row in table if row.model == model]
        if of_model:
            yield from compare(own, of_model)
        if of_model and model == LINUX:
            yield from sections(own, of_model[0].parent / 'Documentation' / 'explanation.txt')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--cat', nargs='+', type=pathlib.Path, default=[], help=f'any of {", ".join(MODEL_OF)}')
    arguments = parser.parse_args()
    for path in arguments.cat:
        if path.name not in MODEL_OF or not path.is_file():
            parser.error(f'{path} is none of {", ".join(MODEL_OF)}')
    bodies = functions()
    failures = []
    table = list(rows((FOLDER / 'AXIOMS.md').read_text()))
    for row in table:
        failures += [f'{row.name}: {what}' for what in unfilled(row)]
        if row.function not in bodies:
            failures.append(f'{row.name}: there is no function {row.function}')
        elif not re.search(rf'\b{re.escape(row.local)}\b', bodies[row.function]):
            failures.append(f'{row.name}: {row.function} does not speak of {row.local}')
    failures += beside_cat_files(table, arguments.cat)
    for failure in failures:
        print(f'AXIOMS.md: {failure}')
    print(f'axioms: {len(table)} rows, {len(failures)} failures')
    return 1 if failures or not table else 0


if __name__ == '__main__':
    sys.exit(main())
