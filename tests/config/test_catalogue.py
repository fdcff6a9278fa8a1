import hashlib
import json
from pathlib import Path

import pytest

from tests.config.files import CATALOGUE, findings, loaded
from tollhouse.config.snapshot import Catalogue, CatalogueModel, Prices

REQUEST = 'USD for one answer as a decimal string from "0" up, such as "0.04", with at most four digits before and nine after the point'
PRICE = (
    'USD per million tokens as a decimal string from "0" up, such as "2.50", with at most nine digits before and after '
    "the point"
)
KINDS = "accepted: chat, completion, embedding, moderation, image, audio, rerank"


def catalogue(directory: Path, text: str) -> Catalogue:
    return loaded(directory, catalogue=text).config.catalogue


def test_every_key_arrives(tmp_path: Path) -> None:
    entry = {
        "input_usd_per_mtok": "2.50", "output_usd_per_mtok": "10.00", "cache_read_usd_per_mtok": "1.25",
        "cache_write_5m_usd_per_mtok": "0", "cache_write_1h_usd_per_mtok": "0.000000001", "multiplier": "1.2",
        "context_tokens": 128000, "max_output_tokens": 16384, "owned_by": "openai", "display_name": "GPT-4o",
        "description": "d", "author": "a", "blockchain": "b", "tags": ["t"], "huggingFaceId": "h", "kind": "chat",
        "request_usd": "0.04",
        "prices_from": [{"effective": "2027-01-01", "input_usd_per_mtok": "2.00", "request_usd": "0.03"}],
    }  # fmt: skip
    model = catalogue(tmp_path, json.dumps({"version": 1, "models": {"gpt-4o": entry}})).models["gpt-4o"]
    first = Prices(2_500_000_000, 10_000_000_000, 1_250_000_000, 0, 1, 40_000_000)
    later = Prices(2_000_000_000, 10_000_000_000, 1_250_000_000, 0, 1, 30_000_000)
    assert model == CatalogueModel(
        id="gpt-4o", kind="chat", prices=(("", first), ("2027-01-01", later)), multiplier_ppm=1_200_000,
        context_tokens=128000, max_output_tokens=16384, owned_by="openai", display_name="GPT-4o", description="d",
        author="a", blockchain="b", tags=("t",), hugging_face_id="h",
    )  # fmt: skip
    assert model.prices_on("2026-12-31") == first
    assert model.prices_on("2027-01-01") == later


def test_an_answer_has_a_price_of_its_own_only_where_one_is_given(tmp_path: Path) -> None:
    for given, expected in (("", None), (', "request_usd": "0"', 0)):
        text = CATALOGUE.replace('"10.00"', f'"10.00"{given}')
        assert catalogue(tmp_path, text).models["gpt-4o"].prices[0][1].request == expected


@pytest.mark.parametrize("kind", ["image", "audio", "rerank"])
def test_a_model_that_could_not_be_charged_for_is_a_warning(tmp_path: Path, kind: str) -> None:
    for prices, warned in (
        ('"input_usd_per_mtok": "0", "output_usd_per_mtok": "0"', True),
        ('"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "request_usd": "0"', False),
        ('"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "request_usd": "0.04"', False),
        ('"input_usd_per_mtok": "1", "output_usd_per_mtok": "0"', False),
    ):
        text = f'{{"version": 1, "models": {{"gpt-4o": {{"kind": "{kind}", {prices}}}}}}}'
        found = [str(each) for each in loaded(tmp_path, catalogue=text).warnings if "request_usd" in str(each)]
        assert bool(found) == warned, found


def test_a_cache_price_that_is_left_out_is_unknown_not_zero(tmp_path: Path) -> None:
    prices = catalogue(tmp_path, CATALOGUE).models["gpt-4o"].prices[0][1]
    assert prices == Prices(input=2_500_000_000, output=10_000_000_000, cache_read=None)


