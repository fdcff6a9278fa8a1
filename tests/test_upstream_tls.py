"""TLS to an upstream: who is trusted, and what a failure tells the operator to do."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable, Coroutine
from pathlib import Path

import certifi
import pytest
import uvloop

from tests import upstream as scripted
from tests.upstream import ScriptedUpstream
from tests.upstream_calls import BYTES_MAX, call, cancelled_after, fail, read
from tollhouse.upstream import ConnectFailed, ConnectionBroken
from tollhouse.upstream.engine import HttpUpstream
from tollhouse.upstream.tls import client_context


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for localhost and its key."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command")
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run([*command.split(), "-out", certificate, "-keyout", key], check=True, capture_output=True)
    return certificate, key


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_tls(certificate: tuple[Path, Path], run: Callable[[Coroutine[object, object, None]], None]) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*certificate)

    async def check() -> None:
        engine = HttpUpstream(tls=ssl.create_default_context(cafile=certificate[0]))
        async with ScriptedUpstream(serving) as upstream:
            url = upstream.url.replace("127.0.0.1", "localhost")
            upstream.reply(
                scripted.answer(b"x" * BYTES_MAX), scripted.fin_mid_body(), scripted.reset, scripted.hang_mid_body()
            )
            assert len(await read(engine, call(url))) == BYTES_MAX
            assert type(await fail(engine, call(url))) is ConnectionBroken
            assert type(await fail(engine, call(url))) is ConnectionBroken
            cancelled_at = await cancelled_after(asyncio.create_task(read(engine, call(url))), 0.1)
            assert await upstream.requests[3].wait_closed() - cancelled_at < 1.0
            assert [await read(engine, call(url)) for _ in range(2)] == [await read(engine, call(url))] * 2
            assert upstream.connections_accepted == 4, "connections are used again"
            for name in ("127.0.0.1", "localhost"):  # the wrong name, then an authority that is not trusted
                assert type(await fail(engine, call(url.replace("localhost", name)))) is ConnectFailed
                await engine.close()
                engine = HttpUpstream()
        await engine.close()

    run(check())


def serving(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.mark.parametrize(
    ("host", "advice"), [("localhost", "start with SSL_CERT_FILE="), ("127.0.0.1", "is not trusted")]
)
async def test_an_unknown_authority_says_how_to_add_it(certificate: tuple[Path, Path], host: str, advice: str) -> None:
    engine = HttpUpstream()
    async with ScriptedUpstream(serving(certificate)) as upstream:
        error = await fail(engine, call(upstream.url.replace("127.0.0.1", host)))
    await engine.close()
    assert type(error) is ConnectFailed
    assert advice in str(error)


async def test_the_advice_works(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    engine = HttpUpstream()
    async with ScriptedUpstream(serving(certificate)) as upstream:
        assert await read(engine, call(upstream.url.replace("127.0.0.1", "localhost")))
        error = await fail(engine, call(upstream.url))
    await engine.close()
    assert "for another name: write base_url with the name in it" in str(error)


async def test_https_to_a_plain_port_asks_whether_it_is_one() -> None:
    engine = HttpUpstream()

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        error = await fail(engine, call(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
    await engine.close()
    assert "is this port served with https?" in str(error)


def test_the_system_decides_whom_to_trust(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert len(client_context().get_ca_certs()) == 1


def test_certifi_serves_where_the_system_has_no_authorities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    for folder in (tmp_path / "missing", tmp_path):
        monkeypatch.setenv("SSL_CERT_DIR", str(folder))
        names = {str(each["serialNumber"]) for each in client_context().get_ca_certs()}
        assert names == {
            str(each["serialNumber"]) for each in ssl.create_default_context(cafile=certifi.where()).get_ca_certs()
        }
    (tmp_path / "0a0b0c0d.0").touch()
    assert client_context().get_ca_certs() == []
