"""A chat completions client, served by an upstream that speaks Anthropic messages."""

from tollhouse.dialects.chat_on_messages import answer, frames, request
from tollhouse.dialects.chat_on_messages.answer_fields import ANSWER_FIELDS
from tollhouse.dialects.chat_on_messages.request_fields import REQUEST_FIELDS
from tollhouse.dialects.translation import Translation

CHAT_ON_MESSAGES = Translation(
    client="chat",
    upstream="messages",
    request=request.request,
    answer=answer.answer,
    frames=frames.frames,
    request_fields=REQUEST_FIELDS,
    answer_fields=ANSWER_FIELDS,
)
