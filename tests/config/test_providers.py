from pathlib import Path

import pytest

from tests.config.files import ENVIRON, PROVIDERS, findings, loaded
from tollhouse.config.snapshot import Provider, ProviderModel, Timeouts, UpstreamKey

MAIL = {"SMTP_URL": "smtp://mail", "ALERT_EMAIL_TO": "ops@example.com"}
USD = 'USD as a decimal string from "0" up, such as "2.50", with at most nine digits before and after the point'
FACTOR = 'a factor as a decimal string from "0" up, such as "1.1", with at most six fractional digits'
ENDPOINT = (
    'an endpoint is a path without a slash at either end, such as chat/completions; a segment "*" stands for any '
    "one, at the end (or alone) for any rest"
)


def test_every_key_arrives(tmp_path: Path) -> None:
    text = """\
version: 1
providers:
  up:
    dialect: anthropic
    base_url: http://127.0.0.1:9/v1/
    keys: [{env: OPENAI_API_KEY, weight: 2}]
    multiplier: "1.5"
    models:
      gpt-4o: {}
      fast: {upstream: gpt-4o, multiplier: "1.1", weight: 3}
    endpoints: [messages, "responses/*"]
    default_models: {moderations: gpt-4o, responses/compact: fast}
    timeouts: {connect_s: 1, first_byte_s: 2.5, idle_s: 3}
    stream_usage: false
    on_disconnect: drain
    allow_private: true
    alert_usd_per_day: "50"
    stop_usd_per_day: "200"
"""
    assert loaded(tmp_path, providers=text).config.providers["up"] == Provider(
        name="up",
        dialect="anthropic",
        base_url="http://127.0.0.1:9/v1",
        keys=(UpstreamKey("env:OPENAI_API_KEY", 2, "sk-test"),),
        models={"gpt-4o": ProviderModel("gpt-4o", "gpt-4o"), "fast": ProviderModel("fast", "gpt-4o", 1_100_000, 3)},
        multiplier_ppm=1_500_000,
        endpoints=("messages", "responses/*"),
        default_models={"moderations": "gpt-4o", "responses/compact": "fast"},
        timeouts=Timeouts(1.0, 2.5, 3.0),
        stream_usage=False,
        on_disconnect="drain",
        allow_private=True,
        alert_nano_per_day=50_000_000_000,
        stop_nano_per_day=200_000_000_000,
    )


def test_no_providers_are_legal(tmp_path: Path) -> None:
    assert loaded(tmp_path, providers="version: 1\nproviders: {}\n").config.providers == {}


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            "dialect: openai",
            "dialect: opnai",
            '4: providers.openai.dialect: "opnai" is not known here; accepted: openai, anthropic; did you mean "openai"?',
        ),
        ("    dialect: openai\n", "", "3: providers.openai.dialect: is missing; accepted: openai, anthropic"),
        (
            "    base_url: https://api.openai.com/v1\n",
            "",
            "3: providers.openai.base_url: is missing; such as https://api.openai.com/v1",
        ),
        (
            "https://api.openai.com/v1",
            "https://api.openai.com/v1/chat/completions",
            '5: providers.openai.base_url: "https://api.openai.com/v1/chat/completions" ends in an endpoint, which calls '
            'append; write "https://api.openai.com/v1"',
        ),
        (
            "https://api.openai.com/v1",
            "http://localhost:8080/v1",
            "5: providers.openai.base_url: localhost is a loopback or private address; "
            "if that is meant, add `allow_private: true` to this provider",
        ),
        (
            "https://api.openai.com/v1",
            '""',
            "5: providers.openai.base_url: must not be empty; "
            "the http(s) address with the version segment, such as https://api.openai.com/v1",
        ),
        (
            "gpt-4o: {}",
            "gpt-4o:",
            "8: providers.openai.models.gpt-4o: must be a mapping, not empty; write {} where every default is right",
        ),
        (
            "gpt-4o: {}",
            "gpt-4o: {multiplier: 1.10}",
            "8: providers.openai.models.gpt-4o.multiplier: must be text, not the number 1.1; "
            'write it as a string: "1.10"',
        ),
        (
            "gpt-4o: {}",
            'gpt-4o: {multiplier: "1.0000001"}',
            f'8: providers.openai.models.gpt-4o.multiplier: "1.0000001" cannot be used; {FACTOR}',
        ),
        (
            "gpt-4o: {}",
            "gpt-4o: {wieght: 2}",
            "8: providers.openai.models.gpt-4o.wieght: unknown key; accepted: upstream, multiplier, weight; "
            'did you mean "weight"?',
        ),
        (
            "gpt-4o: {}",
            '"gpt 4o": {upstream: gpt-4o}',
            '8: providers.openai.models["gpt 4o"]: "gpt 4o" cannot stand here; '
            "a model id is 1 to 200 visible ASCII characters, no spaces",
        ),
        (
            "  openai:",
            "  open/ai:",
            '3: providers["open/ai"]: "open/ai" cannot stand here; a provider name is letters, digits, ., - and _, '
            "because it is part of /v1/{provider}/…",
        ),
    ],
)
def test_a_bad_value_is_one_finding(tmp_path: Path, old: str, new: str, finding: str) -> None:
    assert findings(tmp_path, providers=PROVIDERS.replace(old, new)) == [f"providers.yaml:{finding}"]


