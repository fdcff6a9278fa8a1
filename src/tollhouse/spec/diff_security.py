"""What changed about credentials: each way to authenticate that was enough still has to be."""

from collections.abc import Iterator

from tollhouse.spec.bundling import Spec
from tollhouse.spec.facets import Change
from tollhouse.spec.operations import Operation, security_of
from tollhouse.spec.reading import Path


def security_changes(old: Spec, new: Spec, before: Operation, after: Operation) -> Iterator[Change]:
    """The changes of one operation's requirements, and of the schemes that both documents' requirements name."""
    was, now = security_of(old, before) or [{}], security_of(new, after) or [{}]
    paths = before.path, after.path
    for needed in was:
        if any(_suffices(needed, other) for other in now):
            continue
        same = next((other for other in now if set(other) == set(needed)), None)
        if not needed:
            yield Change("auth-added", "", f"credentials are needed now: {_ways(now)}", *paths)
        elif same is not None:
            scopes = sorted({scope for name in same for scope in same[name]} - {s for n in needed for s in needed[n]})
            yield Change(
                "scope-added", "", f"{_ways([needed])} needs {', '.join(scopes)} now", *paths, " ".join(scopes)
            )
        else:
            yield Change("auth-removed", "", f"{_ways([needed])} is not taken any more", *paths, _ways([needed]))
    for other in now:
        if {} not in was and not any(set(needed) == set(other) for needed in was):
            yield Change("auth-widened", "", f"{_ways([other])} is enough too", *paths, _ways([other]))
    yield from _schemes(
        old, new, {name for needed in was for name in needed} & {name for other in now for name in other}
    )


def _suffices(given: dict[str, list[str]], needed: dict[str, list[str]]) -> bool:
    return all(name in given and set(scopes) <= set(given[name]) for name, scopes in needed.items())


def _ways(requirements: list[dict[str, list[str]]]) -> str:
    return " or ".join(" with ".join(sorted(each)) or "nothing" for each in requirements)


def _schemes(old: Spec, new: Spec, names: set[str]) -> Iterator[Change]:
    for name in sorted(names):
        path = ("components", "securitySchemes", name)
        before, after = _scheme(old, path), _scheme(new, path)
        if before != after:
            yield Change("auth-changed", "", f"the security scheme {name} was {before}, now {after}", path, path)


def _scheme(spec: Spec, path: Path) -> str:
    """What of a security scheme a client depends on."""
    try:
        scheme = spec.at(spec.resolve(path))
    except (KeyError, TypeError):
        return "absent"
    kept = ("type", "in", "name", "scheme", "openIdConnectUrl")
    return " ".join(str(scheme[key]).lower() if key == "scheme" else str(scheme[key]) for key in kept if key in scheme)
