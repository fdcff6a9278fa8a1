"""The load generator: wrk, told what to post and asked for its percentiles in JSON."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import BenchmarkError, pinned

RESULT = "RESULT "  # begins the line that the script prints at the end
TIMEOUT = "10s"

BODY = {
    "model": "gpt-bench",
    "messages": [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "What is the capital of France? Answer in one word, please."},
    ],
    "max_tokens": 100,
}

_SCRIPT = """
wrk.method = "POST"
wrk.body = [==[{body}]==]
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer {key}"

function done(summary, latency, requests)
   local e = summary.errors
   io.write(string.format(
      '{result}{{"requests":%d,"duration_us":%d,"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d,' ..
      '"p50_us":%.1f,"p90_us":%.1f,"p99_us":%.1f,"max_us":%.1f}}\\n',
      summary.requests, summary.duration, e.connect, e.read, e.write, e.status, e.timeout,
      latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk saw."""

    requests: int
    duration_s: float
    p50_us: float
    p90_us: float
    p99_us: float
    max_us: float

    @property
    def per_s(self) -> float:
        return self.requests / self.duration_s


def write_script(path: Path, key: str) -> Path:
    """The Lua script that posts the small chat body with this key."""
    path.write_text(_SCRIPT.format(body=json.dumps(BODY), key=key, result=RESULT))
    return path


def run(url: str, script: Path, *, connections: int, seconds: float, core: int | None) -> Load:
    """Load `url` for some whole seconds. Raises BenchmarkError on any answer but a success."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{round(seconds)}s", "--timeout", TIMEOUT, "-s", str(script), url]
    with pinned(core):
        result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        raise BenchmarkError(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")
    return parse(result.stdout)


def parse(output: str) -> Load:
    """Read the line that the script printed. Raises BenchmarkError where it counts errors or no answers."""
    for line in output.splitlines():
        if line.startswith(RESULT):
            counts = json.loads(line.removeprefix(RESULT))
            break
    else:
        raise BenchmarkError(f"wrk printed no result:\n{output}")
    errors = {name: counts[name] for name in ("connect", "read", "write", "status", "timeout") if counts[name]}
    if errors or not counts["requests"]:
        raise BenchmarkError(f"wrk counted {counts['requests']} answers and these errors: {errors}")
    return Load(
        requests=counts["requests"],
        duration_s=counts["duration_us"] / 1e6,
        p50_us=counts["p50_us"],
        p90_us=counts["p90_us"],
        p99_us=counts["p99_us"],
        max_us=counts["max_us"],
    )
