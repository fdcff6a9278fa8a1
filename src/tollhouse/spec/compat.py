"""Compares two schemas in one direction and says what changed, by class and place.

Sound by design: when nothing worse than `compatible` comes out, what the old schema took as a request the new one takes, and what
the new one sends as a response the old one allowed (a property test samples this). What cannot be decided is said to be so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tollhouse.spec.bundling import Spec, pointer
from tollhouse.spec.classes import Direction, severity
from tollhouse.spec.facets import Change, facets
from tollhouse.spec.reading import Path
from tollhouse.spec.shapes import (
    ANYTHING,
    TYPES,
    Schema,
    Shape,
    Undecided,
    constants,
    has_overlapping_one_of,
    json_text,
    shapes,
    written_out,
)


@dataclass(slots=True)
class Comparison:
    """The comparison of two documents' schemas in one direction."""

    old: Spec
    new: Spec
    direction: Direction
    _open: set[tuple[Schema, Schema]] = field(default_factory=set)

    def compare(self, old: Schema, new: Schema, where: str = "", *, events: bool = False) -> list[Change]:
        """All changes between two schemas, each once. `events`: the alternatives are the events of a stream."""
        if (old, new) in self._open:  # we are inside this comparison already: the document refers to itself
            return []
        self._open.add((old, new))
        try:
            found = list(self._schemas(old, new, where, events))
        except Undecided as reason:
            same = _text(self.old, old) == _text(self.new, new)
            found = [] if same else [Change("undecided", where, f"cannot be compared: {reason}", _one(old), _one(new))]
        finally:
            self._open.discard((old, new))
        return list({(change.name, change.where, change.message): change for change in found}.values())

    def _schemas(self, old: Schema, new: Schema, where: str, events: bool) -> Iterator[Change]:
        olds, news = shapes(self.old, old), shapes(self.new, new)
        before, after = _types_of(olds), _types_of(news)
        yield from self._types(before, after, where, _one(old), _one(new))
        for kind in TYPES:
            if kind in before & after:
                yield from self._alternatives(
                    kind, [each for each in olds if kind in each.types], [each for each in news if kind in each.types],
                    where, events,
                )  # fmt: skip
        yield from self._one_of(old, new, where)

    def _types(
        self, before: frozenset[str], after: frozenset[str], where: str, old: Path, new: Path
    ) -> Iterator[Change]:
        lost, won = before - after, after - before
        for types, null, name in ((lost, "null-removed", "type-narrowed"), (won, "null-added", "type-widened")):
            if "null" in types:
                yield Change(null, where, f"null is {'not ' if types is lost else ''}allowed", old, new)
            if types - {"null"}:
                yield Change(name, where, f"the type was {_names(before)}, now {_names(after)}", old, new)

    def _one_of(self, old: Schema, new: Schema, where: str) -> Iterator[Change]:
        """`oneOf` refuses what fits two alternatives, which the union of alternatives does not show."""
        if _text(self.old, old) == _text(self.new, new):
            return
        spec, schema = (self.new, new) if self.direction == "request" else (self.old, old)
        if has_overlapping_one_of(spec, schema):
            reason = "one value may fit several alternatives of `oneOf`; use anyOf, or tell them apart by a required constant"
            yield Change("undecided", where, reason, _one(old), _one(new))

    def _alternatives(
        self, kind: str, olds: list[Shape], news: list[Shape], where: str, events: bool
    ) -> Iterator[Change]:
        """Of one type: like with like, then what is left over on either side."""
        pairs, gone, come = self._paired(olds, news)
        for old, new in pairs:
            changes = list(self._shapes(kind, old, new, where))
            if any(not self._is_harmless(change) for change in changes) and self._is_covered(
                kind, old, new, olds, news, where
            ):
                changes = [change for change in changes if self._is_harmless(change)]
            yield from changes
        several = len(olds) > 1 or len(news) > 1
        for old in gone:
            label, place = self._label(self.old, old), _one(old.schema)
            if events:
                yield Change("event-removed", where, f"the event {label} is gone", place, (), label)
            elif several and not self._is_taken(kind, old, news, where):
                yield Change("alternative-removed", where, f"the alternative {label} is gone", place, (), label)
        for new in come:
            label, place = self._label(self.new, new), _one(new.schema)
            if events:
                yield Change("event-added", where, f"there is another event: {label}", (), place, label)
            elif several and not self._is_allowed(kind, new, olds, where):
                yield Change("alternative-added", where, f"there is another alternative: {label}", (), place, label)

    def _is_covered(self, kind: str, old: Shape, new: Shape, olds: list[Shape], news: list[Shape], where: str) -> bool:
        if self.direction == "request":
            return self._is_taken(kind, old, news, where)
        return self._is_allowed(kind, new, olds, where)

    def _is_taken(self, kind: str, old: Shape, news: list[Shape], where: str) -> bool:
        """Whether a request of this shape fits one of the new shapes whole."""
        return self.direction == "request" and any(
            all(self._is_harmless(change) for change in self._shapes(kind, old, new, where)) for new in news
        )

    def _is_allowed(self, kind: str, new: Shape, olds: list[Shape], where: str) -> bool:
        """Whether a response of this shape is one that the old document allowed."""
        return self.direction == "response" and any(
            all(self._is_harmless(change) for change in self._shapes(kind, old, new, where)) for old in olds
        )

    def _is_harmless(self, change: Change) -> bool:
        return severity(change.name, self.direction) == "compatible"

    def _paired(
        self, olds: list[Shape], news: list[Shape]
    ) -> tuple[list[tuple[Shape, Shape]], list[Shape], list[Shape]]:
        """Shapes of one type by component or constants; of what is left, one on each side are taken for the same."""
        pairs: list[tuple[Shape, Shape]] = []
        gone, come = list(olds), list(news)
        tests: tuple[Callable[[Shape, Shape], bool], ...] = (
            lambda old, new: self._label(self.old, old) == self._label(self.new, new),
            lambda old, new: old.schema == new.schema,
            lambda _old, _new: len(gone) == len(come) == 1,
        )
        for alike in tests:
            for old in list(gone):
                match = next((new for new in come if alike(old, new)), None)
                if match is not None:
                    pairs.append((old, match))
                    gone.remove(old)
                    come.remove(match)
        return pairs, gone, come

    def _label(self, spec: Spec, shape: Shape) -> str:
        """What tells a shape from its siblings: the constants of its required properties, its component, else its types."""
        try:
            fixed = {name: constants(spec, shape, name) for name in sorted(shape.required) if name in shape.properties}
        except Undecided:
            fixed = {}
        named = [f"{name}: {'|'.join(sorted(values))}" for name, values in fixed.items() if values]
        if named:
            return ", ".join(named)
        components = sorted(
            str(path[2]) for path in shape.schema if path[:2] == ("components", "schemas") and len(path) == 3
        )
        return " & ".join(components) or _names(shape.types)

    def _shapes(self, kind: str, old: Shape, new: Shape, where: str) -> Iterator[Change]:
        places = _one(old.schema), _one(new.schema)
        yield from facets(kind, old, new, where, places)
        if kind == "array" and (old.items or new.items):
            yield from self.compare(old.items, new.items, f"{where}[]")
        if kind == "object":
            yield from self._objects(old, new, where, places)

    def _objects(self, old: Shape, new: Shape, where: str, places: tuple[Path, Path]) -> Iterator[Change]:
        for name in sorted(new.required - old.required):
            after = _property(new, name, places[1])
            yield Change(
                "property-newly-required", _field(where, name), "it has to be there now", places[0], after, name
            )
        for name in sorted(old.required - new.required):
            if name in new.properties or name not in old.properties:
                before, after = _property(old, name, places[0]), _property(new, name, places[1])
                yield Change("property-no-longer-required", _field(where, name), "it may be absent now", before, after)
        for name in sorted({*old.properties, *new.properties}):
            yield from self._property(name, old, new, _field(where, name), places)
        if old.extra != ANYTHING or new.extra != ANYTHING:
            yield from self._extra(old, new, where, places)

    def _property(self, name: str, old: Shape, new: Shape, where: str, places: tuple[Path, Path]) -> Iterator[Change]:
        before, after = _property(old, name, places[0]), _property(new, name, places[1])
        if name in old.properties and name in new.properties:
            yield from self.compare(old.properties[name], new.properties[name], where)
        elif name in old.properties:
            if self.direction == "request" and not new.closed and new.extra == ANYTHING:
                yield Change("property-ignored", where, "it is still taken, but not described any more", before, after)
            elif self._can_be(self.old, old.properties[name]):
                yield Change("property-removed", where, "it is gone", before, after)
        elif old.closed:
            if self._can_be(self.new, new.properties[name]):
                yield Change("property-added-to-closed", where, "it is new", before, after)
        elif self.direction == "request" and old.says_extra:
            yield Change("property-newly-described", where, "it could be anything before", before, after)
        elif self.direction == "response" and old.extra != ANYTHING:
            yield from self.compare(old.extra, new.properties[name], where)
        else:
            yield Change("property-added", where, "it is new", before, after)

    def _extra(self, old: Shape, new: Shape, where: str, places: tuple[Path, Path]) -> Iterator[Change]:
        """What holds for properties without a description."""
        if new.closed and not old.closed:
            yield Change("extra-properties-refused", where, "fields that are not described are refused now", *places)
        elif old.closed and not new.closed:
            yield Change("extra-properties-taken", where, "fields that are not described may be there now", *places)
        elif not old.closed:
            yield from self.compare(old.extra, new.extra, f"{where}.*" if where else "*")

    def _can_be(self, spec: Spec, schema: Schema) -> bool:
        try:
            return bool(shapes(spec, schema))
        except Undecided:
            return True


def _types_of(found: list[Shape]) -> frozenset[str]:
    return frozenset(kind for shape in found for kind in shape.types)


def _names(types: frozenset[str]) -> str:
    """Types as OpenAPI names them: integers and other numbers together are `number`."""
    shown = types - {"integer"} if "number" in types else types
    return (
        "anything" if types == frozenset(TYPES) else " or ".join(kind for kind in TYPES if kind in shown) or "nothing"
    )


def _one(schema: Schema) -> Path:
    """The place to name for a schema: its shortest, which is the component or the part itself."""
    return min(schema, key=lambda path: (len(path), pointer(path)), default=())


def _property(shape: Shape, name: str, otherwise: Path) -> Path:
    return _one(shape.properties[name]) if name in shape.properties else otherwise


def _field(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _text(spec: Spec, schema: Schema) -> list[str]:
    """The whole text of a schema, references written out, to see whether anything changed at all."""
    return sorted(json_text(written_out(spec, spec.at(path))) for path in schema)
