"""What holds for every pair of formats: the tables, the vendors' documents, the page."""

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from codegen.translations import page
from tests.dialects.oracles import MISSING, PRESENT, assert_fits, paths
from tests.dialects.paths import values_at, without
from tollhouse.dialects.sieve import steps
from tollhouse.dialects.translation import ANNOUNCED_MAX, DROPPED, MAPPED, REFUSED, Field, Translation, announced
from tollhouse.dialects.translations import TRANSLATIONS
from tollhouse.errors import InvalidRequest

PAIRS = [pytest.param(each, id=f"{each.client}_on_{each.upstream}") for each in TRANSLATIONS.values()]
every_pair = pytest.mark.parametrize("translation", PAIRS)


def rows(what: str, *treatments: str) -> list[Any]:
    """One case for each row of all the tables of `request_fields` or `answer_fields`."""
    return [
        pytest.param(each, field, id=f"{each.client}_on_{each.upstream}-{field.path}")
        for each in TRANSLATIONS.values()
        for field in getattr(each, what)
        if field.treatment in treatments
    ]


def answered(translation: Translation, answer: Mapping[str, Any]) -> dict[str, Any]:
    return translation.answer(answer, {}, created_s=7)


@pytest.mark.parametrize(("translation", "field"), rows("request_fields", MAPPED))
def test_a_mapped_field_of_a_request_arrives(translation: Translation, field: Field) -> None:
    translated = translation.request(field.example)
    assert field.path not in translated.dropped
    assert_fits(translation.upstream, "request", translated.body)
    if field.becomes:
        arrived = values_at(translated.body, field.becomes)
        assert arrived, translated.body
        assert arrived != _values_without(translation, field), "it is there without the field too"
        if not field.note and not isinstance(arrived[0], dict | list):
            assert arrived[-1] == values_at(field.example, field.path)[-1]


def _values_without(translation: Translation, field: Field) -> list[Any]:
    try:
        return values_at(translation.request(without(field.example, field.path)).body, field.becomes)
    except InvalidRequest:
        return []  # it cannot be left out


@pytest.mark.parametrize(("translation", "field"), rows("request_fields", DROPPED))
def test_a_dropped_field_of_a_request_is_announced(translation: Translation, field: Field) -> None:
    translated = translation.request(field.example)
    assert field.path in translated.dropped
    assert translated.dropped == tuple(sorted(set(translated.dropped)))
    plain = translation.request(without(field.example, field.path))
    assert field.path not in plain.dropped
    assert translated.body == plain.body
    assert_fits(translation.upstream, "request", translated.body)


@pytest.mark.parametrize(("translation", "field"), rows("request_fields", REFUSED))
def test_a_refused_field_of_a_request_is_named_with_what_to_do(translation: Translation, field: Field) -> None:
    with pytest.raises(InvalidRequest) as refused:
        translation.request(field.example)
    assert refused.value.param == field.path
    assert f"`{field.path}`" in refused.value.message and field.note in refused.value.message
    assert field.note.endswith("."), "the note is the end of the message"


@pytest.mark.parametrize(("translation", "field"), rows("request_fields", DROPPED, REFUSED))
def test_null_and_neutral_values_are_as_good_as_absent(translation: Translation, field: Field) -> None:
    plain = without(field.example, field.path)
    *way, (what, name) = list(steps(field.path))
    if what == "kind":
        return
    for value in (None, *field.neutral):
        body = without(field.example, field.path)
        parents = [body]
        for step in way:
            parents = [inner for parent in parents for inner in values_at(parent, _spelled(step))]
        for parent in parents:
            parent[name] = value
        if field.treatment == REFUSED and len(way) > 0 and value is None:
            continue  # what is left of an example without its one field is no body
        assert translation.request(body) == translation.request(plain), value


def _spelled(step: tuple[str, str]) -> str:
    return step[1] if step[0] == "name" else f"[{step[1]}]"


