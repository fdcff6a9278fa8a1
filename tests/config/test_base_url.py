import pytest

from tollhouse.config.base_url import base_url_problem, is_private_host


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1",
        "https://api.openai.com/v1/",
        "http://vllm:8000/v1",
        "https://1.1.1.1/v1",
        "https://[2606:4700:4700::1111]:8443/v1",
        "https://x.example/a@b/v1",
    ],
)
def test_a_public_address_is_fine(url: str) -> None:
    assert base_url_problem(url, allow_private=False) is None


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "10.1.2.3", "172.16.0.1", "192.168.0.1",
        "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "[::1]", "[::]", "[fe80::1]", "[fd00::1]",
        "[::ffff:127.0.0.1]", "localhost", "LOCALHOST", "localhost.", "api.localhost", "host.docker.internal",
    ],
)  # fmt: skip
def test_a_private_address_must_be_meant(host: str) -> None:
    url = f"http://{host}:8080/v1"
    found = base_url_problem(url, allow_private=False)
    assert found is not None
    assert found[0].endswith("is a loopback or private address")
    assert "allow_private: true" in found[1]
    assert base_url_problem(url, allow_private=True) is None


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://h/v1", '"ftp://h/v1" is not an http or https address'),
        ("api.openai.com/v1", '"api.openai.com/v1" is not an http or https address'),
        ("https:///v1", '"https:///v1" names no host'),
        ("https://-x-/v1", '"https://-x-/v1" names no host'),
        ("https://h:99999/v1", '"https://h:99999/v1" is not a URL: Port out of range 0-65535'),
        ("https://[::g]/v1", "\"https://[::g]/v1\" is not a URL: '::g' does not appear to be an IPv4 or IPv6 address"),
        ("https://h/v1?key=1", '"https://h/v1?key=1" has a query or a fragment'),
        ("https://h/v1#x", '"https://h/v1#x" has a query or a fragment'),
        ("https://h/v 1", '"https://h/v 1" is not a URL'),
        ("https://h/v1\n", '"https://h/v1\n" is not a URL'),
        ("https://h\\@evil/v1", "holds a user name or password"),
        ("https://hé/v1", '"https://hé/v1" is not a URL'),
    ],
)
def test_anything_but_a_plain_http_address_is_refused(url: str, message: str) -> None:
    found = base_url_problem(url, allow_private=True)
    assert found is not None
    assert found[0] == message


@pytest.mark.parametrize("url", ["https://me:hunter2@h/v1", "https://me:hunter2@h:99999/v 1", "me:hunter2@h"])
def test_a_password_is_refused_and_not_shown(url: str) -> None:
    found = base_url_problem(url, allow_private=True)
    assert found is not None
    assert "hunter2" not in "".join(found)


def test_a_public_name_is_not_private() -> None:
    assert not is_private_host("internal.example.com")
