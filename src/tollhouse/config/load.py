"""Reads `routes.yaml`, `providers.yaml` and `model_catalog.json` into one Config, or says everything that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tollhouse.config.base_url import base_url_problem
from tollhouse.config.catalogue import build_catalogue
from tollhouse.config.document import Document
from tollhouse.config.json_reader import read_json
from tollhouse.config.operations import Operations, check_mounts, check_provider_names, reserved_names
from tollhouse.config.problems import ENVIRONMENT, ConfigError, Problem, errors_in, nearest
from tollhouse.config.providers import OCF, build_providers, ocf_provider
from tollhouse.config.routes import build_routes
from tollhouse.config.schema import check_shape
from tollhouse.config.snapshot import Catalogue, Config, Provider, ProviderModel
from tollhouse.config.yaml_reader import read_yaml

ROUTES, PROVIDERS, CATALOGUE = "routes.yaml", "providers.yaml", "model_catalog.json"
FILES = (ROUTES, PROVIDERS, CATALOGUE)
FILE_BYTES_MAX = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that can be served, and what to mention about it."""

    config: Config
    warnings: tuple[Problem, ...]


def load(directory: Path, *, environ: Mapping[str, str], operations: Operations | None = None) -> Loaded:
    """Read the three files of a directory. `operations` are those of the OpenAPI documents; None skips their checks.

    Raises ConfigError with every problem of all three files, in the order of files and lines.
    """
    config, problems = examine(directory, environ=environ, operations=operations)
    if errors_in(problems):
        raise ConfigError(problems)
    return Loaded(config, problems)


def examine(
    directory: Path, *, environ: Mapping[str, str], operations: Operations | None = None
) -> tuple[Config, tuple[Problem, ...]]:
    """The configuration as far as it can be told, and every problem. Never raises; use `load` to serve."""
    documents = {name: _read(directory / name) for name in FILES}
    for name, document in documents.items():
        if document.readable:
            check_shape(document, name.partition(".")[0])
    routes_file, providers_file, catalogue_file = (documents[name] for name in FILES)
    routes = build_routes(routes_file.root)
    providers = build_providers(providers_file.root, directory, environ)
    catalogue = build_catalogue(catalogue_file.root)
    if operations is not None:
        check_mounts(routes_file.root, routes.listeners, operations)
        check_provider_names(providers_file.root, reserved_names(routes.listeners, operations))
    if catalogue_file.root.has("models"):
        _check_priced(providers_file, providers, catalogue)
        _check_anonymous(routes_file, catalogue)
    problems = [problem for document in documents.values() for problem in _sorted(document)]
    problems += _add_ocf(providers, providers_file, catalogue, environ)
    problems += _unheard(providers, environ)
    return Config(routes, MappingProxyType(providers), catalogue), tuple(problems)


def load_catalogue(path: Path) -> Catalogue:
    """A catalogue alone, whatever its file is called. Raises ConfigError with every problem."""
    document = Document(str(path))
    text = _text(path, document)
    if text is not None:
        document = read_json(str(path), text)
    if document.readable:
        check_shape(document, CATALOGUE.partition(".")[0])
    catalogue = build_catalogue(document.root)
    if errors_in(document.problems):
        raise ConfigError(_sorted(document))
    return catalogue


def _read(path: Path) -> Document:
    document = Document(path.name)
    text = _text(path, document)
    if text is None:
        return document
    return read_json(path.name, text) if path.suffix == ".json" else read_yaml(path.name, text)


def _text(path: Path, document: Document) -> str | None:
    """What a file says; None where it cannot be read, and the document says why."""
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        document.fail(None, f"there is no {path}", f"`tollhouse init {path.parent}` writes a starting set")
        return None
    except OSError as error:
        document.fail(None, f"cannot read {path}: {error.strerror}")
        return None
    if len(data) > FILE_BYTES_MAX:
        document.fail(None, "is larger than 1 MiB")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        document.fail(data.count(b"\n", 0, error.start) + 1, "is not UTF-8 text", "save it as UTF-8")
        return None


