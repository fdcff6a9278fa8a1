"""The shape of the source: imports point downward, every module has its tests, nothing is kept in module globals."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "tollhouse"
TESTS = ROOT / "tests"

# From the top down. A module may import modules of the lines below its own, and those of its own package.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("commands",),
    ("up", "admin_client"),
    ("server",),
    ("app", "http_protocol"),
    ("housekeeping",),
    ("contract",),
    ("generated.bindings",),
    ("endpoints",),
    ("web",),
    ("relay",),
    ("attempt",),
    ("streaming", "passed", "outgoing"),
    ("charge",),
    ("sign_ins",),
    ("admission", "accounts", "telemetry", "spending", "providers"),
    ("loading", "rates"),
    ("quotes",),
    ("failures", "spending_alerts"),
    ("health",),
    ("router", "upstream", "metering", "background", "alerts", "passage"),
    ("dialects",),
    ("identity",),
    ("billing",),
    ("config", "storage", "counters", "vault", "spec", "multipart", "data_directory"),
    ("sse", "errors", "times", "tables", "generated.models", "generated.operations"),
)
NODE = "node"  # the local server node: a program of its own, which shares nothing with the gateway but errors

# Modules that do nothing alone: their tests are those of what they are a part of.
TESTED_BY = {
    "__main__": "test_cli",
    **dict.fromkeys(
        [
            f"commands/{name}"
            for name in ("accounts", "common", "files", "keys", "ledger", "log", "route", "serving", "usage")
        ],
        "test_cli",
    ),
    "commands/recompute": "test_cli_ledger",
    "loading": "test_accounts",
    "commands/findings": "test_commands_spec",
    "spec/diff_security": "spec/test_diff",
    "spec/facets": "spec/test_compat",
    "spec/lint_schemas": "spec/test_lint",
    **dict.fromkeys(
        [
            "dialects/translation",
            *(
                f"dialects/{pair}/{table}_fields"
                for pair in ("chat_on_messages", "messages_on_chat")
                for table in ("request", "answer")
            ),
        ],
        "dialects/test_translations",
    ),
    "dialects/chat_on_messages/parts": "dialects/chat_on_messages/test_request",
    "dialects/messages_on_chat/parts": "dialects/messages_on_chat/test_request",
    "dialects/responses_on_chat/items": "dialects/responses_on_chat/test_request",
    "dialects/responses_on_chat/open_items": "dialects/responses_on_chat/test_frames",
    "dialects/responses_on_chat/response": "dialects/responses_on_chat/test_answer",
    **dict.fromkeys(
        [f"dialects/responses_on_chat/{name}_fields" for name in ("request", "item", "answer")],
        "dialects/responses_on_chat/test_tables",
    ),
    "contract/incoming": "contract/test_validation",
    "storage/sqlite_identity": "storage/test_base",
    "storage/sqlite_spending": "storage/test_base",
    "storage/sqlite_providers": "storage/test_base",
    "node/answers": "node/test_chat",
    "node/bodies": "node/test_server",
    "node/endpoints": "node/test_server",
    "node/errors": "node/test_server",
    "node/limits": "node/test_server",
    "node/loopback": "node/test_engine",
    "node/minilm": "node/test_embeddings",
    "node/requests": "node/test_chat",
    "node/streams": "node/test_chat",
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
WRITTEN = [path for path in MODULES if "generated" not in path.parts]


def name_of(path: Path) -> str:
    """The module's name inside the package: `billing.ledger`; a package has the name of its directory."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in MODULES}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """What a module imports of this package, wherever in the file it does: (line, module name)."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            module = node.module or ""
            inner = [f"{module}.{alias.name}" for alias in node.names]
            found = [name if name.removeprefix("tollhouse.") in NAMES else module for name in inner]
        else:
            continue
        for name in found:
            if name == "tollhouse" or name.startswith("tollhouse."):
                yield node.lineno, name.removeprefix("tollhouse").removeprefix(".")


