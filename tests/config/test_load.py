import re
from pathlib import Path

import pytest
import yaml

from tests.config.files import CATALOGUE, ENVIRON, PROVIDERS, ROUTES, findings, loaded, write
from tollhouse.config.init import starter_directory
from tollhouse.config.load import FILE_BYTES_MAX, FILES, load, load_catalogue
from tollhouse.config.problems import ConfigError
from tollhouse.config.snapshot import ProviderModel, UpstreamKey

REPOSITORY = Path(__file__).parents[2]
METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}


def shipped_operations() -> dict[str, set[tuple[str, str]]]:
    documents = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (REPOSITORY / "openapi").glob("*.yaml")}
    return {
        name: {(method.upper(), path) for path, item in document["paths"].items() for method in METHODS & item.keys()}
        for name, document in documents.items()
    }


def test_the_shipped_files_load_without_a_warning() -> None:
    result = load(REPOSITORY, environ={}, operations=shipped_operations())
    assert result.warnings == ()
    assert set(result.config.providers) == {"local", "local-anthropic"}
    assert result.config.routes.anonymous.models == {"smollm2-135m", "all-minilm-l6-v2"}
    for name in FILES:  # a checkout begins as `tollhouse init` does
        assert (starter_directory() / name).read_bytes() == (REPOSITORY / name).read_bytes(), name


def test_the_shipped_files_load_with_every_commented_provider(tmp_path: Path) -> None:
    text = (REPOSITORY / "providers.yaml").read_text("utf-8")
    head, examples = text.split("the gateway was started with.\n  #\n")
    write(tmp_path, ROUTES, head + "\n" + re.sub(r"^  # ?", "  ", examples, flags=re.M), "")
    (tmp_path / "model_catalog.json").write_bytes((REPOSITORY / "model_catalog.json").read_bytes())
    keys = {"OPENAI_API_KEY": "a", "ANTHROPIC_API_KEY": "b"}
    result = load(tmp_path, environ={**keys, "SMTP_URL": "smtp://mail", "ALERT_EMAIL_TO": "ops@example.com"})
    assert result.warnings == ()
    assert set(result.config.providers) == {"local", "local-anthropic", "openai", "anthropic"}


def test_missing_files_name_the_command_that_writes_them(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, environ={})
    assert [str(problem) for problem in raised.value.problems] == [
        f"{name}: there is no {tmp_path / name}; `tollhouse init {tmp_path}` writes a starting set" for name in FILES
    ]


def test_every_problem_of_all_three_files_comes_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        ROUTES.replace("at: /v1", "at: /v1, atuh: optional"),
        PROVIDERS.replace("dialect: openai", "dialect: opnai").replace("https://api.openai.com", "ftp://x"),
        CATALOGUE.replace('"2.50"', "2.50"),
    )
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, environ=ENVIRON)
    places = [(problem.file, problem.line) for problem in raised.value.problems]
    assert places == [("routes.yaml", 6), ("providers.yaml", 4), ("providers.yaml", 5), ("model_catalog.json", 3)]


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    found = findings(tmp_path, routes="listeners: [", providers=PROVIDERS.replace("dialect: openai", "dialect: x"))
    assert [line.split(" ")[0] for line in found] == ["routes.yaml:1:", "providers.yaml:4:"]


def test_an_empty_or_scalar_file_is_refused(tmp_path: Path) -> None:
    assert findings(tmp_path, providers="")[0].startswith("providers.yaml:1: must be a mapping, not empty")
    assert findings(tmp_path, catalogue="[]") == [
        "model_catalog.json:1: must be a mapping, not a list; Facts and prices of models."
    ]


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    assert findings(tmp_path, routes="#" * (FILE_BYTES_MAX + 1)) == ["routes.yaml: is larger than 1 MiB"]


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "routes.yaml").write_bytes(b"# ok\n# \xff\n")
    with pytest.raises(ConfigError, match=r"^routes\.yaml:2: is not UTF-8 text; save it as UTF-8"):
        load(tmp_path, environ=ENVIRON)


def test_a_directory_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "routes.yaml").unlink()
    (tmp_path / "routes.yaml").mkdir()
    with pytest.raises(ConfigError, match=r"^routes.yaml: cannot read .*routes.yaml: Is a directory"):
        load(tmp_path, environ=ENVIRON)


def test_a_byte_order_mark_is_fine(tmp_path: Path) -> None:
    assert findings(tmp_path, routes="\ufeff" + ROUTES, catalogue="\ufeff" + CATALOGUE) == []