def _sorted(document: Document) -> list[Problem]:
    return sorted(document.problems, key=lambda problem: problem.line or 0)


def _check_priced(document: Document, providers: Mapping[str, Provider], catalogue: Catalogue) -> None:
    """Every model needs a price, under its public id or its upstream id."""
    for name, provider in providers.items():
        for model in provider.models.values():
            _warn_unpriced(document, ("providers", name, "models"), model, model.public_id, catalogue)
        for endpoint, model_id in provider.default_models.items():
            model = provider.models.get(model_id, ProviderModel(model_id, model_id))
            _warn_unpriced(document, ("providers", name, "default_models"), model, endpoint, catalogue)
            facts = catalogue.models.get(model.public_id) or catalogue.models.get(model.upstream_id)
            if endpoint == "moderations" and facts is not None and facts.kind != "moderation":
                message = f'"{model_id}" is of the kind "{facts.kind}": moderations that name no model will be refused'
                fix = f'name a model whose kind in {CATALOGUE} is "moderation"'
                document.warn(("providers", name, "default_models", endpoint), message, fix)


def _warn_unpriced(
    document: Document, parent: tuple[str, ...], model: ProviderModel, key: str, catalogue: Catalogue
) -> None:
    ids = (model.public_id, model.upstream_id)
    if catalogue.models.keys().isdisjoint(ids):
        message = f'"{ids[0]}" is not in {CATALOGUE}: calls for it will be refused with 400 Unknown model pricing'
        hints = (nearest(model_id, catalogue.models) for model_id in ids)
        document.warn((*parent, key), message, next(filter(None, hints), "add it there with its prices"))


def _check_anonymous(document: Document, catalogue: Catalogue) -> None:
    for model in document.root.child("anonymous").child("models").items():
        if isinstance(model.value, str) and model.value not in catalogue.models:
            model.warn(f'"{model.value}" is not in {CATALOGUE}', nearest(model.value, catalogue.models))


def _add_ocf(
    providers: dict[str, Provider], document: Document, catalogue: Catalogue, environ: Mapping[str, str]
) -> list[Problem]:
    """Put the provider `ocf` at `$OCF_HEAD_URL/v1`; without the variable, an entry without an address is off."""
    head_url = environ.get("OCF_HEAD_URL", "").strip().rstrip("/")
    entry = providers.get(OCF)
    if not head_url:
        if entry is not None and not entry.base_url:
            del providers[OCF]
            message = "is off: it has no base_url, and OCF_HEAD_URL is not set"
            return [
                Problem(document.name, document.line(("providers", OCF)), "providers.ocf", message, level="warning")
            ]
        return []
    found = base_url_problem(head_url, allow_private=True)
    if found is not None:
        return [Problem(ENVIRONMENT, None, "OCF_HEAD_URL", *found)]
    offered = {model_id for provider in providers.values() for model_id in provider.models}
    models = {name: ProviderModel(name, name) for name in catalogue.models if name not in offered}
    providers[OCF] = ocf_provider(f"{head_url}/v1", MappingProxyType(models), entry)
    return []


def _unheard(providers: Mapping[str, Provider], environ: Mapping[str, str]) -> list[Problem]:
    """Thresholds are set, and nothing says where e-mails about them go."""
    watched = [
        each.name for each in providers.values() if (each.alert_nano_per_day, each.stop_nano_per_day) != (None, None)
    ]
    unset = [name for name in ("SMTP_URL", "ALERT_EMAIL_TO") if not environ.get(name, "").strip()]
    if not watched or not unset:
        return []
    message = f"is not set, so alerts about {', '.join(watched)} are lines of the log and no e-mails"
    fix = "set SMTP_URL and ALERT_EMAIL_TO"
    return [Problem(ENVIRONMENT, None, " and ".join(unset), message, fix, level="warning")]
