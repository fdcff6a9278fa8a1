"""A chat completions client, served by an upstream that speaks Anthropic messages."""

from tollhouse.dialects.chat_on_messages_answer import answer
from tollhouse.dialects.chat_on_messages_fields import ANSWER_FIELDS, REQUEST_FIELDS
from tollhouse.dialects.chat_on_messages_frames import frames
from tollhouse.dialects.chat_on_messages_request import request
from tollhouse.dialects.translation import Translation

CHAT_ON_MESSAGES = Translation("chat", "messages", request, answer, frames, REQUEST_FIELDS, ANSWER_FIELDS)
