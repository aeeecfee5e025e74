# SPDX-License-Identifier: MIT
"""What the scripts about ports share: the generations there are, the functions of a text of cpumap.c, and what of them synchronises.

A function is found by its tokens alone, so that a text may be a kernel's file, a port, or a copy of a file that has lost its blank lines,
its indentation or its lines with nothing but a brace.
"""

import pathlib
import re
import signal

TOP = pathlib.Path(__file__).resolve().parents[1]
PORT = "model/cpumap/{}/cpumap.cc"

# Calls that allocate, free, order, lock, wait, wake, or hand an object on: a function's skeleton is the sequence of these in its text.
SYNCHRONISES = set("""
  kzalloc kzalloc_node kfree bpf_map_area_alloc bpf_map_area_free bpf_map_kmalloc_node bpf_map_kzalloc bpf_map_alloc_percpu
  __alloc_percpu_gfp __alloc_percpu alloc_percpu free_percpu
  per_cpu per_cpu_ptr this_cpu_ptr
  ptr_ring_init ptr_ring_cleanup ptr_ring_consume __ptr_ring_consume ptr_ring_consume_batched __ptr_ring_consume_batched
  ptr_ring_produce __ptr_ring_produce __ptr_ring_empty
  kthread_create_on_node kthread_bind kthread_stop kthread_should_stop wake_up_process schedule cond_resched
  set_current_state __set_current_state init_completion complete wait_for_completion
  atomic_inc atomic_dec_and_test xchg unrcu_pointer READ_ONCE WRITE_ONCE rcu_dereference rcu_dereference_check rcu_dereference_raw
  call_rcu rcu_barrier synchronize_rcu rcu_read_lock rcu_read_unlock rcu_read_lock_bh rcu_read_unlock_bh
  INIT_WORK schedule_work INIT_RCU_WORK queue_rcu_work
  local_bh_disable local_bh_enable spin_lock spin_unlock local_lock_init local_lock_nested_bh local_unlock_nested_bh
  __set_bit __clear_bit bitmap_empty for_each_set_bit
  list_add __list_del_clearprev list_for_each_entry_safe INIT_LIST_HEAD
  bpf_prog_get_type bpf_prog_put bpf_clear_redirect_map bpf_net_ctx_set bpf_net_ctx_clear
  xdp_return_frame xdp_return_frame_rx_napi xdp_do_redirect xdp_do_flush_map xdp_do_flush kfree_skb __ptr_set_bit __ptr_clear_bit
  __ptr_test_bit gro_init gro_cleanup
  get_cpu_map_entry put_cpu_map_entry __cpu_map_ring_cleanup __cpu_map_entry_replace __cpu_map_entry_free __cpu_map_lookup_elem
  bq_flush_to_queue bq_enqueue WARN_ON_ONCE
""".split())

TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\w+|\S')
NO_FUNCTION = {"if", "for", "while", "switch", "return", "sizeof", "else", "do", "case", "goto", "static_assert", "defined", "alignas"}


class Function:
    """One definition: its tokens from the name on, and its first line (from 0) where the text has lines."""

    def __init__(self, name, tokens, line):
        self.name, self.tokens, self.line = name, tokens, line

    def skeleton(self):
        """The calls that synchronise, in the order of the text."""
        inside = self.tokens[1:]
        return [word for word, after in zip(inside, inside[1:] + [""]) if word in SYNCHRONISES and after == "("]


