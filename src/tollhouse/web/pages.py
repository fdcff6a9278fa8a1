"""The pages for people: templates, the files they need, and the headers that keep other people's code out of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jinja2
from cachetools import LRUCache

_HERE = Path(__file__).resolve().parent
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_TEXT = "text/plain; charset=utf-8"
KEPT_MAX = 8  # pages that are kept as they were made

HTML = "text/html; charset=utf-8"
# Scripts, styles and calls of this gateway only, nothing inline, and in nobody's frame (CSP Level 3). Pictures may be
# `data:`, because Swagger UI keeps its icons in its style sheet.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
SAFE_HEADERS: Mapping[str, str] = MappingProxyType(
    {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
)
PAGE_HEADERS: Mapping[str, str] = MappingProxyType({**SAFE_HEADERS, "cache-control": "no-cache"})


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages need. `version` is a hash of its content: an address with it never changes what it means."""

    content: bytes = field(repr=False)
    content_type: str
    version: str

    def headers(self, asked: str | None) -> dict[str, str]:
        """How long the file may be kept by whoever asked for a version of it, or for any."""
        lasting = "public, max-age=31536000, immutable" if asked == self.version else "no-cache"
        return {**SAFE_HEADERS, "etag": f'"{self.version}"', "cache-control": lasting}


class Pages:
    """Everything that pages are made of, read once. What is not in here cannot be asked for, whatever a path says."""

    def __init__(self, directory: Path = _HERE) -> None:
        static = directory / "static"
        self.assets: Mapping[str, Asset] = MappingProxyType(
            {path.relative_to(static).as_posix(): _asset(path) for path in sorted(static.rglob("*")) if path.is_file()}
        )
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(directory / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates = {name: environment.get_template(name) for name in environment.list_templates()}
        self._kept: LRUCache[tuple[str, str, bytes], str] = LRUCache(KEPT_MAX)

    def render(self, template: str, root: str, **values: Any) -> str:
        """A page as HTML; every value is escaped. `root` is the base path where the pages are mounted."""

        def asset(name: str) -> str:
            return f"{root}/static/{name}?v={self.assets[name].version}"

        return self._templates[template].render(root=root, asset=asset, **values)

    def render_once(self, template: str, root: str, about: bytes, **values: Any) -> str:
        """As `render`, but made once for everything that `about` is the same of: a long page takes tenths of a second."""
        key = template, root, about
        if key not in self._kept:
            self._kept[key] = self.render(template, root, **values)
        return self._kept[key]


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, _TYPES.get(path.suffix, _TEXT), hashlib.sha256(content).hexdigest()[:16])
