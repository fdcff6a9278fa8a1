"""The examples of the quick start, with a real address and a real model in them: they run as they stand, given a key.

They are those of seeds 001 and 004, with two mistakes mended: `message.content` is an attribute of what OpenAI's Python
library returns, and each header of a curl line is one quoted text.
"""

import json
from typing import Any, NamedTuple

KEY = "YOUR_API_KEY"
QUESTION = "Tell me a joke."


class Example(NamedTuple):
    """One block of code: `name` is its anchor, `language` what it is written in."""

    name: str
    title: str
    language: str
    code: str


def chat_examples(base_url: str, model: str) -> list[Example]:
    """A chat completion, in four ways."""
    body = {"model": model, "messages": [{"role": "user", "content": QUESTION}]}
    stream = {"model": model, "messages": [{"role": "user", "content": "Stream a tiny haiku."}], "stream": True}
    url, quoted, named = f"{base_url}/chat/completions", _literal(base_url), _literal(model)
    return [
        Example("chat-curl", "curl", "sh", _curl(url, body)),
        Example(
            "chat-python",
            "Python (OpenAI SDK)",
            "python",
            f"""from openai import OpenAI

client = OpenAI(
    api_key="{KEY}",
    base_url={quoted},
)

response = client.chat.completions.create(
    model={named},
    messages=[
        {{"role": "user", "content": "{QUESTION}"}},
    ],
)

print(response.choices[0].message.content)""",
        ),
        Example(
            "chat-javascript",
            "JavaScript (OpenAI SDK)",
            "javascript",
            f"""import OpenAI from "openai";

const client = new OpenAI({{
  apiKey: "{KEY}",
  baseURL: {quoted},
}});

const response = await client.chat.completions.create({{
  model: {named},
  messages: [
    {{ role: "user", content: "{QUESTION}" }},
  ],
}});

console.log(response.choices[0].message.content);""",
        ),
        Example("chat-stream", "curl, as a stream", "sh", _curl(url, stream, "--no-buffer ")),
    ]


def message_example(base_url: str, model: str) -> Example:
    """A message, for clients of Anthropic's API."""
    body = {"model": model, "max_tokens": 200, "messages": [{"role": "user", "content": QUESTION}]}
    return Example("message-curl", "curl, Anthropic's messages", "sh", _curl(f"{base_url}/messages", body))


def embedding_example(base_url: str, model: str) -> Example:
    body = {"model": model, "input": "The quick brown fox jumps over the lazy dog"}
    return Example("embedding-curl", "curl, embeddings", "sh", _curl(f"{base_url}/embeddings", body))


def _curl(url: str, body: dict[str, Any], options: str = "") -> str:
    """A curl line; the body stands between single quotes, which end for as long as it has one itself."""
    fields = ",\n".join(
        f"    {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in body.items()
    )
    quoted = fields.replace("'", "'\\''")
    return (
        f"curl {options}{url} \\\n"
        f'  -H "Authorization: Bearer {KEY}" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f"  -d '{{\n{quoted}\n  }}'"
    )


def _literal(text: str) -> str:
    """A string as Python and JavaScript both write it."""
    return json.dumps(text)
