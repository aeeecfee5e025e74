#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks every #include against checker/floors.txt; prints path:line: message for each that is not allowed."""

import fnmatch
import functools
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|(<[^>]+>))')
SUFFIXES = (".cc", ".h", ".c")
STRANGER = "ci/consumer/"  # a project of its own, which has this one installed


class Rules:
    def __init__(self, path):
        self.floors = {}      # folder pattern -> folders it may include
        self.tests = {}       # folder -> folders its tests may include
        self.only = []        # (prefix of a system header, folders)
        self.never = []
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                line = line.split("#")[0].strip()
                if line and not self._parse(line):
                    sys.exit(f"{os.path.relpath(path, TOP)}:{number}: not a rule: {line}")

    def _parse(self, line):
        head, colon, tail = line.partition(":")
        head, names = head.split(), tail.split()
        if not colon or not head:
            return False
        if len(head) == 1:
            self.floors[head[0]] = names
        elif head[0] == "in":
            chain = [f"{head[1]}/{name.strip()}" for name in tail.split(" < ")]
            self.floors.update((folder, chain[:i]) for i, folder in enumerate(chain))
        elif head[0] == "tests":
            self.tests[head[1]] = names
        elif head[1] == "only":
            self.only.append((head[0], names))
        elif head[1] == "never":
            self.never.append((head[0], names))
        else:
            return False
        return True

    def floor(self, path):
        """The longest pattern that contains path, and the folder that matched it; (None, None) if there is none."""
        parts = os.path.dirname(path).split("/")
        for length in range(len(parts), 0, -1):
            folder = "/".join(parts[:length])
            for pattern in self.floors:
                if pattern == folder or ("*" in pattern and pattern.count("/") == folder.count("/")
                                         and fnmatch.fnmatch(folder, pattern)):
                    return pattern, folder
        return None, None


def below(path, folders):
    return any(path.startswith(folder + "/") for folder in folders)


@functools.lru_cache(maxsize=None)
def includes(path):
    """(line number, quoted path or None, system header or None) of every include of a file."""
    found = []
    with open(os.path.join(TOP, path), encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if match:
                found.append((number, match[1], match[2]))
    return found


def exists(path):
    return os.path.isfile(os.path.join(TOP, path))


@functools.lru_cache(maxsize=None)
def reached_system_headers(path):
    """System headers named by path or by repository headers it includes, each with the chain that leads there."""
    reached, seen, queue = {}, {path}, [(path, ())]
    while queue:
        current, chain = queue.pop()
        for _, quoted, system in includes(current):
            if system:
                reached.setdefault(system, chain)
            elif quoted not in seen and exists(quoted):
                seen.add(quoted)
                queue.append((quoted, chain + (quoted,)))
    return reached


def allowed(rules, path, quoted):
    """None if path may include quoted, else why not."""
    if os.path.basename(path).endswith(("_test.cc", "_benchmark.cc")):
        for folder, tops in rules.tests.items():
            if below(path, [folder]):
                return None if below(quoted, tops) else f"tests below {folder} may not include {os.path.dirname(quoted)}"
    pattern, folder = rules.floor(path)
    other_pattern, other_folder = rules.floor(quoted)
    if pattern is None or folder == other_folder or other_pattern in rules.floors[pattern]:
        return None
    return f"{folder} may not include {other_folder or os.path.dirname(quoted)}"


def check_file(rules, path):
    for number, quoted, system in includes(path):
        if quoted:
            beside = os.path.join(os.path.dirname(path), quoted)
            if exists(beside) and not exists(quoted) and quoted != "cpumap.cc":
                yield number, f'include from the top of the repository: "{beside}"'
            elif exists(quoted):
                reason = allowed(rules, path, quoted)
                if reason:
                    yield number, reason
            continue
        for prefix, folders in rules.only:
            if system.startswith(prefix) and not below(path, folders):
                yield number, f"{prefix}...> only in {' '.join(folders)}"
    for prefix, folders in rules.never:
        if below(path, folders):
            for system, chain in reached_system_headers(path).items():
                if system.startswith(prefix):
                    yield 1, f"{prefix}...> not in {path.split('/')[0]}: {system} comes in by {' -> '.join(chain) or 'this file'}"


def main():
    rules = Rules(os.path.join(TOP, "checker/floors.txt"))
    listed = subprocess.run(["git", "-C", TOP, "ls-files", "-co", "--exclude-standard"], check=True, capture_output=True, text=True)
    paths = sorted(path for path in listed.stdout.splitlines() if path.endswith(SUFFIXES) and exists(path)
                   and not path.startswith(STRANGER))
    failures = 0
    for path in paths:
        if below(path, ["checker", "model", "specs", "fuzz"]) and rules.floor(path)[0] is None:
            print(f"{path}:1: no floor in checker/floors.txt contains this file")
            failures += 1
        for number, message in check_file(rules, path):
            print(f"{path}:{number}: {message}")
            failures += 1
    print(f"floors: {len(paths)} files, {failures} {'failure' if failures == 1 else 'failures'}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
