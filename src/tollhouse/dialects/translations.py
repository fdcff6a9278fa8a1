"""All translations there are, and where each format is asked for."""

from collections.abc import Mapping
from types import MappingProxyType

from tollhouse.dialects.chat_on_messages import CHAT_ON_MESSAGES
from tollhouse.dialects.composed import compose
from tollhouse.dialects.messages_on_chat import MESSAGES_ON_CHAT
from tollhouse.dialects.responses_on_chat import RESPONSES_ON_CHAT
from tollhouse.dialects.translation import Translation

# The format in which a client of a dialect asks for a chat, by the dialect's name.
FORMATS: Mapping[str, str] = MappingProxyType({"openai": "chat", "anthropic": "messages", "responses": "responses"})
# Where an upstream takes a format, below its base URL.
PATHS: Mapping[str, str] = MappingProxyType(
    {"chat": "/chat/completions", "messages": "/messages", "responses": "/responses"}
)
TRANSLATIONS: Mapping[tuple[str, str], Translation] = MappingProxyType(
    {(each.client, each.upstream): each for each in (CHAT_ON_MESSAGES, MESSAGES_ON_CHAT, RESPONSES_ON_CHAT)}
)
# Those and what follows from two of them; their tables are those of the two, one after the other.
ALL_TRANSLATIONS: Mapping[tuple[str, str], Translation] = MappingProxyType(
    {**TRANSLATIONS, ("responses", "messages"): compose(RESPONSES_ON_CHAT, CHAT_ON_MESSAGES)}
)
