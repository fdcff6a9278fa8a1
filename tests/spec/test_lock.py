"""Locks: what a consumer uses, as a document that changes are held against."""

from typing import Any

import pytest
import yaml

from tests.spec.things import document, spec
from tollhouse.contract.documents import document_names, documents_dir
from tollhouse.spec.bundling import Spec, bundle, from_value
from tollhouse.spec.diff import diff
from tollhouse.spec.lock import HEADER, lock, read_lock, write_lock
from tollhouse.spec.reading import SpecError
from tollhouse.spec.traffic import Exchange

USED = [Exchange("POST", "/things", 200, request={"name": "a"}, answers=[{"id": "1", "size": 1}])]


def locked(**options: Any) -> Spec:
    text = write_lock(lock(spec(), **options))
    return read_lock("contract.lock", lambda _: text)


def breaking(old: Spec, change: Any) -> list[str]:
    value = document()
    change(value["paths"])
    return [finding.code for finding in diff(old, from_value(value)) if finding.severity == "breaking"]


def test_a_lock_of_everything_equals_its_document() -> None:
    for name in document_names():
        whole = bundle(str(documents_dir() / f"{name}.yaml"))
        assert diff(from_value(lock(whole)), whole) == []


def test_a_lock_has_no_prose_and_is_sorted() -> None:
    text = write_lock(lock(spec()))
    assert text.startswith(HEADER) and "summary" not in text and "example" not in text
    paths = yaml.safe_load(text)["paths"]
    assert list(paths) == sorted(paths)
    assert write_lock(lock(spec())) == text


def test_a_consumer_notices_only_what_it_uses() -> None:
    lock_ = locked(exchanges=USED)
    assert set(lock_.value["paths"]) == {"/things"}

    def schema(paths: Any) -> Any:
        return paths["/things"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]["properties"]

    assert breaking(lock_, lambda paths: paths.pop("/things/{id}")) == []
    assert breaking(lock_, lambda paths: schema(paths).pop("name")) == []
    assert breaking(lock_, lambda paths: schema(paths).pop("size")) == ["property-removed"]
    assert breaking(lock_, lambda paths: paths.pop("/things")) == ["operation-removed"]


def test_a_field_that_becomes_required_breaks_those_who_do_not_send_it() -> None:
    def require_color(paths: Any) -> None:
        paths["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"]["required"].append("color")

    assert breaking(locked(exchanges=USED), require_color) == ["property-newly-required"]


def test_operations_are_chosen_by_name() -> None:
    assert set(locked(names=["get_thing"]).value["paths"]) == {"/things/{id}"}
    with pytest.raises(SpecError, match="no operation nothing; there are: create_thing, get_thing"):
        lock(spec(), ["nothing"])
    with pytest.raises(SpecError, match="nothing to lock"):
        lock(spec(), exchanges=[Exchange("GET", "/elsewhere", 200)])


def test_a_file_that_is_no_lock_is_refused() -> None:
    with pytest.raises(SpecError, match=r"not a contract\.lock"):
        read_lock("x.lock", lambda _: "[]")
