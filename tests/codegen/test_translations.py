"""The page about translations."""

from codegen.translations import page
from tollhouse.dialects.translation import DROPPED, MAPPED, REFUSED, Field, Translation
from tollhouse.dialects.translations import TRANSLATIONS

CHAT = TRANSLATIONS["chat", "messages"]
FIELDS = (
    Field("stop", MAPPED, {}, "stop_sequences", "one text becomes a list"),
    Field("model", MAPPED, {}),
    Field("modalities", REFUSED, {}, note="send text.", neutral=(["text"], None)),
)
ANSWERS = (Field("created", DROPPED, {}, note="there is no time"),)


def test_a_page_has_a_table_for_each_treatment_that_occurs() -> None:
    small = Translation("chat", "messages", CHAT.request, CHAT.answer, CHAT.frames, FIELDS, ANSWERS)
    printed = page({("chat", "messages"): small})
    assert "## A client of OpenAI chat completions on an upstream of Anthropic messages\n" in printed
    assert (
        "### Mapped in requests\n\n| Field | Becomes | How |\n|---|---|---|\n"
        "| `stop` | `stop_sequences` | One text becomes a list. |\n| `model` | – |  |\n"
    ) in printed
    assert '| `modalities` | Send text. | `["text"]`, `null` |\n' in printed
    assert "### Dropped in requests" not in printed and "### Dropped in answers" in printed


def test_every_row_of_every_table_is_on_the_page() -> None:
    printed = page(TRANSLATIONS)
    for translation in TRANSLATIONS.values():
        for field in (*translation.request_fields, *translation.answer_fields):
            assert f"| `{field.path}` |" in printed
