#!/usr/bin/env python3
"""Holds the folders to the arrows of docs/architecture.md.

Errors: an include or a CMake link that points against the arrows, an include of a folder that the
library does not link, a source that no CMakeLists.txt lists, SimGrid outside sim.
Warnings (exit 0): files that have grown long.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# A folder may include itself and what stands here; the order is that of CMakeLists.txt.
MAY_INCLUDE = {
    "base": [],
    "workloads": ["base"],
    "platforms": ["base"],
    "predictors": ["base", "workloads", "platforms"],
    "policies": ["base", "workloads", "platforms", "predictors"],
    "results": ["base"],
    "planning": ["base", "workloads", "platforms", "predictors", "policies", "results"],
    "sim": ["base", "workloads", "platforms", "predictors", "policies", "results"],
}
MAY_INCLUDE["scenarios"] = [folder for folder in MAY_INCLUDE if folder != "planning"]
MAY_INCLUDE["campaigns"] = list(MAY_INCLUDE["scenarios"]) + ["scenarios"]
MAY_INCLUDE["reproduction"] = [folder for folder in MAY_INCLUDE if folder != "campaigns"]
MAY_INCLUDE["cli"] = list(MAY_INCLUDE)
FREE = ["tests", "bench"]  # may include every folder

LINES_MAX = 400
LINES_MAX_TESTS = 500

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
COMMENT = re.compile(r"#[^\n]*")


def linked_folders(folder):
    """The folders that <folder>/CMakeLists.txt links by name."""
    lists = ROOT / folder / "CMakeLists.txt"
    text = COMMENT.sub("", lists.read_text(encoding="utf-8")) if lists.exists() else ""
    return sorted(set(re.findall(r"\bedgecut::(\w+)", text)) & set(MAY_INCLUDE))


def reachable(folder, links):
    """What `folder` links, directly or through another library (links are PUBLIC)."""
    found, todo = set(), [folder]
    while todo:
        for other in links[todo.pop()]:
            if other not in found:
                found.add(other)
                todo.append(other)
    return found


def check_includes(path, folder, linked, errors):
    name = path.relative_to(ROOT)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        bracket, target = match.groups()
        top = target.split("/")[0]
        where = f"{name}:{number}: "
        if bracket == "<":
            if top in ("simgrid", "xbt") and folder not in ("sim", "bench"):
                errors.append(f"{where}only sim and its benchmark may include <{target}>")
            continue
        if folder in FREE:
            continue
        if top not in MAY_INCLUDE:
            errors.append(f'{where}"{target}": write the path from the top, "{folder}/..."')
        elif top != folder and top not in MAY_INCLUDE[folder]:
            allowed = ", ".join(MAY_INCLUDE[folder]) or "no other folder"
            errors.append(f'{where}{folder} may not include "{target}" (it may include: {allowed})')
        elif top != folder and top not in linked:
            errors.append(f'{where}"{target}": {folder}/CMakeLists.txt does not link edgecut::{top}')


def check_links(folder, links, errors):
    for other in links:
        if other != folder and other not in MAY_INCLUDE[folder]:
            errors.append(f"{folder}/CMakeLists.txt: may not link edgecut::{other}")


def check_sources_listed(sources, errors):
    """Sources are listed by hand; one left out would silently never be compiled."""
    for source in sources:
        folder = source.parent
        while folder != ROOT and not (folder / "CMakeLists.txt").exists():
            folder = folder.parent
        listed = (folder / "CMakeLists.txt").read_text(encoding="utf-8")
        if not re.search(r"(?<![\w.-])" + re.escape(source.name) + r"(?![\w.-])", listed):
            errors.append(f"{source.relative_to(ROOT)}: in no list of {folder.name}/CMakeLists.txt")


def main():
    errors, warnings = [], []
    links = {folder: linked_folders(folder) for folder in MAY_INCLUDE}
    count = 0
    for folder in list(MAY_INCLUDE) + FREE:
        files = sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in (".cpp", ".hpp"))
        count += len(files)
        linked = reachable(folder, links) if folder in links else set()
        for path in files:
            check_includes(path, folder, linked, errors)
            lines = len(path.read_text(encoding="utf-8").splitlines())
            limit = LINES_MAX_TESTS if folder in FREE else LINES_MAX
            if lines > limit:
                warnings.append(f"{path.relative_to(ROOT)}: {lines} lines, aim at {limit} at most")
        if folder in links:
            check_links(folder, links[folder], errors)
        check_sources_listed([p for p in files if p.suffix == ".cpp"], errors)
    for line in warnings:
        print(f"layers: warning: {line}")
    for line in errors:
        print(f"layers: {line}")
    if errors or count == 0:
        print(f"layers: {len(errors)} problems in {count} files (arrows: docs/architecture.md)")
        return 1
    print(f"layers: {count} files obey the arrows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
