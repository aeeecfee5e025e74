#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what a compiler does not: sizes, licence lines, include guards, words. Prints path:line: message for each failure."""

import ast
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LINE_LENGTH_MAX = 140
FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70

PORT = re.compile(r"model/cpumap/v\d")  # upstream decides the sizes there
GPL = re.compile(r"model/cpumap/v\d[^/]*/cpumap\.cc$|model/kernel/ptr_ring\.(h|cc)$|"
                 r"specs/mutations/(?!unmutated\.)[^/]+\.mutation$|\.(patch|diff)$")
CXX = (".cc", ".h", ".c")
SPDX = re.compile(r"SPDX-License-Identifier: (MIT|GPL-2\.0-only)\b")

# (pattern, what to do instead); names of files count too.
WORDS = [
    (re.compile(r"\bTODO\b(?!\(#\d+\))"), "name the issue: TODO(#12)"),
    (re.compile(r"\b(FIXME|XXX)\b"), "say it as TODO(#12)"),
    (re.compile(r"\bDISABLED_|\bGTEST_SKIP\b|EXPECT_TRUE\(true\)"), "a test runs and can fail, or is not there"),
    (re.compile(r"#\s*pragma\s+once"), "use an include guard"),
    (re.compile(r"(?<![\w./])/(home|root|Users|work)/\w"), "no path of one machine"),
    (re.compile(r"\bstd::(sleep_for|sleep_until)|\busleep\(|\bnanosleep\("), "nothing sleeps here"),
]
CXX_WORDS = [
    (re.compile(r"(?<![\w:.>])assert\("), "use CHECK, which is never compiled out"),
    (re.compile(r"\busing namespace std\b"), "spell std:: out"),
    (re.compile(r"\bthrow\b(?!\(\))"), "no exceptions: a Status, a Violation or CHECK"),
    (re.compile(r"(?<![\w:.>])(std::)?exit\("), "return from main instead"),
    (re.compile(r"\bstd::variant\b"), "events are plain records: one struct, one switch"),
]
PAGE = re.compile(r"(?<![\w*/.-])(?:[\w.-]+/)*[\w-]+\.md\b")
SELF = "ci/check_tidy.py"
# Comments and literals of C++; the digit before a quote is a digit separator.
LITERAL = re.compile(r'R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"'
                     r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.S)


def git(*arguments):
    return subprocess.run(["git", "-C", TOP, *arguments], check=True, capture_output=True, text=True).stdout


def own_words():
    """Regular expressions, one a line, that whoever works in this clone keeps out of it; not part of the project."""
    path = os.path.join(TOP, git("rev-parse", "--git-path", "info/banned-words").strip())
    if not os.path.isfile(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [(re.compile(line.strip(), re.IGNORECASE), "does not belong here") for line in lines if line.strip()]


def code_only(lines):
    """The lines with comments and the insides of literals blanked, so that braces can be counted."""
    text = "\n".join(lines)
    return LITERAL.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text).split("\n")


def cxx_functions(lines):
    """(first line, line count) of every function that stands in no other function. A heuristic: a block after a parameter list."""
    block = re.compile(r"[{};]")
    depth_of_function, first, depth, head, head_line = None, 0, 0, "", 0
    for number, line in enumerate(code_only(lines), 1):
        if line.lstrip().startswith("#"):
            continue
        position = 0
        for match in block.finditer(line):
            head += line[position:match.start()]
            position = match.end()
            if match[0] == "{":
                is_function = re.search(r"\)\s*(const|noexcept|override|final|mutable|->\s*[\w:<>*&\s]+|\s|:\s*\w+[({].*)*$", head, re.S)
                if depth_of_function is None and is_function and not re.match(r"\s*(namespace|enum)\b", head):
                    depth_of_function, first = depth, head_line or number
                depth += 1
            elif match[0] == "}":
                depth -= 1
                if depth == depth_of_function:
                    yield first, number - first + 1
                    depth_of_function = None
            head, head_line = "", 0
        if line[position:].strip() and not head_line:
            head_line = number
        head += line[position:] + "\n"


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1


def is_script(lines):
    return bool(lines) and lines[0].startswith("#!")


def check_licence(path, lines):
    wants_line = path.endswith(CXX + (".py", ".cmake", "CMakeLists.txt", ".mutation", ".patch", ".diff")) or is_script(lines)
    if not wants_line:
        return
    at = 1 if is_script(lines) else 0
    match = SPDX.search(lines[at]) if len(lines) > at else None
    if not match:
        yield at + 1, "first an SPDX line: // SPDX-License-Identifier: MIT"
    elif GPL.search(path) and match[1] != "GPL-2.0-only":
        yield at + 1, "what is derived from the kernel's text is GPL-2.0-only"


