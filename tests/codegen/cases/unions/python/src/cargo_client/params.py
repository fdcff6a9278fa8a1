"""What each method takes by name; whatever is left out is not sent. Generated; do not edit."""

from typing import Any, Literal, NotRequired

from . import types
from ._runtime.operations import CallOptions


class LoadCargoParams(CallOptions):
    """What `load_cargo` takes."""

    what: types.Crate | str | list[str | types.Barrel] | None
    grade: types.Grade
    later: NotRequired[types.Later]
    labels: NotRequired[dict[str, str | None]]
    free: NotRequired[Any]
    sizes: NotRequired[Any]
    maybe: NotRequired[Literal["yes it is"] | None]
    nothing: NotRequired[types.Nothing]
    silence: NotRequired[types.LoadSilence]
    inner: NotRequired[types.LoadInner | None]
    a_property_with_a_long_name: NotRequired[
        list[Literal["one_rather_long_value", "another_rather_long_value", "a_third_rather_long_value", "the_last_one"]]
    ]
    another_property_with_a_long_name: NotRequired[
        list[dict[str, types.Crate]] | dict[str, list[types.Barrel]] | types.Grade
    ]
