#!/usr/bin/env python3
"""Runs a scenario and compares its result files with those kept, byte for byte.

usage: check_golden.py EDGECUT SCENARIO EXPECTED_FOLDER [--update]
A difference is shown as a unified diff; --update keeps the new files instead (then the commit says
why the numbers moved). run_info.json, which tells times and the machine, is not compared.
"""
import difflib
import pathlib
import subprocess
import sys
import tempfile

FILES = ("throughput.csv", "summary.json", "cuts.csv", "stages.csv", "radio.csv", "power.csv")


def main():
    edgecut, scenario, expected = (pathlib.Path(argument) for argument in sys.argv[1:4])
    update = "--update" in sys.argv[4:]
    moved = False
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        subprocess.run([edgecut, "run", scenario, "--out", out, "--quiet"], check=True)
        for name in FILES:
            found = (out / name).read_text()
            kept_file = expected / name
            kept = kept_file.read_text() if kept_file.exists() else ""
            if found == kept:
                continue
            moved = True
            sys.stdout.writelines(difflib.unified_diff(
                kept.splitlines(keepends=True), found.splitlines(keepends=True),
                f"kept/{name}", f"found/{name}", n=0))
            if update:
                expected.mkdir(parents=True, exist_ok=True)
                kept_file.write_text(found)
    if moved and not update:
        print("numbers moved: if they should, run scripts/update_goldens.py and say why in the commit")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
