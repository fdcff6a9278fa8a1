"""The start page of the documentation: a quick start that runs as it stands, and the reference of every base path."""

from tollhouse.config.snapshot import Listener, Mount
from tollhouse.endpoints.context import Reply, Request, Services, Text
from tollhouse.errors import NotFound
from tollhouse.router import Router
from tollhouse.web.pages import HTML, PAGE_HEADERS
from tollhouse.web.quick_start import Example, chat_examples, embedding_example, message_example


async def get_docs(services: Services, request: Request, *, at: str | None = None) -> Reply:
    assert request.mount is not None and services.sign_ins.site is not None, "routed, and served"
    listener, router = request.listener, request.router
    bases = base_paths(listener)
    openai, anthropic = mount_of(listener, "openai"), mount_of(listener, "anthropic")
    if at is None:
        at = (openai or request.mount).at
    if at not in bases:
        named = ", ".join(each or "/" for each in bases)
        raise NotFound(f"Nothing is served below {at[:100]}; base paths: {named}.")
    page = services.pages.render(
        "docs.html",
        request.mount.at,
        site=services.sign_ins.site.url,
        bases=bases,
        at=at,
        providers=list(request.config.providers),
        openai=openai,
        anthropic=anthropic,
        examples=_examples(services.sign_ins.site.url, openai, anthropic, router),
        keyless=sorted(request.config.routes.anonymous.models) if openai and openai.auth == "optional" else [],
        keys_max=request.config.routes.active_keys_max,
        accounts=mount_of(listener, "account"),
    )
    return Text(page, HTML, dict(PAGE_HEADERS))


def base_paths(listener: Listener) -> dict[str, list[str]]:
    """The base paths of a listener in the order of routes.yaml, each with the documents mounted there."""
    bases: dict[str, list[str]] = {}
    for mount in listener.mounts:
        bases.setdefault(mount.at, []).append(mount.document)
    return bases


def mount_of(listener: Listener, document: str) -> Mount | None:
    """Where a document is mounted; of several places the one with the document's own error format."""
    mounts = [mount for mount in listener.mounts if mount.document == document]
    return next((mount for mount in mounts if mount.errors == document), mounts[0] if mounts else None)


def _examples(site: str, openai: Mount | None, anthropic: Mount | None, router: Router) -> list[Example]:
    """Examples for the first model of each kind that the catalogue offers, where there is a mount to call it on."""
    chat, embedding = _first(router, "chat"), _first(router, "embedding")
    examples: list[Example] = []
    if openai is not None and chat is not None:
        examples += chat_examples(f"{site}{openai.at}", chat)
    if anthropic is not None and chat is not None:
        examples.append(message_example(f"{site}{anthropic.at}", chat))
    if openai is not None and embedding is not None:
        examples.append(embedding_example(f"{site}{openai.at}", embedding))
    return examples


def _first(router: Router, kind: str) -> str | None:
    return next((model for model in router.models if router.kind(model) == kind), None)
