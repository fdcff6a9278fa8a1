"""The onion of one listener: which middleware stands where, and which documents they are compiled from."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, MutableMapping
from typing import Any, cast

from connexion.middleware import ConnexionMiddleware
from connexion.middleware.lifespan import LifespanMiddleware
from connexion.middleware.main import API
from connexion.resolver import Resolver
from starlette.types import ASGIApp

from tollhouse.config.snapshot import Config, Listener
from tollhouse.contract.compiled import Mounted
from tollhouse.contract.dispatch import Dispatch
from tollhouse.contract.edge import Edge, Mounts
from tollhouse.contract.failures import Failures
from tollhouse.contract.published import published
from tollhouse.contract.publisher import Publisher
from tollhouse.contract.routing import Routing
from tollhouse.contract.security import Security
from tollhouse.contract.validation import Validation
from tollhouse.endpoints.context import Services
from tollhouse.generated.bindings import BINDINGS
from tollhouse.router import Router


def build(
    listener: Listener, config: Config, router: Callable[[], Router], services: Services, admin_token: str
) -> ASGIApp:
    """The ASGI app of a listener: its documents compiled, one configuration snapshot, for as long as requests use it.

    `router` gives each request the router that is in force when it arrives.

    The first time takes tenths of a second, so a server that has requests calls it in a thread. Raises TollhouseError
    where the configuration asks for something that the documents do not allow.
    """
    mounts = Mounts(listener)
    documents = published(listener)
    app = ConnexionMiddleware(
        Dispatch(services, mounts, Publisher(documents, services, admin_token)),
        middlewares=[
            functools.partial(Edge, mounts=mounts, config=config, router=router),
            functools.partial(Failures, mounts=mounts),
            functools.partial(Routing, published={path: mount for path in documents if (mount := mounts.of(path))}),
            Security,
            Validation,
            LifespanMiddleware,
        ],
        lifespan=_no_lifespan,
        import_name=__name__,
        resolver=Resolver(BINDINGS.__getitem__),
    )
    for mount in listener.mounts:
        # What `add_api` does, without compiling the document anew: Connexion 3.3 takes files and dicts only.
        options = {**vars(app.options), "mount": mount, "services": services, "admin_token": admin_token}
        app.apis.append(API(Mounted(mount.document), base_path=mount.at, **options))
    asyncio.run(_compile(app))
    return cast(ASGIApp, app)


async def _compile(app: ConnexionMiddleware) -> None:
    """Connexion compiles its layers when it is first called, so it is called with the events of a start and a stop."""
    events = iter(({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}))

    async def receive() -> dict[str, str]:
        return next(events)

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"].endswith(".failed"):
            raise RuntimeError(message.get("message", "the contract did not start"))

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)


@contextlib.asynccontextmanager
async def _no_lifespan(app: Any) -> AsyncIterator[None]:
    """The process, not a listener, owns what has to be opened and closed."""
    yield
