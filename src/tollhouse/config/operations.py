"""Which mount serves which path: no two may claim the same one, and no provider's name may hide one."""

import re
from collections.abc import Iterable, Mapping

from tollhouse.config.document import Node
from tollhouse.config.problems import accepted_fix
from tollhouse.config.snapshot import Listener, Mount
from tollhouse.generated.operations import OPERATIONS

# Per OpenAPI document (the file stem), its operations as (method, path template).
Operations = Mapping[str, Iterable[tuple[str, str]]]

_PARAMETER = re.compile(r"\{[^{}]*\}")


def check_mounts(routes: Node, listeners: Iterable[Listener], operations: Operations) -> None:
    """Every mounted document must exist, and on one listener each (method, path) belongs to one mount.

    A literal path beside a template that could match it is fine: the literal one wins.
    """
    for listener in listeners:
        claims: dict[tuple[str, str], int] = {}
        nodes = list(routes.child("listeners").child(listener.name).child("mounts").items())
        for index, (mount, node) in enumerate(zip(listener.mounts, nodes, strict=True)):
            if mount.document not in operations:
                _report_unknown(node, mount, operations)
                continue
            _check_public(node, mount)
            taken: dict[int, list[str]] = {}
            for method, path in sorted(operations[mount.document]):
                full_path = mount.at + path
                owner = claims.setdefault((method.upper(), _PARAMETER.sub("{}", full_path)), index)
                if owner != index:
                    taken.setdefault(owner, []).append(f"{method.upper()} {full_path}")
            for owner, paths in taken.items():
                _report_claimed(node, mount, paths, nodes[owner], listener.mounts[owner])


def _check_public(node: Node, mount: Mount) -> None:
    """An operation that needs no key must exist, and must not spend anybody's money."""
    served = {name: each for name, each in OPERATIONS.items() if each.document == mount.document}
    for item in node.child("public").items():
        operation = served.get(str(item.value))
        if operation is None:
            item.error(
                f'"{item.value}" is no operation of {mount.document}', accepted_fix(str(item.value), sorted(served))
            )
        elif operation.billing != "none":
            item.error(f'"{item.value}" costs money, so it needs a key or `auth: optional`')


def reserved_names(listeners: Iterable[Listener], operations: Operations) -> dict[str, str]:
    """First path segments that a provider cannot be named after, each with the literal path that it would hide."""
    reserved: dict[str, str] = {}
    for listener in listeners:
        literal_paths = [m.at + path for m in listener.mounts for _, path in sorted(operations.get(m.document, ()))]
        for mount in listener.mounts:
            if mount.document != "provider":
                continue
            for path in [f"{mount.at}/openapi.json", f"{mount.at}/v1", *literal_paths]:
                segment = path.removeprefix(mount.at + "/").partition("/")[0]
                if path.startswith(mount.at + "/") and segment and "{" not in segment:
                    reserved.setdefault(segment, path)
    return reserved


def check_provider_names(providers: Node, reserved: Mapping[str, str]) -> None:
    """Refuse providers whose pass-through address would shadow a literal path."""
    for name, node in providers.child("providers").children():
        if name in reserved:
            node.error(f'the name "{name}" would shadow {reserved[name]}', f"rename it, for example {name}-provider")


def _report_unknown(node: Node, mount: Mount, operations: Operations) -> None:
    if mount.document:
        message = f'there is no document "{mount.document}" in openapi/'
        node.child("document").error(message, accepted_fix(mount.document, sorted(operations)))


def _report_claimed(node: Node, mount: Mount, paths: list[str], owner_node: Node, owner: Mount) -> None:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    line = owner_node.document.line(owner_node.path)
    message = f'"{mount.document}" claims {paths[0]}{more}, which "{owner.document}" on line {line} already serves'
    node.error(message, "mount one of them at another base path")
