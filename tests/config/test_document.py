from tollhouse.config.document import Document, Mark, Node, key_text


def node(value: object) -> Node:
    return Node(Document("f"), (), value)


def test_a_path_is_written_as_people_write_it() -> None:
    assert key_text(("providers", "openai", "keys", 0, "env")) == "providers.openai.keys[0].env"
    assert key_text(("models", "gpt-4.1", "kind")) == 'models["gpt-4.1"].kind'


def test_a_part_without_a_line_stands_where_its_parent_does() -> None:
    document = Document("f", marks={("a",): Mark(7)})
    assert document.line(("a", "b", 0)) == 7
    assert document.line(("x",)) == 1


def test_getters_answer_the_default_for_a_wrong_type() -> None:
    values = node({"text": "a", "number": 2, "truth": True, "whole": 3.0, "list": ["a", 1]})
    assert values.get("text", str, "d") == "a"
    assert values.get("number", str, "d") == "d"
    assert values.get("truth", int, 5) == 5  # bool is not int here
    assert values.integer("whole", 0) == 3
    assert values.integer("truth", 0) == 0
    assert values.number("number", 0.0) == 2.0
    assert values.number("text", 1.5) == 1.5
    assert values.texts("list") == ("a",)
    assert list(node([1]).children()) == []
    assert list(node({}).items()) == []
    assert not node(None).has("x")
