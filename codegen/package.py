"""What a client library is called: its classes, its package, its environment variables."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from codegen.ir import Contract
from codegen.names import legal_name, legal_type

# What the libraries export besides the client.
_TAKEN_CLIENTS = frozenset({"APIError", "AsyncPage", "AsyncStream", "CallOptions", "Fetch", "File", "FileContent"})
_TAKEN_CLIENTS |= frozenset({"Page", "RawResponse", "ServerError", "Stream"})
_NOISE = re.compile(r"\b(open)?api\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Package:
    """The names of a client library. `distribution` is its name in PyPI, `npm_name` in npm; `environment` begins its variables.

    `guide` is the template of the examples in its README, for a library whose operations are known here.
    """

    client: str
    distribution: str
    npm_name: str
    base_url: str
    description: str
    version: str
    license: str | None = None
    guide: str | None = None

    @property
    def module(self) -> str:
        """What Python imports."""
        return legal_name(self.distribution)

    @property
    def environment(self) -> str:
        """What the names of its environment variables begin with."""
        return legal_name(self.client).upper()


def tollhouse(contract: Contract) -> Package:
    """The gateway's own client library. All documents are one product, so the newest of their versions is its own."""
    return Package(
        client="Tollhouse",
        distribution="tollhouse-client",
        npm_name="@tollhouse/client",
        base_url="http://127.0.0.1:8000",
        description="The client of the Tollhouse LLM gateway.",
        version=max((document.version for document in contract.documents), key=_version),
        license="Apache-2.0",
        guide="tollhouse.md.jinja",
    )


def of_document(contract: Contract) -> Package:
    """The client library of somebody's document, by its title: `Boat API` gives `Boat` in the package `boat-client`."""
    (document,) = contract.documents
    title = _NOISE.sub(" ", document.title).strip() or document.name
    server = urlsplit(document.server)
    name = f"{legal_name(title).rstrip('_').replace('_', '-')}-client"
    client = legal_type(title)
    return Package(
        client=f"{client}Client" if client in _TAKEN_CLIENTS else client,
        distribution=name,
        npm_name=name,
        base_url=f"{server.scheme}://{server.netloc}" if server.netloc else "http://127.0.0.1:8000",
        description=f"The client of {document.title}.",
        version=document.version,
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))
