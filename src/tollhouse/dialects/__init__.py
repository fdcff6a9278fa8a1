"""Wire formats: bodies ↔ usage, frames, errors. Pure functions; `DIALECTS` lists what exists.

`PASSED` are those of providers, for endpoints that the contract does not know.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tollhouse.dialects.anthropic import ANTHROPIC
from tollhouse.dialects.base import Dialect
from tollhouse.dialects.openai import OPENAI
from tollhouse.dialects.passed import PASSED_ANTHROPIC, PASSED_OPENAI
from tollhouse.dialects.responses import RESPONSES

DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {dialect.name: dialect for dialect in (OPENAI, ANTHROPIC, RESPONSES)}
)
PASSED: Mapping[str, Dialect] = MappingProxyType(
    {dialect.name: dialect for dialect in (PASSED_OPENAI, PASSED_ANTHROPIC)}
)