@pytest.mark.parametrize(("translation", "field"), rows("answer_fields", MAPPED))
def test_a_mapped_field_of_an_answer_arrives(translation: Translation, field: Field) -> None:
    translated = answered(translation, field.example)
    assert_fits(translation.client, "answer", translated)
    if field.becomes:
        arrived = values_at(translated, field.becomes)
        assert arrived, translated
        try:
            plain = values_at(answered(translation, without(field.example, field.path)), field.becomes)
        except ValueError:
            plain = []  # it cannot be left out
        assert arrived != plain, "it is there without the field too"
        if not field.note and not isinstance(arrived[0], dict | list):
            assert arrived[-1] == values_at(field.example, field.path)[-1]


@pytest.mark.parametrize(("translation", "field"), rows("answer_fields", DROPPED))
def test_a_dropped_field_of_an_answer_changes_nothing(translation: Translation, field: Field) -> None:
    translated = answered(translation, field.example)
    assert translated == answered(translation, without(field.example, field.path))
    assert_fits(translation.client, "answer", translated)


@pytest.mark.parametrize(
    ("translation", "field"), rows("request_fields", MAPPED, DROPPED, REFUSED) + rows("answer_fields", MAPPED, DROPPED)
)
def test_an_example_has_its_field(translation: Translation, field: Field) -> None:
    assert values_at(field.example, field.path)
    assert field.note or field.treatment == MAPPED, "say why"


@every_pair
@pytest.mark.parametrize("what", ["request_fields", "answer_fields"])
def test_a_field_has_one_row(translation: Translation, what: str) -> None:
    named = [field.path for field in getattr(translation, what)]
    assert sorted(named) == sorted(set(named))


@every_pair
@pytest.mark.skipif(not PRESENT, reason=MISSING)
def test_every_field_that_the_vendors_name_has_a_row(translation: Translation) -> None:
    assert list(missing(paths(translation.client, "request"), translation.request_fields)) == []
    assert list(missing(paths(translation.upstream, "answer"), translation.answer_fields)) == []


def missing(named: set[str], fields: tuple[Field, ...]) -> Iterator[str]:
    by_path = {field.path: field for field in fields}
    for path in sorted(named):
        if not any(spelling in by_path for spelling in spellings(path)) and not inside(path, by_path):
            yield path


def spellings(path: str) -> list[str]:
    """A path, and the same with any of its types left open."""
    pieces = re.split(r"(\[\w+\])", path)
    options = [(piece, "[]") if piece.startswith("[") and piece != "[]" else (piece,) for piece in pieces]
    return ["".join(choice) for choice in itertools.product(*options)]


def inside(path: str, by_path: Mapping[str, Field]) -> bool:
    """Whether a field is in one that goes away, or passes, with all that is in it."""
    for end in range(1, len(path)):
        if path[end] in ".[":
            for spelling in spellings(path[:end]):
                field = by_path.get(spelling)
                if field is not None and (field.treatment != MAPPED or field.whole):
                    return True
    return False


def test_the_check_for_missing_rows_sees_them() -> None:
    fields = (
        Field("a", MAPPED, {}),
        Field("a[x]", MAPPED, {}),
        Field("a[].c", DROPPED, {}),
        Field("w", MAPPED, {}, whole=True),
    )
    named = {"a", "a[x]", "a[x].b", "a[x].c", "a[x].c.d", "a[y]", "e", "w.f"}
    assert list(missing(named, fields)) == ["a[x].b", "a[y]", "e"]


@every_pair
def test_a_field_that_nobody_knows_is_dropped_and_announced(translation: Translation) -> None:
    example = translation.request_fields[0].example
    plain = translation.request(example)
    translated = translation.request({**example, "brand_new": {"a": 1}, "nothing": None})
    assert translated.body == plain.body
    assert set(translated.dropped) == {*plain.dropped, "brand_new"}


def test_the_page_is_what_the_tables_say(pytestconfig: pytest.Config) -> None:
    written = (pytestconfig.rootpath / "docs" / "translation.md").read_text()
    assert written == page(TRANSLATIONS), "docs/translation.md is of yesterday: run `make generate`"


def test_many_dropped_fields_are_announced_by_the_first_and_their_number() -> None:
    names = tuple(f"field_{number:02}" for number in range(ANNOUNCED_MAX + 1))
    assert announced(names[:2]) == "field_00, field_01"
    assert announced(names[:-1]) == ", ".join(names[:-1])
    assert announced(names) == ", ".join([*names[:-1], "and 1 more"])
