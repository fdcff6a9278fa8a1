"""A responses client, served by an upstream that speaks chat completions."""

from tollhouse.dialects.responses_on_chat.answer import answer
from tollhouse.dialects.responses_on_chat.answer_fields import ANSWER_FIELDS
from tollhouse.dialects.responses_on_chat.frames import frames
from tollhouse.dialects.responses_on_chat.request import request
from tollhouse.dialects.responses_on_chat.request_fields import REQUEST_FIELDS
from tollhouse.dialects.translation import Translation

RESPONSES_ON_CHAT = Translation("responses", "chat", request, answer, frames, REQUEST_FIELDS, ANSWER_FIELDS)