@pytest.mark.parametrize(
    ("added", "finding"),
    [
        ("endpoints: [/chat]", f'endpoints[0]: "/chat" cannot be used; {ENDPOINT}'),
        ("endpoints: [chat/]", f'endpoints[0]: "chat/" cannot be used; {ENDPOINT}'),
        ('endpoints: ["chat*"]', f'endpoints[0]: "chat*" cannot be used; {ENDPOINT}'),
        ("endpoints: [a/../b]", 'endpoints[0]: "a/../b" steps out of its own path; remove the segments . and ..'),
        ("free_endpoints: [...]", 'free_endpoints[0]: "..." steps out of its own path; remove the segments . and ..'),
        ("shared_endpoints: [a//b]", f'shared_endpoints[0]: "a//b" cannot be used; {ENDPOINT}'),
        (
            "default_models: {moderation: gpt-4o}",
            "default_models.moderation: no request reaches this endpoint; accepted: chat/completions, completions, "
            'responses, embeddings, moderations, messages; did you mean "moderations"?',
        ),
        ("timeouts: {connect_s: 0}", "timeouts.connect_s: 0 is out of range; accepted: above 0, up to 86400"),
        (
            "timeouts: {connect: 5}",
            'timeouts.connect: unknown key; accepted: connect_s, first_byte_s, idle_s; did you mean "connect_s"?',
        ),
        ("stream_usage: yes", 'stream_usage: must be true or false, not the text "yes"; write true, without quotes'),
        ("allow_private: off", 'allow_private: must be true or false, not the text "off"; write false, without quotes'),
        ("on_disconnect: wait", 'on_disconnect: "wait" is not known here; accepted: cancel, drain'),
        ("stop_usd_per_day: 200", 'stop_usd_per_day: must be text, not the number 200; write it as a string: "200"'),
        ('stop_usd_per_day: "1e3"', f'stop_usd_per_day: "1e3" cannot be used; {USD}'),
    ],
)
def test_a_bad_option_is_one_finding(tmp_path: Path, added: str, finding: str) -> None:
    assert findings(tmp_path, providers=f"{PROVIDERS}    {added}\n") == [
        f"providers.yaml:9: providers.openai.{finding}"
    ]


def test_an_endpoint_is_listed_without_the_version_of_its_base_url(tmp_path: Path) -> None:
    assert findings(tmp_path, providers=f"{PROVIDERS}    endpoints: [v1/messages/count_tokens]\n") == [
        'providers.yaml:9: providers.openai.endpoints[0]: "v1/messages/count_tokens" is never reached: paths are below '
        'base_url, without v1/; write "messages/count_tokens"'
    ]


def test_a_stop_at_nothing_is_a_warning(tmp_path: Path) -> None:
    assert findings(tmp_path, providers=f'{PROVIDERS}    stop_usd_per_day: "0"\n', environ=ENVIRON | MAIL) == [
        "providers.yaml:9: warning: providers.openai.stop_usd_per_day: is 0, so the provider pauses at its first charge of "
        "each day; leave it out where there is no limit"
    ]


def test_an_alert_above_the_stop_is_a_warning(tmp_path: Path) -> None:
    text = f'{PROVIDERS}    alert_usd_per_day: "5"\n    stop_usd_per_day: "4.9"\n'
    assert findings(tmp_path, providers=text, environ=ENVIRON | MAIL) == [
        "providers.yaml:9: warning: providers.openai.alert_usd_per_day: is above stop_usd_per_day, so the provider "
        "pauses before it alerts"
    ]


@pytest.mark.parametrize("threshold", ["alert", "stop"])
@pytest.mark.parametrize("unset", ["SMTP_URL", "ALERT_EMAIL_TO"])
def test_thresholds_that_nobody_would_hear_of_are_a_warning(tmp_path: Path, threshold: str, unset: str) -> None:
    text = f'{PROVIDERS}    {threshold}_usd_per_day: "5"\n'
    without = {**ENVIRON, **MAIL, unset: " "}
    assert findings(tmp_path, providers=text, environ=without) == [
        f"environment: warning: {unset}: is not set, so alerts about openai are lines of the log and no e-mails; "
        "set SMTP_URL and ALERT_EMAIL_TO"
    ]
    assert findings(tmp_path, providers=text, environ=ENVIRON | MAIL) == []
    assert findings(tmp_path, environ=without) == []
