"""What traffic shows of a document, and what a vendor's has that ours does not name."""

from tests.spec.things import spec
from tollhouse.contract.documents import documents_dir
from tollhouse.spec.bundling import Spec, bundle, from_value
from tollhouse.spec.coverage import cover, missing
from tollhouse.spec.traffic import Exchange

CREATED = Exchange("POST", "/v1/things", 200, request={"name": "a", "stranger": 1}, answers=[{"id": "1", "size": 2}])


def test_statuses_and_fields_that_were_seen_are_counted() -> None:
    report = cover(spec(), [CREATED, Exchange("GET", "/things/1", 418), Exchange("PUT", "/nowhere", 200)])
    create, get = report.operations
    assert (create.operation, create.calls) == ("create_thing", 1)
    assert create.seen_statuses == {"200"} and create.statuses == {"200", "400", "401"}
    assert create.seen_fields == {"request.name", "response.id", "response.size"}
    assert create.as_dict()["unseen_fields"] == ["request.color", "request.stream", "response.name", "response.part"]
    assert create.undescribed == {"request.stranger"}
    assert get.undescribed == {"status 418"} and not get.seen_statuses
    assert report.unmatched == ["PUT /nowhere"]
    assert report.percent == 100 * 4 / 15


def test_events_are_counted_by_the_schema_of_the_stream() -> None:
    streamed = Exchange("POST", "/things", 200, media_type="text/event-stream", answers=[{"part": "a"}, {"part": "b"}])
    assert cover(spec(), [streamed]).operations[0].seen_fields == {"response.part"}


def test_a_document_without_anything_is_covered() -> None:
    assert cover(from_value({"openapi": "3.0.3", "paths": {}}), []).percent == 100


def test_fields_that_only_the_vendor_names_are_listed() -> None:
    theirs = spec().value
    theirs["paths"] = {f"/v1{url}": item for url, item in theirs["paths"].items()}
    theirs["paths"]["/v1/things"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"][
        "new"
    ] = {}
    assert missing(spec(), Spec("theirs", theirs)) == {"create_thing": ["request.new"], "get_thing": []}


def test_our_documents_name_what_they_name() -> None:
    ours = bundle(str(documents_dir() / "openai.yaml"))
    assert set(map(tuple, missing(ours, ours).values())) == {()}
