#!/usr/bin/env python3
"""Makes the study's figures again and compares the tables with those kept, byte for byte.

usage: check_reference.py EDGECUT REFERENCE_FOLDER [--update]
A difference is shown as a unified diff; --update keeps the new files instead (then the commit says
why the numbers moved).
"""
import difflib
import pathlib
import subprocess
import sys
import tempfile


def main():
    edgecut, reference = (pathlib.Path(argument) for argument in sys.argv[1:3])
    update = "--update" in sys.argv[3:]
    moved = False
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        subprocess.run([edgecut, "reproduce", "--out", out, "--no-plots", "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)
        made = {path.name for path in out.iterdir()} - {"run_info.json"}
        kept = {path.name for path in reference.glob("*")}
        for name in sorted(made | kept):
            new = (out / name).read_text() if name in made else ""
            old = (reference / name).read_text() if name in kept else ""
            if new == old:
                continue
            moved = True
            sys.stdout.writelines(difflib.unified_diff(
                old.splitlines(keepends=True), new.splitlines(keepends=True),
                f"kept/{name}", f"made/{name}", n=0))
            if update and name in made:
                reference.mkdir(parents=True, exist_ok=True)
                (reference / name).write_text(new)
            elif update:
                (reference / name).unlink()
    if moved and not update:
        print("numbers moved: if they should, run scripts/update_goldens.py and say why in the commit")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