def layer_of(name: str) -> tuple[int, str]:
    """The line of a module in LAYERS and the entry that lists it."""
    found = [
        (line, entry)
        for line, entries in enumerate(LAYERS)
        for entry in entries
        if name == entry or name.startswith(f"{entry}.")
    ]
    assert len(found) == 1, f"{name} belongs to {len(found)} layers; give it exactly one in LAYERS"
    return found[0]


def is_node(name: str) -> bool:
    return name == NODE or name.startswith(f"{NODE}.")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_downward(path: Path) -> None:
    name = name_of(path)
    if name in ("", "generated") or is_node(name):
        return
    line, entry = layer_of(name)
    for number, imported in imports(path):
        if imported == "" or is_node(imported):
            continue
        below, other = layer_of(imported)
        assert below > line or other == entry, f"{path}:{number}: {name} imports {imported}, which is not below it"


@pytest.mark.parametrize("path", [path for path in MODULES if is_node(name_of(path))], ids=name_of)
def test_the_node_knows_nothing_of_the_gateway(path: Path) -> None:
    for number, imported in imports(path):
        assert is_node(imported) or imported == "errors", f"{path}:{number}: imports {imported}"


def test_only_commands_load_the_node() -> None:
    users = {name_of(path) for path in MODULES for _, imported in imports(path) if is_node(imported)}
    assert {user for user in users if not is_node(user)} <= {"commands.files", "commands.serving"}


def test_no_two_modules_import_each_other() -> None:
    graph = {name_of(path): {imported for _, imported in imports(path)} - {name_of(path)} for path in MODULES}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join([*way[way.index(name) :], name])
        if name not in done:
            for imported in sorted(graph.get(name, ())):
                visit(imported, (*way, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


@pytest.mark.parametrize("path", [path for path in WRITTEN if path.name != "__init__.py"], ids=name_of)
def test_every_module_has_its_test_file(path: Path) -> None:
    module = path.relative_to(PACKAGE).with_suffix("")
    folder = TESTS / module.parent / f"test_{module.name}.py"
    flat = TESTS / f"test_{'_'.join(module.parts)}.py"  # where a helper of the tests has the folder's name
    named = TESTS / f"{TESTED_BY.get(str(module), 'none')}.py"
    assert folder.is_file() or flat.is_file() or named.is_file(), f"{module}.py has no {folder.relative_to(ROOT)}"


def test_exceptions_are_for_modules_that_exist() -> None:
    for module in TESTED_BY:
        assert (PACKAGE / module).with_suffix(".py").is_file(), f"there is no {module}.py any more"


MUTATORS = {
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft", "remove",
    "setdefault", "update",
}  # fmt: skip


def globals_of(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else ()
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def changes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Where a module changes one of its globals: (line, name)."""
    names = globals_of(tree)
    for node in ast.walk(tree):
        changed: ast.expr | None = None
        if isinstance(node, ast.Global):
            yield node.lineno, ", ".join(node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
            changed = node.func.value
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            changed = node.value
        if isinstance(changed, ast.Name) and changed.id in names and not _is_local(tree, changed):
            yield changed.lineno, changed.id


def _is_local(tree: ast.Module, used: ast.Name) -> bool:
    """Whether a function around the use has a name of its own like this."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno <= used.lineno <= (
            node.end_lineno or 0
        ):
            own = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
            own |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            if used.id in own:
                return True
    return False


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_changes_its_globals(path: Path) -> None:
    assert list(changes(ast.parse(path.read_text()))) == []


def test_the_check_for_globals_sees_them() -> None:
    seen = "A = {}\nB = []\ndef f():\n    global C\n    A['x'] = 1\n    B.append(2)\ndef g(A):\n    A['x'] = 1\n"
    assert sorted(changes(ast.parse(seen))) == [(4, "C"), (5, "A"), (6, "B")]