def check_guard(path, lines):
    guard = re.sub(r"[^A-Za-z0-9]", "_", path).upper() + "_"
    text = "\n".join(lines)
    if f"#ifndef {guard}\n#define {guard}\n" not in text or not re.search(rf"^#endif +// {guard}$", text, re.M):
        yield 1, f"include guard {guard}: #ifndef, #define, #endif  // {guard}"
    if len(lines) < 2 or not lines[1].startswith(("//", "/*", " *")):
        yield 2, "after the SPDX line one sentence: what this header is"


def check_sizes(path, lines):
    if PORT.match(path):
        return
    if len(lines) > FILE_LINES_MAX:
        yield 1, f"{len(lines)} lines; a file is read in one sitting: at most {FILE_LINES_MAX}"
    functions = python_functions("\n".join(lines)) if path.endswith(".py") else cxx_functions(lines)
    for first, length in functions:
        if length > FUNCTION_LINES_MAX:
            yield first, f"a function of {length} lines; at most {FUNCTION_LINES_MAX}"


def examples():
    folder = os.path.join(TOP, "checker/examples")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    texts = []
    for name in names:
        with open(os.path.join(folder, name), encoding="utf-8") as stream:
            texts.append(stream.read())
    return texts


def check_markdown(lines):
    """One title; C++ that is shown is C++ that is built."""
    titles, fence, block = 0, None, []
    for number, line in enumerate(lines, 1):
        if line.startswith("```"):
            if fence == "```cpp" and not any("\n".join(block) in text for text in examples()):
                yield number - len(block), "no file of checker/examples has these lines"
            fence, block = (line if fence is None else None), []
        elif fence is not None:
            block.append(line)
        else:
            titles += line.startswith("# ")
    if titles != 1:
        yield 1, f"{titles} titles; a page has exactly one line '# ...'"


def check_pages(lines, names):
    """Every page that is named exists: beside the file, from the top, or somewhere by that name."""
    for number, line in enumerate(lines, 1):
        for page in sorted(set(PAGE.findall(line))):
            if os.path.basename(page) not in names or not any(name.endswith(page.lstrip("./")) for name in names[os.path.basename(page)]):
                yield number, f"no page {page} in this repository"


def check_file(path, text, words):
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    else:
        yield len(lines), "the last line has no end"
    yield from check_licence(path, lines)
    if path.endswith(".md"):
        yield from check_markdown(lines)
    if path.endswith(".h"):
        yield from check_guard(path, lines)
    if path.endswith(CXX + (".py",)):
        yield from check_sizes(path, lines)
    code = code_only(lines) if path.endswith(CXX) else []
    for number, line in enumerate(lines, 1):
        if (path.endswith(CXX + (".py", ".txt", ".cmake")) or is_script(lines)) and len(line) > LINE_LENGTH_MAX:
            yield number, f"{len(line)} characters; at most {LINE_LENGTH_MAX}"
        if line.endswith((" ", "\r")):
            yield number, "blank at the end of the line"
        for pattern, instead in words if path != SELF else []:
            match = pattern.search(line)
            if match:
                yield number, f"'{match[0]}': {instead}"
        for pattern, instead in CXX_WORDS if code else []:
            if "exceptions" in instead and path.endswith("_test.cc"):
                continue  # tests throw to see what checked code may do
            match = pattern.search(code[number - 1])
            if match:
                yield number, f"'{match[0]}': {instead}"


def main():
    words = WORDS + own_words()
    failures = files = 0
    paths = sorted(git("ls-files", "-co", "--exclude-standard").splitlines())
    pages = {}
    for path in paths:
        if path.endswith(".md") and os.path.isfile(os.path.join(TOP, path)):
            pages.setdefault(os.path.basename(path), []).append(path)
    for path in paths:
        full = os.path.join(TOP, path)
        if path.startswith("LICENSES/") or not os.path.isfile(full):
            continue
        with open(full, "rb") as stream:
            data = stream.read()
        if b"\0" in data:
            continue
        files += 1
        text = data.decode("utf-8", "replace")
        for line, message in [*check_file(path, text, words), *check_pages(text.split("\n"), pages)]:
            print(f"{path}:{line}: {message}")
            failures += 1
    print(f"tidy: {files} files, {failures} {'failure' if failures == 1 else 'failures'}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