def end_with_the_reader():
    """Lets the program end, as others do, when what reads its output has seen enough of it (`| head`)."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def version_of(generation):
    return tuple(int(part) for part in re.findall(r"\d+", generation))


def generations(top=TOP):
    """'v5.8', ... of the ports below `top`, oldest first."""
    found = [path.parent.name.replace("_", ".") for path in (top / "model/cpumap").glob("v*_*/cpumap.cc")]
    return sorted(found, key=version_of)


def port_path(generation):
    return PORT.format(generation.replace(".", "_"))


def port_text(generation, top=TOP):
    return (top / port_path(generation)).read_text(encoding="utf-8")


def numbered_lines(text):
    """The lines of a text printed on one line with a number before each; [] if it is no such text."""
    lines, at, number = [], 0, 1
    start = re.match(r"\s*1 ", text)
    if not start:
        return []
    at = start.end()
    while True:
        number += 1
        following = re.compile(rf"(?:^|\s){number}(?:\s|$)").search(text, at - 1)
        if not following:
            lines.append(text[at:])
            return lines
        lines.append(text[at:following.start()])
        at = following.end()


def code_lines(text):
    """The lines of a text without comments, directives and printed line numbers; what was no code is an empty line."""
    lines = text.split("\n")
    if len(lines) < 5:
        lines = numbered_lines(text) or lines
    elif sum(re.match(r"\d+ ", line) is not None for line in lines) > len(lines) // 2:
        lines = [re.sub(r"^\d+ ?", "", line) for line in lines]
    # In front of the first include there may be words that are no C: a commit's message, a page's title.
    first = next((i for i, line in enumerate(lines) if line.lstrip().startswith("#include")), 0)
    lines[:first] = [""] * first
    code, in_comment, in_directive = [], False, False
    for line in lines:
        stripped = line.strip()
        if in_comment:
            # Copies lose lines of comments, their last one too: what does not begin with a star is code again.
            if "*/" in stripped:
                in_comment = False
                stripped = stripped.partition("*/")[2]
            elif stripped.startswith("*") or not stripped:
                code.append("")
                continue
            else:
                in_comment = False
        stripped = re.sub(r"/\*.*?\*/", " ", stripped)
        stripped = re.sub(r"//.*", "", stripped)
        if "/*" in stripped:
            stripped, in_comment = stripped.partition("/*")[0], True
        directive = in_directive or stripped.startswith("#")
        in_directive = directive and stripped.endswith("\\")
        code.append("" if directive else stripped.strip())
    return code


def functions(text):
    """The functions that a text defines, in its order."""
    tokens, lines = [], []
    for number, line in enumerate(code_lines(text)):
        for token in TOKEN.findall(line):
            tokens.append(token)
            lines.append(number)
    starts = []
    for index, token in enumerate(tokens):
        if not re.fullmatch(r"[A-Za-z_]\w*", token) or token in NO_FUNCTION or index == 0 or tokens[index + 1:index + 2] != ["("]:
            continue
        before = tokens[index - 1]
        if before in NO_FUNCTION or not re.fullmatch(r"[A-Za-z_]\w*|\*", before):
            continue
        end = matching(tokens, index + 1)
        after = tokens[end + 1] if end + 1 < len(tokens) else ";"
        if after == "{" or re.fullmatch(r"[A-Za-z_]\w*", after):
            starts.append(index)
    found = []
    for start, following in zip(starts, starts[1:] + [len(tokens)]):
        found.append(Function(tokens[start], tokens[start:end_of_body(tokens, start, following)], lines[start]))
    return found


def matching(tokens, opening):
    """Index of the token that closes the parenthesis at `opening`."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[index], 0)
        if depth == 0:
            return index
    return len(tokens) - 1


def end_of_body(tokens, start, following):
    """Behind the brace that closes the body; `following`, where braces are missing."""
    depth = 0
    for index in range(matching(tokens, start + 1) + 1, following):
        depth += {"{": 1, "}": -1}.get(tokens[index], 0)
        if depth == 0:
            return index + 1 if tokens[index] == "}" else following
    return following


class Row:
    """A function in the table of an UPSTREAM.md."""

    def __init__(self, name, status, skeleton, note, line):
        self.name, self.status, self.skeleton, self.note, self.line = name, status, skeleton, note, line

    def text(self):
        return f"| `{self.name}` | {self.status} | {' · '.join(self.skeleton) or 'none'} | {self.note} |"


ROW = re.compile(r"\| `(\w+)` \| ([\w ]+) \| ([^|]*) \| ([^|]*) \|")
TABLE_HEAD = "| upstream function (in file order) | status | synchronisation skeleton | port note |"


def table_of(text):
    """The rows of the table of functions of an UPSTREAM.md; [] if there is none."""
    rows, inside = [], False
    for number, line in enumerate(text.split("\n")):
        inside = line == TABLE_HEAD or (inside and line.startswith("|"))
        row = ROW.fullmatch(line) if inside else None
        if row:
            skeleton = [] if row[3] == "none" else row[3].split(" · ")
            rows.append(Row(row[1], row[2], skeleton, row[4], number))
    return rows


def upstream_path(generation):
    return f"model/cpumap/{generation.replace('.', '_')}/UPSTREAM.md"


class Commit:
    """A row of an UPSTREAM.md's table of commits: what it touches, and the kernels that have it as far as the row says so."""

    def __init__(self, name, has, touches):
        self.name, self.has, self.touches = name, has, touches


def commits_of(text):
    """The rows of the table of commits of an UPSTREAM.md, each commit of a row on its own; [] if there is none."""
    commits, columns = [], None
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.split("|")[1:-1]] if line.startswith("|") else []
        if "commit" in cells and "touches" in cells:
            columns = {name: index for index, name in enumerate(cells)}
        elif not cells:
            columns = None
        elif columns and len(cells) == len(columns) and not set("".join(cells)) <= set("-"):
            touches = re.findall(r"`(\w+)`", cells[columns["touches"]])
            has = re.findall(r"v[\d.]+", cells[columns["in"]]) if "in" in columns else []
            names = re.findall(r"`(\w+)`", cells[columns["commit"]]) or ["a change"]
            commits += [Commit(name, has, touches) for name in names]
    return commits