def test_a_model_without_a_price_is_a_warning(tmp_path: Path) -> None:
    text = PROVIDERS + "      gpt-4: {}\n      fast: {upstream: gpt-4o}\n    default_models: {moderations: omni}\n"
    result = loaded(tmp_path, providers=text)
    assert [str(warning) for warning in result.warnings] == [
        'providers.yaml:9: warning: providers.openai.models.gpt-4: "gpt-4" is not in model_catalog.json: '
        'calls for it will be refused with 400 Unknown model pricing; did you mean "gpt-4o"?',
        'providers.yaml:11: warning: providers.openai.default_models.moderations: "omni" is not in model_catalog.json: '
        "calls for it will be refused with 400 Unknown model pricing; add it there with its prices",
    ]


def test_a_default_for_moderations_that_does_something_else_is_a_warning(tmp_path: Path) -> None:
    result = loaded(tmp_path, providers=PROVIDERS + "    default_models: {moderations: gpt-4o}\n")
    assert [str(warning) for warning in result.warnings] == [
        'providers.yaml:9: warning: providers.openai.default_models.moderations: "gpt-4o" is of the kind "chat": '
        'moderations that name no model will be refused; name a model whose kind in model_catalog.json is "moderation"'
    ]


TWO_MODELS = CATALOGUE.replace("\n }}", ',\n  "llama": {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0"}\n }}')


def test_ocf_serves_the_catalogue_models_that_nobody_offers(tmp_path: Path) -> None:
    environ = ENVIRON | {"OCF_HEAD_URL": "http://140.238.223.116:8092/"}
    ocf = loaded(tmp_path, catalogue=TWO_MODELS, environ=environ).config.providers["ocf"]
    assert ocf.base_url == "http://140.238.223.116:8092/v1"
    assert ocf.dialect == "openai"
    assert ocf.models == {"llama": ProviderModel("llama", "llama")}
    assert ocf.keys == (UpstreamKey("none", 1, ""),)


def test_ocf_serves_the_models_of_its_entry_where_there_is_one(tmp_path: Path) -> None:
    environ = ENVIRON | {"OCF_HEAD_URL": "http://127.0.0.1:9"}
    text = PROVIDERS + "  ocf:\n    models: {gpt-4o: {upstream: big}}\n"
    ocf = loaded(tmp_path, providers=text, catalogue=TWO_MODELS, environ=environ).config.providers["ocf"]
    assert ocf.base_url == "http://127.0.0.1:9/v1"
    assert ocf.models == {"gpt-4o": ProviderModel("gpt-4o", "big")}


def test_ocf_is_off_without_its_variable(tmp_path: Path) -> None:
    assert "ocf" not in loaded(tmp_path).config.providers
    result = loaded(tmp_path, providers=PROVIDERS + "  ocf:\n    models: {gpt-4o: {}}\n")
    assert "ocf" not in result.config.providers
    assert [str(warning) for warning in result.warnings] == [
        "providers.yaml:9: warning: providers.ocf: is off: it has no base_url, and OCF_HEAD_URL is not set"
    ]


def test_a_bad_ocf_address_is_an_error(tmp_path: Path) -> None:
    assert findings(tmp_path, environ=ENVIRON | {"OCF_HEAD_URL": "node:8092"}) == [
        'environment: OCF_HEAD_URL: "node:8092" is not an http or https address; begin it with https:// or http://'
    ]


@pytest.mark.parametrize("name", ["model_catalog.json", "prices", "prices.yaml"])
def test_a_catalogue_is_read_alone_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    write(tmp_path, ROUTES, PROVIDERS, CATALOGUE)
    (tmp_path / name).write_text(CATALOGUE)
    assert load_catalogue(tmp_path / name) == loaded(tmp_path).config.catalogue


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ('{"version": 1,\n"models": {"m": {"imput_usd_per_mtok": "1"}}}', "prices:2: models.m.imput_usd_per_mtok: unknown key"),
        ('{"version": 1,\n}', "prices:2: not valid JSON"), ("\udcff", "prices:1: is not UTF-8"), (None, "prices: there is no"),
    ],
)  # fmt: skip
def test_a_bad_catalogue_names_file_line_and_key(tmp_path: Path, text: str | None, finding: str) -> None:
    if text is not None:
        (tmp_path / "prices").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError) as refused:
        load_catalogue(tmp_path / "prices")
    assert f"{tmp_path}/{finding}" in str(refused.value)
