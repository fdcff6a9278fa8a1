"""`tollhouse spec` and the GitHub Action: formats, exit codes, exceptions, files."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import tollhouse
from tests.spec.things import KEY, document, serving
from tollhouse.spec.classes import CLASSES
from tollhouse.spec.lint import RULES

ROOT = Path(__file__).parents[1]
CREATED = {"method": "POST", "url": "/things", "status": 200, "request": {"name": "a"}, "response": {"id": "1"}}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """old.json, new.json without a field of responses, traffic.jsonl and an exceptions file that excuses nothing."""
    monkeypatch.chdir(tmp_path)
    old, new = document(), document()
    responses = new["paths"]["/things/{id}"]["get"]["responses"]
    responses["200"]["content"]["application/json"]["schema"] = {
        "type": "object",
        "properties": {"id": {"type": "string"}},
    }
    write("old.json", old)
    write("new.json", new)
    Path("traffic.jsonl").write_text(json.dumps(CREATED) + "\n")
    return tmp_path


def write(name: str, value: Any) -> None:
    Path(name).write_text(json.dumps(value, indent=1))


def test_lint_passes_a_good_document_and_fails_a_bad_one(files: Path) -> None:
    assert tollhouse("spec", "lint", "old.json").stdout == "nothing found\n"
    bad = document()
    del bad["paths"]["/things"]["post"]["operationId"]
    write("bad.json", bad)
    assert "TH001" in tollhouse("spec", "lint", "bad.json", code=1).stdout
    assert tollhouse("spec", "lint", "bad.json", "--format", "github", code=1).stdout.startswith(
        "::error file=bad.json,line="
    )


def test_rules_and_classes_are_printed() -> None:
    rules = tollhouse("spec", "lint", "--rules").stdout
    assert all(f"{rule.code}  {rule.severity}" in rules for rule in RULES)
    classes = tollhouse("spec", "diff", "--classes").stdout
    assert all(each.name in classes for each in CLASSES)


def test_diff_fails_on_what_breaks_and_names_it(files: Path) -> None:
    assert tollhouse("spec", "diff", "old.json", "old.json").exit_code == 0
    text = tollhouse("spec", "diff", "old.json", "new.json", code=1).stdout
    assert "property-removed" in text and "200.name: it is gone" in text and "get_thing" in text
    found = json.loads(tollhouse("spec", "diff", "old.json", "new.json", "--json", code=1).stdout)["findings"]
    assert {finding["file"] for finding in found} == {"new.json"}
    suite = ET.fromstring(tollhouse("spec", "diff", "old.json", "new.json", "--format", "junit", code=1).stdout)[0]
    assert suite.get("failures") == str(len(found))


def test_compatible_changes_are_shown_when_asked_for(files: Path) -> None:
    assert tollhouse("spec", "diff", "new.json", "old.json").stdout == "nothing found\n"
    assert "property-added" in tollhouse("spec", "diff", "new.json", "old.json", "--all").stdout


def test_risky_changes_fail_when_asked_to(files: Path) -> None:
    value = document()
    del value["paths"]["/things/{id}"]["get"]["responses"]["404"]
    write("fewer.json", value)
    assert "risky" in tollhouse("spec", "diff", "old.json", "fewer.json").stdout
    tollhouse("spec", "diff", "old.json", "fewer.json", "--fail-on", "risky", code=1)


def test_exceptions_excuse_until_their_day(files: Path) -> None:
    found = json.loads(tollhouse("spec", "diff", "old.json", "new.json", "--json", code=1).stdout)["findings"]
    for until, code in (("2999-01-01", 0), ("2020-01-01", 1)):
        write("known.json", {"exceptions": [{"id": each["id"], "until": until, "reason": "planned"} for each in found]})
        result = tollhouse("spec", "diff", "old.json", "new.json", "--exceptions", "known.json", code=code)
        assert ("Excused" in result.stderr) == (code == 0)
        assert ("its exception ended" in result.stdout) == (code == 1)


@pytest.mark.parametrize(
    "words",
    [
        ("lint",), ("lint", "none.json"), ("diff", "old.json"), ("diff", "old.json", "none.json"),
        ("diff", "old.json", "new.json", "--exceptions", "traffic.jsonl"), ("diff", "git:HEAD", "old.json"), ("bundle", "none.json"),
        ("lock", "--spec", "old.json", "--operations", "nothing"), ("check-lock", "none.lock", "--spec", "old.json"),
        ("coverage", "--spec", "old.json"), ("coverage", "--spec", "old.json", "--recorded", "old.json"), ("lint", "old.json", "--format", "x"),
    ],
)  # fmt: skip
def test_wrong_usage_and_unreadable_files_exit_with_2(files: Path, words: tuple[str, ...]) -> None:
    assert tollhouse("spec", *words, code=2).stderr


def test_a_lock_from_traffic_is_checked_where_the_provider_changes(files: Path) -> None:
    tollhouse("spec", "lock", "--spec", "old.json", "--recorded", "traffic.jsonl", "-o", "contract.lock")
    assert list(yaml.safe_load(Path("contract.lock").read_text())["paths"]) == ["/things"]
    tollhouse("spec", "check-lock", "contract.lock", "--spec", "new.json")  # get_thing is not used
    assert tollhouse("spec", "diff", "old.json", "new.json", "--lock", "contract.lock").stdout == "nothing found\n"
    gone = document()
    del gone["paths"]["/things"]
    write("gone.json", gone)
    assert "operation-removed" in tollhouse("spec", "check-lock", "contract.lock", "--spec", "gone.json", code=1).stdout
    assert (
        "operation-removed"
        in tollhouse("spec", "diff", "old.json", "gone.json", "--lock", "contract.lock", code=1).stdout
    )


def test_a_comparison_for_a_lock_names_only_the_operations_in_it(files: Path) -> None:
    old, new = document(), document()
    for value, kind in ((old, "string"), (new, "integer")):
        value["components"] = {"schemas": {"Shared": {"type": "object", "properties": {"id": {"type": kind}}}}}
        for path, method in (("/things", "post"), ("/things/{id}", "get")):
            answer = value["paths"][path][method]["responses"]["200"]["content"]["application/json"]
            answer["schema"] = {"$ref": "#/components/schemas/Shared"}
    write("old.json", old)
    write("new.json", new)
    tollhouse("spec", "lock", "--spec", "old.json", "--operations", "get_thing", "-o", "c.lock")
    assert "create_thing and 1 more" in tollhouse("spec", "diff", "old.json", "new.json", code=1).stdout
    text = tollhouse("spec", "diff", "old.json", "new.json", "--lock", "c.lock", code=1).stdout
    assert "get_thing" in text and "more" not in text and "create_thing" not in text


def test_bundle_prints_the_same_document_every_time(files: Path) -> None:
    printed = tollhouse("spec", "bundle", "old.json").stdout
    assert json.loads(printed) == document()
    tollhouse("spec", "bundle", "old.json", "-o", "out.json")
    assert Path("out.json").read_text() == printed


def test_coverage_of_traffic_of_a_server_and_of_a_vendor(files: Path) -> None:
    text = tollhouse("spec", "coverage", "--spec", "old.json", "--recorded", "traffic.jsonl").stdout
    assert "create_thing      1  1/3" in text and "of statuses and fields were seen" in text
    tollhouse("spec", "coverage", "--spec", "old.json", "--recorded", "traffic.jsonl", "--min", "90", code=1)
    with serving() as url:
        words = ("spec", "coverage", "--spec", "old.json", "--against", url, "--key", KEY, "--json")
        report = json.loads(tollhouse(*words).stdout)
    assert report["operations"][0]["unseen_fields"] == ["request.color", "response.size"]
    lacking = tollhouse("spec", "coverage", "--spec", "new.json", "--vendor", "old.json", "--json").stdout
    assert json.loads(lacking)["get_thing"] == ["response.name", "response.size"]


def test_baseline_writes_additions_and_refuses_breaking_changes(files: Path) -> None:
    Path("one.json").write_text(Path("old.json").read_text())
    words = ("spec", "baseline", "one.json", "--dir", "locks")
    assert "make generate" in tollhouse(*words, "--check", code=1).stderr
    tollhouse(*words)
    tollhouse(*words, "--check")
    Path("one.json").write_text(Path("new.json").read_text())
    assert "200.name: it is gone" in tollhouse(*words, code=1).stdout
    tollhouse(*words, "--check", code=1)


ACTION: Any = yaml.safe_load((ROOT / "actions" / "contract" / "action.yml").read_text())


def test_the_action_is_composite_and_its_inputs_are_described() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all(each["description"] for each in ACTION["inputs"].values())
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash" and "${{" not in step["run"], "inputs reach the shell as variables only"
        used = set(re.findall(r"inputs\.([\w-]+)", json.dumps(step)))
        assert used <= set(ACTION["inputs"])


def step(name: str, tmp_path: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the action as GitHub would, with this checkout's tollhouse."""
    program = tmp_path / "bin" / "tollhouse"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -W ignore -m tollhouse "$@"\n')
    program.chmod(0o755)
    (found,) = [each for each in ACTION["runs"]["steps"] if each["name"] == name]
    values = {key: str(each.get("default", "")) for key, each in ACTION["inputs"].items()} | inputs
    given = {
        key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: values[match[1]], text)
        for key, text in found["env"].items()
    }
    environ = {**os.environ, **given, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "src")}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)


def test_the_steps_of_the_action_do_what_they_say(files: Path) -> None:
    tollhouse("spec", "lock", "--spec", "old.json", "--operations", "get_thing", "-o", "web.lock")
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"],
    ):
        subprocess.run(["git", *command], check=True)
    assert step("Lint", files, spec="old.json").returncode == 0
    assert step("Breaking changes", files, spec="old.json", base="HEAD").returncode == 0
    assert step("Consumers", files, spec="old.json", locks="web.lock").returncode == 0
    Path("old.json").write_text(Path("new.json").read_text())
    broken = step("Breaking changes", files, spec="old.json", base="HEAD")
    assert broken.returncode == 1, broken.stderr
    assert broken.stdout.startswith("::error file=old.json,line=")
    assert step("Consumers", files, spec="old.json", locks="web.lock").returncode == 1
