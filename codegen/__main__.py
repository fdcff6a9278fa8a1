"""`python -m codegen` writes the generated files and removes what it no longer generates; `--check` only compares.

`python -m codegen --spec my.yaml --out DIR --lang python` does the same for a client library of one document, whosoever it is.
"""

import argparse
import difflib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from codegen import package, settings
from codegen.python_client import owned_by, render_python
from codegen.read import ContractError, read, read_file
from codegen.render import PACKAGE, render
from codegen.sdk import Sdk, plan
from codegen.translations import PAGE, page
from codegen.typescript_client import owned_by as typescript_owned_by
from codegen.typescript_client import render_typescript
from tollhouse.config.schema import schemas
from tollhouse.config.variables import VARIABLES
from tollhouse.contract.documents import DocumentError
from tollhouse.dialects.translations import TRANSLATIONS

CLIENTS = "clients"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of client libraries: what it prints, and the folder of a library in which nothing else is."""

    render: Callable[[Sdk], dict[str, str]]
    owned: Callable[[Sdk], str]


LANGUAGES: Mapping[str, Language] = {
    "python": Language(render_python, owned_by),
    "typescript": Language(render_typescript, typescript_owned_by),
}


@dataclass(frozen=True, slots=True)
class Output:
    """What is generated below a folder, and which folders in it hold nothing else: what is there besides is removed."""

    files: Mapping[str, str]
    owned: tuple[str, ...]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 is done or no difference, 1 a difference or documents that cannot be generated from.

    Raises SystemExit with 2 for wrong usage.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.spec and not options.out:
        parser.error(f"--out is missing: where should the {options.lang} client of {options.spec} go?")
    try:
        root, output = (options.out, client(options.spec, options.lang)) if options.spec else _everything(options.root)
    except (ContractError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    if not options.check:
        write(root, output)
        if options.spec:
            print(f"wrote the {options.lang} client of {options.spec}, {len(output.files)} files, to {root}/")
        return 0
    difference = "".join(differences(root, output))
    print(difference, end="")
    if difference:
        print("The generated code does not fit the documents: run `make generate`.", file=sys.stderr)
    return 1 if difference else 0


def everything(root: Path) -> Output:
    """What the gateway's own documents give: its typed bodies and bindings, its client libraries; and the pages that come from tables."""
    contract = read(root / "openapi")
    pages = {PAGE: page(TRANSLATIONS), settings.PAGE: settings.page(VARIABLES, schemas())}
    files, owned = {**render(contract), **pages}, [PACKAGE]
    sdk = plan(contract, package.tollhouse(contract))
    for name, language in LANGUAGES.items():
        folder = f"{CLIENTS}/{name}"
        files |= {f"{folder}/{path}": text for path, text in language.render(sdk).items()}
        owned.append(f"{folder}/{language.owned(sdk)}")
    return Output(files, tuple(owned))


def client(spec: Path, name: str) -> Output:
    """The client library of one document. Raises ContractError."""
    contract = read_file(spec)
    language, sdk = LANGUAGES[name], plan(contract, package.of_document(contract))
    return Output(language.render(sdk), (language.owned(sdk),))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument("--check", action="store_true", help="print what would change and exit 1 if anything would")
    parser.add_argument(
        "--root", type=Path, default=Path(__file__).resolve().parents[1], help="the checkout to work on"
    )
    parser.add_argument("--spec", type=Path, help="one OpenAPI document, instead of those of the checkout")
    parser.add_argument("--out", type=Path, help="with --spec, required: where the client library goes")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), default="python", help="with --spec: its language")
    return parser


def _everything(root: Path) -> tuple[Path, Output]:
    return root, everything(root)


def write(root: Path, output: Output) -> None:
    """Make the owned folders hold exactly these files. A file that stays the same is not touched."""
    for path in sorted(set(_present(root, output.owned)) - set(output.files)):
        (root / path).unlink()
    for path, text in output.files.items():
        target = root / path
        if _text(target) != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")


def differences(root: Path, output: Output) -> Iterator[str]:
    """The lines of a unified diff from what is there to what would be written; none when nothing would change."""
    files = output.files
    for path in sorted({*_present(root, output.owned), *files}):
        before, after = _text(root / path), files.get(path)
        names = (f"a/{path}" if before is not None else "/dev/null", f"b/{path}" if after is not None else "/dev/null")
        if before != after and not before and not after:  # an empty file, which has no lines that could differ
            yield f"--- {names[0]}\n+++ {names[1]}\n"
        yield from difflib.unified_diff(
            (before or "").splitlines(keepends=True), (after or "").splitlines(keepends=True), *names
        )


def _present(root: Path, owned: tuple[str, ...]) -> Iterator[str]:
    for folder in owned:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(root).as_posix()


def _text(path: Path) -> str | None:
    """The text of a file, line ends as they are; None where there is no file."""
    return path.read_bytes().decode() if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
