"""`python -m codegen` writes, removes and compares."""

from pathlib import Path

import pytest

from codegen.__main__ import LANGUAGES, main
from codegen.render import PACKAGE
from tests.codegen import mini

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with a mini-document, generated."""
    mini.write(tmp_path)
    assert main(["--root", str(tmp_path)]) == 0
    return tmp_path


def test_the_committed_code_is_what_the_documents_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_generating_again_touches_nothing(root: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (root / PACKAGE).iterdir()}
    assert sorted(path.name for path in before) == ["__init__.py", "bindings.py", "models.py", "operations.py"]
    assert main(["--root", str(root)]) == 0
    assert {path: path.stat().st_mtime_ns for path in (root / PACKAGE).iterdir()} == before


def test_what_is_no_longer_generated_is_removed(root: Path) -> None:
    (root / PACKAGE / "old.py").write_text("x = 1\n")
    assert main(["--root", str(root)]) == 0
    assert not (root / PACKAGE / "old.py").exists()


def test_check_of_fresh_code_is_silent(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(root), "--check"]) == 0
    assert capsys.readouterr().out == ""


def test_check_of_an_edited_file_prints_a_diff_and_changes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = root / PACKAGE / "operations.py"
    edited.write_text(edited.read_text().replace('billing="metered"', 'billing="free"'))
    before = edited.read_text()
    assert main(["--root", str(root), "--check"]) == 1
    printed = capsys.readouterr()
    assert f"--- a/{PACKAGE}/operations.py\n+++ b/{PACKAGE}/operations.py\n" in printed.out
    assert '-        billing="free",\n+        billing="metered",\n' in printed.out
    assert "make generate" in printed.err
    assert edited.read_text() == before


def test_check_of_changed_documents_finds_stray_and_missing_files(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / PACKAGE / "old.py").write_text("x = 1\n")
    (root / PACKAGE / "models.py").unlink()
    assert main(["--root", str(root), "--check"]) == 1
    printed = capsys.readouterr().out
    assert f"--- a/{PACKAGE}/old.py\n+++ /dev/null\n" in printed
    assert "--- /dev/null\n" in printed and f"+++ b/{PACKAGE}/models.py\n" in printed


def test_changed_line_ends_are_drift(root: Path) -> None:
    models = root / PACKAGE / "models.py"
    models.write_bytes(models.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["--root", str(root), "--check"]) == 1


def test_broken_documents_exit_1_with_the_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mini.write(tmp_path, mini.operation(x__billing=None))
    assert main(["--root", str(tmp_path)]) == 1
    assert "fleet: POST /harbours/{harbour}/boats: x-billing is missing" in capsys.readouterr().err
    assert not (tmp_path / PACKAGE).exists()


def own_document(folder: Path, text: str = "") -> Path:
    spec = folder / "boats.yaml"
    given = text or (ROOT / "tests" / "codegen" / "cases" / "errors" / "spec.yaml").read_text()
    spec.write_text(given)
    return spec


def test_a_document_of_ones_own_gives_a_client_and_leaves_the_rest_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, out = own_document(tmp_path), tmp_path / "out"
    (out / "src" / "weather_client").mkdir(parents=True)
    for path in ("notes.txt", "src/weather_client/old.py"):
        (out / path).write_text("mine\n")
    words = ["--spec", str(spec), "--out", str(out), "--lang", "python"]
    assert main([*words, "--check"]) == 1
    assert "+++ b/src/weather_client/py.typed" in capsys.readouterr().out
    assert main(words) == 0 == main([*words, "--check"])
    assert (out / "notes.txt").exists() and not (out / "src" / "weather_client" / "old.py").exists()
    assert (out / "src" / "weather_client" / "py.typed").read_text() == ""


def test_a_missing_empty_file_is_drift(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marker = next(root.rglob("py.typed"))
    marker.unlink()
    assert main(["--root", str(root), "--check"]) == 1
    assert f"--- /dev/null\n+++ b/{marker.relative_to(root)}\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("swagger: '2.0'", "boats.yaml: an OpenAPI 3 document has openapi: 3.…, info and paths"),
        ("- 1", "boats.yaml must hold a mapping"),
        (
            "openapi: 3.0.3\ninfo: {title: B, version: '1'}\npaths: {}\n"
            "components: {schemas: {a-b: {type: string}, AB: {type: string}}}",
            "boats: schemas AB and a-b both become AB; rename one of them",
        ),
        (
            "openapi: 3.0.3\ninfo: {title: B, version: '1'}\npaths:\n  /a:\n    get:\n      x-sdk-skp: true\n",
            "boats: GET /a: x-sdk-skp is not known; did you mean 'x-sdk-skip'? there is x-sdk-pagination, x-sdk-skip, "
            "x-sdk-stream (boats.yaml, line 6)",
        ),
    ],
)
def test_a_document_that_cannot_be_read_exits_1_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, complaint: str
) -> None:
    assert main(["--spec", str(own_document(tmp_path, text)), "--out", str(tmp_path / "out")]) == 1
    assert complaint in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_every_language_has_a_client_of_ones_own_document(tmp_path: Path) -> None:
    markers = {"python": "src/weather_client/_client.py", "typescript": "src/client.ts"}
    assert set(markers) == set(LANGUAGES)
    for name, marker in markers.items():
        words = ["--spec", str(own_document(tmp_path)), "--out", str(tmp_path / name), "--lang", name]
        assert main([*words, "--check"]) == 1
        assert main(words) == 0 == main([*words, "--check"])
        assert "Weather" in (tmp_path / name / marker).read_text()
