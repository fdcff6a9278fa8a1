"""TypeScript's spelling of types and comments, broken as Prettier would; that whole files compile is tested with the client."""

from codegen.ir import AnyOf, Choice, ListOf, MapOf, Named, Scalar, Type
from codegen.typescript import comment, enclosed, import_line, key, object_text, type_text, typed

STRING, NULL = Scalar("string"), Scalar("null")
LONG = Choice(tuple(f"a_rather_long_value_{number}" for number in range(5)))
LINES = "".join(f'\n    | "{value}"' for value in LONG.values)


def field(type_: Type) -> str:
    return typed("sail:", type_, indent=2)


def test_types_on_one_line() -> None:
    assert type_text(ListOf(AnyOf((Named("Boat"), NULL))), "types.") == "(types.Boat | null)[]"
    assert type_text(ListOf(ListOf(STRING))) == "string[][]"
    assert type_text(MapOf(ListOf(Choice((1, "a"))))) == '{ [key: string]: (1 | "a")[] }'
    assert type_text(Choice((True, "it's", 'a "b"'))) == 'true | "it\'s" | \'a "b"\''
    assert type_text(AnyOf((Scalar("integer"), Scalar("number"), Scalar("binary")))) == "number | Uint8Array"


def test_a_long_union_has_a_line_for_each_option() -> None:
    assert field(LONG) == f"sail:{LINES};"
    assert field(AnyOf((LONG, NULL))) == f"sail:{LINES}\n    | null;"
    assert field(ListOf(LONG)) == f"sail: ({LINES}\n  )[];"
    assert typed("sail?:", STRING, indent=2, extra=("undefined",)) == "sail?: string | undefined;"


def test_a_long_map_has_its_value_on_a_line_of_its_own() -> None:
    assert field(MapOf(LONG)) == "sail: {\n    [key: string]:" + LINES.replace("\n", "\n  ") + ";\n  };"


def test_keys_have_quotes_where_they_need_them() -> None:
    assert [key(name) for name in ("class", "ship-id", "2nd", "$ref")] == ["class", '"ship-id"', '"2nd"', "$ref"]


def test_comments_end_where_they_end() -> None:
    assert comment(["Twice  */ ends\nit."]) == "/** Twice * / ends it. */"
    assert comment(["", " "]) == ""
    assert comment(["One.", "Two."], 2) == "/**\n   * One.\n   *\n   * Two.\n   */"
    long = comment(["word " * 40], 2).splitlines()
    assert len(long) == 4 and max(map(len, long)) <= 120 and long[1].startswith("   * word")


def test_items_are_on_one_line_or_on_one_line_each() -> None:
    assert enclosed("f", ("(", ")"), ["a", "b"], after=";") == "f(a, b);"
    wide = ["a" * 60, "b" * 60]
    assert enclosed("f", ("(", ")"), wide, indent=2, after=";") == f"f(\n    {wide[0]},\n    {wide[1]},\n  );"
    assert object_text([("a-b", "1")], indent=0) == '{ "a-b": 1 }' and object_text([], indent=0) == "{}"
    assert import_line(["b", "type A"], "./x.ts") == 'import { type A, b } from "./x.ts";'
