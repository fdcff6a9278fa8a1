"""`model_catalog.json` as a Catalogue: facts, prices and the version that charges pin."""

import datetime
import hashlib
import json
from types import MappingProxyType

from tollhouse.config.decimals import parse_multiplier, parse_usd
from tollhouse.config.document import Node
from tollhouse.config.snapshot import PPM, Catalogue, CatalogueModel, Prices

KINDS_WITHOUT_TOKENS = ("image", "audio", "rerank")  # whose providers report none, or not always
_NOTHING = Prices(input=0, output=0)


def build_catalogue(root: Node) -> Catalogue:
    """The catalogue, as far as the document allows; findings go into the document."""
    models = root.child("models")
    canonical_json = json.dumps(models.value, sort_keys=True, separators=(",", ":"))
    return Catalogue(
        version=f"sha256:{hashlib.sha256(canonical_json.encode()).hexdigest()}",
        models=MappingProxyType({model_id: _model(model_id, node) for model_id, node in models.children()}),
        canonical_json=canonical_json,
    )


def _model(model_id: str, node: Node) -> CatalogueModel:
    kind, prices = node.get("kind", str, "chat"), _prices(node)
    if kind in KINDS_WITHOUT_TOKENS and any(priced == _NOTHING for _, priced in prices):
        node.warn("has no price: calls for it will be refused with 400", 'set `request_usd`, "0" where it is free')
    return CatalogueModel(
        id=model_id,
        kind=kind,
        prices=prices,
        multiplier_ppm=node.parsed("multiplier", parse_multiplier, PPM),
        context_tokens=node.integer("context_tokens", None),
        max_output_tokens=node.integer("max_output_tokens", None),
        owned_by=node.get("owned_by", str, "tollhouse"),
        display_name=node.get("display_name", str, None),
        description=node.get("description", str, None),
        author=node.get("author", str, None),
        blockchain=node.get("blockchain", str, None),
        tags=node.texts("tags"),
        hugging_face_id=node.get("huggingFaceId", str, None),
    )


def _prices(node: Node) -> tuple[tuple[str, Prices], ...]:
    """The prices from the beginning (dated "") and each later change; what a change leaves out stays as it was."""
    current = _changed(_NOTHING, node)
    prices = [("", current)]
    for change in node.child("prices_from").items():
        effective = change.get("effective", str, "")
        _check_date(change, effective, prices[-1][0])
        current = _changed(current, change)
        prices.append((effective, current))
    return tuple(prices)


def _changed(before: Prices, node: Node) -> Prices:
    return Prices(
        input=node.parsed("input_usd_per_mtok", parse_usd, before.input),
        output=node.parsed("output_usd_per_mtok", parse_usd, before.output),
        cache_read=node.parsed("cache_read_usd_per_mtok", parse_usd, before.cache_read),
        cache_write_5m=node.parsed("cache_write_5m_usd_per_mtok", parse_usd, before.cache_write_5m),
        cache_write_1h=node.parsed("cache_write_1h_usd_per_mtok", parse_usd, before.cache_write_1h),
        request=node.parsed("request_usd", parse_usd, before.request),
    )


def _check_date(change: Node, effective: str, before: str) -> None:
    here = change.child("effective")
    try:
        datetime.date.fromisoformat(effective)
    except ValueError:
        if len(effective) == len("2027-01-01"):  # the schema has reported any other shape
            here.error(f'"{effective}" is not a day of the calendar', "write an ISO date such as 2027-01-01")
        return
    if effective <= before:
        here.error(f'"{effective}" does not come after "{before}"', "list the dates in ascending order, each once")
