"""What pages are made of: whole, escaped, local, and in the package."""

import hashlib
import re
from pathlib import Path

import jinja2
import pytest
from hatchling.builders.wheel import WheelBuilder

from tollhouse.web.pages import KEPT_MAX, POLICY, Pages

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "tollhouse" / "web"
PAGES = Pages()


def test_every_file_of_the_folder_has_a_type_and_a_version_of_its_own() -> None:
    files = {path.relative_to(WEB / "static").as_posix() for path in (WEB / "static").rglob("*") if path.is_file()}
    assert set(PAGES.assets) == files
    assert len({asset.version for asset in PAGES.assets.values()}) == len(files)
    types = {name: PAGES.assets[name].content_type.partition(";")[0] for name in ("site.css", "pricing.js", "icon.svg")}
    assert types == {"site.css": "text/css", "pricing.js": "text/javascript", "icon.svg": "image/svg+xml"}
    assert PAGES.assets["swagger-ui/LICENSE"].content_type.startswith("text/plain")


def test_a_file_may_be_kept_for_ever_under_its_own_version_only() -> None:
    asset = PAGES.assets["site.css"]
    assert "immutable" in asset.headers(asset.version)["cache-control"]
    for other in (None, "", "0" * 16):
        assert asset.headers(other)["cache-control"] == "no-cache"
        assert asset.headers(other)["etag"] == f'"{asset.version}"'


def test_what_is_copied_from_others_is_what_they_published() -> None:
    folder = WEB / "static" / "swagger-ui"
    recorded = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", (folder / "VERSION.txt").read_text(), re.MULTILINE))
    found = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name for path in folder.iterdir()}
    assert {digest: name for digest, name in found.items() if name != "VERSION.txt"} == recorded
    assert {"LICENSE", "NOTICE"} < set(recorded.values())


def test_the_wheel_has_the_templates_and_the_files() -> None:
    packed = {each.distribution_path for each in WheelBuilder(str(ROOT)).recurse_included_files()}
    wanted = {path for folder in ("templates", "static") for path in (WEB / folder).rglob("*") if path.is_file()}
    assert len(wanted) > 10
    assert {path.relative_to(ROOT / "src").as_posix() for path in wanted} <= packed


@pytest.mark.parametrize("path", sorted((WEB / "templates").glob("*.html")), ids=lambda path: path.name)
def test_a_template_has_nothing_inline_and_nothing_of_others(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe\b|https?://|<script(?![^>]*\ssrc=)", text)


def test_the_policy_allows_this_gateway_alone() -> None:
    assert "unsafe" not in POLICY and "http" not in POLICY and "*" not in POLICY
    assert {"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(POLICY.split("; "))


def small(directory: Path, template: str) -> Pages:
    for folder in ("templates", "static"):
        (directory / folder).mkdir()
    (directory / "templates" / "page.html").write_text(template)
    return Pages(directory)


def test_every_value_is_escaped_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    pages = small(tmp_path, '<p title="{{ value }}">{{ value }}</p>')
    assert "<script>" not in pages.render("page.html", "", value='"><script>alert(1)</script>')
    with pytest.raises(jinja2.UndefinedError):
        pages.render("page.html", "")


def test_a_page_is_made_again_when_it_is_about_something_else(tmp_path: Path) -> None:
    pages = small(tmp_path, "{{ root }} {{ value }}")
    made = [pages.render_once("page.html", root, about, value=value) for root, about, value in (
        ("", b"1", "one"), ("", b"1", "not looked at"), ("/site", b"1", "one"), ("", b"2", "two"),
    )]  # fmt: skip
    assert made == [" one", " one", "/site one", " two"]
    for number in range(KEPT_MAX):
        pages.render_once("page.html", "", b"x%d" % number, value="x")
    assert pages.render_once("page.html", "", b"1", value="made anew") == " made anew", "only so many are kept"
