"""`python -m codegen` writes the generated files and removes what it no longer generates; `--check` only compares."""

import argparse
import difflib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from codegen.read import ContractError, read
from codegen.render import PACKAGE, render
from codegen.translations import PAGE, page
from tollhouse.contract.documents import DocumentError
from tollhouse.dialects.translations import TRANSLATIONS

# Folders that belong to the generator: what is in them and not generated any more is removed.
OWNED = (PACKAGE,)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 is done or no difference, 1 a difference or documents that cannot be generated from."""
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument("--check", action="store_true", help="print what would change and exit 1 if anything would")
    parser.add_argument(
        "--root", type=Path, default=Path(__file__).resolve().parents[1], help="the checkout to work on"
    )
    options = parser.parse_args(arguments)
    try:
        files = {**render(read(options.root / "openapi")), PAGE: page(TRANSLATIONS)}
    except (ContractError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    if not options.check:
        write(options.root, files)
        return 0
    difference = "".join(differences(options.root, files))
    print(difference, end="")
    if difference:
        print("The generated code does not fit the documents: run `make generate`.", file=sys.stderr)
    return 1 if difference else 0


def write(root: Path, files: Mapping[str, str]) -> None:
    """Make the owned folders hold exactly these files. A file that stays the same is not touched."""
    for path in sorted(set(_present(root)) - set(files)):
        (root / path).unlink()
    for path, text in files.items():
        target = root / path
        if _text(target) != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")


def differences(root: Path, files: Mapping[str, str]) -> Iterator[str]:
    """The lines of a unified diff from what is there to what would be written; none when nothing would change."""
    for path in sorted({*_present(root), *files}):
        before, after = _text(root / path), files.get(path, "")
        yield from difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            fromfile=f"a/{path}" if (root / path).is_file() else "/dev/null",
            tofile=f"b/{path}" if path in files else "/dev/null",
        )


def _present(root: Path) -> Iterator[str]:
    for folder in OWNED:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(root).as_posix()


def _text(path: Path) -> str:
    """The text of a file, line ends as they are; nothing where there is no file."""
    return path.read_bytes().decode() if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
