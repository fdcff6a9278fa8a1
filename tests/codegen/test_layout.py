"""Annotations that are too long are broken as `ruff format` would break them; that they are is tested on whole files."""

from codegen.ir import AnyOf, Choice, ListOf, MapOf, Named, Scalar, Type
from codegen.layout import field_line, signature

LONG = Choice(tuple(f"a_rather_long_value_{number}" for number in range(5)))
VALUES = [f'"{value}"' for value in LONG.values]


def line(type_: Type, required: bool = True, **options: frozenset[str]) -> str:
    return field_line("sail", type_, required=required, indent=4, **options)


def test_what_fits_stays_on_its_line() -> None:
    assert line(ListOf(Named("Boat"))) == "sail: list[Boat]"
    assert line(Scalar("string"), required=False) == "sail: NotRequired[str]"


def test_what_is_defined_further_down_is_in_quotes() -> None:
    ahead = frozenset({"Boat"})
    assert line(AnyOf((Named("Boat"), Scalar("null"))), ahead=ahead) == 'sail: "Boat | None"'
    assert line(ListOf(Named("Boat")), required=False, ahead=ahead) == 'sail: NotRequired["list[Boat]"]'
    assert line(AnyOf((Named("Boat"), Choice(("a",)))), ahead=ahead) == "sail: 'Boat | Literal[\"a\"]'"
    assert line(Named("Ship"), ahead=ahead) == "sail: Ship"


def test_a_long_choice_has_a_line_for_each_value() -> None:
    values = "".join(f"            {value},\n" for value in VALUES)
    assert line(ListOf(LONG)) == "sail: list[\n        Literal[\n" + values + "        ]\n    ]"


def test_a_long_union_has_a_line_for_each_option() -> None:
    options = AnyOf(tuple(Named(f"ARatherLongNameOfASchema{number}") for number in range(5)))
    lines = "\n        | ".join(each.name for each in options.options if isinstance(each, Named))
    assert line(options) == f"sail: (\n        {lines}\n    )"
    assert line(options, required=False) == f"sail: NotRequired[\n        {lines}\n    ]"
    assert line(MapOf(options)) == f"sail: dict[\n        str,\n        {lines},\n    ]"


def test_a_long_signature_has_a_line_for_each_parameter() -> None:
    short = signature("sail", ["self"], "None", indent=4, ends=" ...", opening="def")
    assert short == "def sail(self) -> None: ..."
    parameters = ["self", "*", *(f"a_rather_long_parameter_{number}: int" for number in range(4))]
    inner = "".join(f"        {each},\n" for each in parameters)
    assert (
        signature("sail", parameters, "None", indent=4, ends="", opening="async def")
        == f"async def sail(\n{inner}    ) -> None:"
    )
