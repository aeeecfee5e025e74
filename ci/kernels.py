# SPDX-License-Identifier: MIT
"""A port beside upstream's file: statement by statement of the same version; of another one, what differs and which commits say why."""

import difflib
import re
import textwrap

import ports


def is_in(commit, generation, before, version):
    """Whether the kernel `version` has a commit of the table of `generation`: True, False, or None if the table does not tell.

    `before` is the generation that the table starts from. A stable kernel has what its line of releases took over, `v6.1.45`.
    """
    if commit.has:
        named = [ports.version_of(each) for each in commit.has]
        return any(each <= version[:2] if len(each) == 2 else each[:2] == version[:2] and each <= version for each in named)
    if version[:2] >= ports.version_of(generation):
        return True
    return False if before and version[:2] <= ports.version_of(before) else None


def commits_between(generation, version, top):
    """(what it is called, commit) of those that either the port or the kernel of this version has, and not, or perhaps not, the other."""
    between, before = [], None
    for each in ports.generations(top):
        in_port = ports.version_of(each) <= ports.version_of(generation)
        path = top / ports.upstream_path(each)
        for commit in ports.commits_of(path.read_text(encoding="utf-8")) if path.is_file() else []:
            if is_in(commit, each, before, version) is not in_port:
                between.append((f"{commit.name} ({', '.join(commit.has) or f'until {each}'})", commit))
        before = each
    return between


def change(ours, theirs):
    """'+there -here' of two sequences, in their order; what both have is left out."""
    words = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            words += [f"-{word}" for word in ours[i:j]] + [f"+{word}" for word in theirs[k:m]]
    return " ".join(words)


def plain(tokens):
    """A function as C has it: without a port's words for types and bounds. Braces are left out, as copies of files lose them."""
    text = f" {' '.join(token for token in tokens if token not in '{}')} "
    text = text.replace(" void_ptr ", " void * ").replace(" u8 * ", " void * ")
    text = re.sub(r" racy < ([\w ]+) > ", r" \1 ", text)
    return re.sub(r" BOUNDED \( [\w ]+ , (\w+) , \w+ \) ", r" \1 ", text).split()


CAST = re.compile(r"\( (struct )?\w+ \* \)")


def statement_that_differs(row, ported, upstream):
    """'`x` is `y` here' of the first place where a port's function is not upstream's; '' if there is none."""
    theirs, ours = plain(upstream.tokens), plain(ported.tokens)
    is_whole = upstream.tokens[-1] == "}"
    for kind, i, j, k, m in difflib.SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "insert" and "cast" in row.note and CAST.fullmatch(" ".join(ours[k:m]))):
            continue
        # A copy that has lost lines has the words of others: those of a comment, of the type of the next function.
        if kind == "delete" and not is_whole:
            continue
        return f"`{' '.join(theirs[max(i - 3, 0):j + 3])}` is `{' '.join(ours[max(k - 3, 0):m + 3])}` here"
    return ""


def moved(ours, theirs):
    """The names that both have and that are not at the same place among these."""
    ours, theirs = [name for name in ours if name in theirs], [name for name in theirs if name in ours]
    blocks = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    in_place = {name for block in blocks for name in ours[block.a:block.a + block.size]}
    return {name for name in ours if name not in in_place}


def differences(rows, upstream):
    """(function, how the kernel's differs from the port's, '' if it does not), in the order of the table, then what the kernel adds."""
    theirs = {function.name: function for function in upstream}
    elsewhere = moved([row.name for row in rows], list(theirs))
    for row in rows:
        if row.name not in theirs:
            yield row.name, "not there"
        elif row.status != "ported":
            continue
        else:
            place = ["elsewhere in the file"] if row.name in elsewhere else []
            how = change(row.skeleton, theirs[row.name].skeleton())
            yield row.name, ", ".join(place + ([how] if how else []))
    known = {row.name for row in rows}
    for name in theirs:
        if name not in known:
            yield name, "there only"


def compare(generation, rows, upstream, version, top):
    """Prints each function of a port beside that of the kernel `version`; returns the problems: what no commit explains."""
    found = list(differences(rows, upstream))
    same = [name for name, how in found if not how]
    shared = [name for name, how in found if how not in ("not there", "there only")]
    print(f"{generation} beside {version}: {len(same)} of {len(shared)} functions that both have synchronise in the same way")
    if same:
        print(textwrap.fill(", ".join(same), 136, initial_indent="  same: ", subsequent_indent="    ", break_on_hyphens=False))
    numbers = ports.version_of(version)
    known = [ports.version_of(each) for each in ports.generations(top)]
    inside = bool(numbers) and known[0] <= numbers[:2] <= known[-1]
    commits = commits_between(generation, numbers, top) if inside else []
    problems = []
    for name, how in found:
        if not how:
            continue
        reasons = ", ".join(dict.fromkeys(called for called, commit in commits if name in commit.touches))
        print(f"  {name}: {how}" + (f"\n    by {reasons}" if reasons else ""))
        if inside and not reasons:
            kind = how if how in ("not there", "there only") else "other"
            problems.append(f"{generation} beside {version}: '{name}' is {kind}, and no commit in an UPSTREAM.md says why")
    if not inside:
        print(f"  {version} does not lie between two ports, so that there are no commits to explain what differs")
    return problems
