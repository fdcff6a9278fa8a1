"""An Anthropic messages client, served by an upstream that speaks chat completions."""

from tollhouse.dialects.messages_on_chat import answer, frames, request
from tollhouse.dialects.messages_on_chat.answer_fields import ANSWER_FIELDS
from tollhouse.dialects.messages_on_chat.request_fields import REQUEST_FIELDS
from tollhouse.dialects.translation import Translation

MESSAGES_ON_CHAT = Translation(
    client="messages",
    upstream="chat",
    request=request.request,
    answer=answer.answer,
    frames=frames.frames,
    request_fields=REQUEST_FIELDS,
    answer_fields=ANSWER_FIELDS,
)