def test_the_version_is_the_hash_of_the_models_alone(tmp_path: Path) -> None:
    first = catalogue(tmp_path, CATALOGUE)
    reordered = catalogue(
        tmp_path,
        '{"$comment": "same", "models": {"gpt-4o":\n {"output_usd_per_mtok": "10.00", "input_usd_per_mtok": "2.50"}},'
        ' "version": 1}',
    )
    other = catalogue(tmp_path, CATALOGUE.replace("2.50", "2.51"))
    assert first.version == reordered.version != other.version
    assert first.canonical_json == '{"gpt-4o":{"input_usd_per_mtok":"2.50","output_usd_per_mtok":"10.00"}}'
    assert first.version == "sha256:" + hashlib.sha256(first.canonical_json.encode()).hexdigest()


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('"2.50"', "2.50", 'input_usd_per_mtok: must be text, not the number 2.5; write it as a string: "2.50"'),
        ('"2.50"', "2", 'input_usd_per_mtok: must be text, not the number 2; write it as a string: "2"'),
        ('"2.50"', '"-2.50"', f'input_usd_per_mtok: "-2.50" cannot be used; {PRICE}'),
        ('"2.50"', '"2.5e0"', f'input_usd_per_mtok: "2.5e0" cannot be used; {PRICE}'),
        ('"10.00"', '"10.00", "request_usd": "10000"', f'request_usd: "10000" cannot be used; {REQUEST}'),
        (
            '"10.00"',
            '"10.00", "request_usd": 0.04',
            'request_usd: must be text, not the number 0.04; write it as a string: "0.04"',
        ),
        ('"2.50"', '"0.0000000001"', f'input_usd_per_mtok: "0.0000000001" cannot be used; {PRICE}'),
        (', "output_usd_per_mtok": "10.00"', "", f"output_usd_per_mtok: is missing; {PRICE}"),
        ('"10.00"', '"10.00", "kind": "Chats"', f'kind: "Chats" is not known here; {KINDS}; did you mean "chat"?'),
        (
            '"10.00"',
            '"10.00", "context_tokens": 0',
            "context_tokens: 0 is out of range; accepted: from 1, up to 1000000000",
        ),
        (
            '"10.00"',
            '"10.00", "context_tokens": "8k"',
            'context_tokens: must be a whole number or null, not the text "8k"; write it without quotes, in plain digits',
        ),
        (
            '"10.00"',
            '"10.00", "prices_from": [{"effective": "2027-02-30", "input_usd_per_mtok": "1"}]',
            'prices_from[0].effective: "2027-02-30" is not a day of the calendar; write an ISO date such as 2027-01-01',
        ),
        (
            '"10.00"',
            '"10.00", "prices_from": [{"effective": "1.1.2027", "input_usd_per_mtok": "1"}]',
            'prices_from[0].effective: "1.1.2027" cannot be used; an ISO date such as 2027-01-01',
        ),
        (
            '"10.00"',
            '"10.00", "prices_from": [{"effective": "2027-01-01"}]',
            "prices_from[0]: needs at least 2 entries; Prices in force from the start of a UTC day.",
        ),
        (
            '"10.00"',
            '"10.00", "prices_from": [{"effective": "2027-01-02", "input_usd_per_mtok": "1"},'
            ' {"effective": "2027-01-01", "input_usd_per_mtok": "2"}]',
            'prices_from[1].effective: "2027-01-01" does not come after "2027-01-02"; '
            "list the dates in ascending order, each once",
        ),
    ],
)
def test_a_bad_entry_is_one_finding(tmp_path: Path, old: str, new: str, finding: str) -> None:
    assert findings(tmp_path, catalogue=CATALOGUE.replace(old, new)) == [
        f"model_catalog.json:3: models.gpt-4o.{finding}"
    ]


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, catalogue=CATALOGUE.replace("}\n }}", ',\n   "kimd": "chat"}\n }}'))
    assert finding.startswith("model_catalog.json:4: models.gpt-4o.kimd: unknown key; accepted: $comment, kind, ")
    assert finding.endswith('; did you mean "kind"?')
