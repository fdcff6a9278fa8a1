"""The examples are code, whatever a model is called."""

import ast
import json
import shlex

import pytest

from tollhouse.web.quick_start import Example, chat_examples, embedding_example, message_example

NAMES = ["gpt-4o", "org/m:free", "it's", 'say "hi"', "a\\b", "$(id)", "`id`", "modèle", "</pre>"]
BASE = "http://127.0.0.1:8000/v1"


def everything(model: str) -> list[Example]:
    return [*chat_examples(BASE, model), message_example(BASE, model), embedding_example(BASE, model)]


@pytest.mark.parametrize("model", NAMES)
def test_a_curl_line_sends_the_model_as_it_is_called(model: str) -> None:
    lines = [shlex.split(each.code) for each in everything(model) if each.language == "sh"]
    assert len(lines) == 4
    for words in lines:
        assert words[0] == "curl" and json.loads(words[words.index("-d") + 1])["model"] == model
        headers = [words[index + 1] for index, word in enumerate(words) if word == "-H"]
        assert headers == ["Authorization: Bearer YOUR_API_KEY", "Content-Type: application/json"]


@pytest.mark.parametrize("model", NAMES)
def test_the_python_example_names_the_model_as_it_is_called(model: str) -> None:
    [code] = [each.code for each in everything(model) if each.language == "python"]
    assert model in {node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)}


def test_the_mistakes_of_the_seeds_are_mended() -> None:
    code = "\n".join(each.code for each in everything("gpt-4o"))
    assert code.count(".message.content") == 2 and 'message["content"]' not in code
    assert '"Content-Type": "application/json"' not in code


def test_each_example_has_an_anchor_of_its_own() -> None:
    names = [each.name for each in everything("gpt-4o")]
    assert len(set(names)) == len(names) == 6
