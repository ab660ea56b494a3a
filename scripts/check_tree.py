#!/usr/bin/env python3
"""Small checks of every file that git tracks or would track.

Text: UTF-8, a final newline, no tabs, no blanks at line ends, no paths of one machine, no marks of
unfinished work, no merge conflicts. JSON parses, without duplicate keys. Links between documents
lead somewhere, each shipped scenario is named in a document, scripts are executable, no file is huge.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

TEXT_SUFFIXES = {".cpp", ".hpp", ".py", ".sh", ".md", ".json", ".cmake", ".txt", ".gp", ".yml"}
TEXT_NAMES = {".clang-format", ".clang-tidy", ".gitignore", "run"}
# Inputs in other people's formats, and inputs that are wrong on purpose.
DATA_FOLDERS = ("tests/data/", "tests/golden/", "platforms/traces/", "workloads/arrivals/")
BYTES_MAX = 2 << 20

MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|tmp|home|root|mnt|Users)/\w")
# Put together from pieces so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
CONFLICT = re.compile(r"^(?:<{7} |={7}$|>{7} )")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def tree_files():
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    return sorted({n for n in names.decode().split("\0") if n and (ROOT / n).is_file()})


def check_lines(name, text, problems):
    for number, line in enumerate(text.split("\n"), 1):
        where = f"{name}:{number}: "
        if "\t" in line:
            problems.append(where + "tab")
        if line != line.rstrip():
            problems.append(where + "blank at the end of the line")
        if MACHINE_PATH.search(line):
            problems.append(where + "path of one machine: " + line.strip())
        if UNFINISHED.search(line):
            problems.append(where + "mark of unfinished work: " + line.strip())
        if CONFLICT.match(line):
            problems.append(where + "merge conflict")
    if text and not text.endswith("\n"):
        problems.append(f"{name}: no newline at the end")


def unique_keys(pairs):
    keys = [key for key, _ in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError("duplicate key " + ", ".join(twice))
    return dict(pairs)


def check_links(name, text, problems):
    for target in LINK.findall(text):
        path = target.split("#")[0]
        if path and "://" not in target and not target.startswith("mailto:"):
            if not (ROOT / name).parent.joinpath(path).exists():
                problems.append(f"{name}: link to {target}, which is not there")


def main():
    problems = []
    names = tree_files()
    documents = ""
    for name in names:
        path = ROOT / name
        if path.stat().st_size > BYTES_MAX:
            problems.append(f"{name}: larger than {BYTES_MAX >> 20} MiB")
        if path.suffix not in TEXT_SUFFIXES and path.name not in TEXT_NAMES:
            continue
        if name.startswith(DATA_FOLDERS):
            continue
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            problems.append(f"{name}: not UTF-8 ({error.reason} at byte {error.start})")
            continue
        check_lines(name, text, problems)
        if path.suffix == ".json":
            try:
                json.loads(text, object_pairs_hook=unique_keys)
            except ValueError as error:
                problems.append(f"{name}: {error}")
        if path.suffix == ".md":
            documents += text
            check_links(name, text, problems)
        if text.startswith("#!") and not os.access(path, os.X_OK):
            problems.append(f"{name}: has a #! line but is not executable")
    for name in names:
        scenario = re.fullmatch(r"scenarios/((?:sweeps/)?[\w.-]+\.json)", name)
        if scenario and scenario.group(1) not in documents:
            problems.append(f"{name}: no document names it")
    for line in problems:
        print(f"tree: {line}")
    if problems:
        print(f"tree: {len(problems)} problems")
        return 1
    print(f"tree: {len(names)} files are in order")
    return 0


if __name__ == "__main__":
    sys.exit(main())
