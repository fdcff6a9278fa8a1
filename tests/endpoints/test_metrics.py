"""Metrics are Prometheus text, for administrators."""

from prometheus_client.parser import text_string_to_metric_families

from tests.gateway import bearer, chat
from tests.served import Served


def test_metrics_parse_and_count(served: Served, key: str) -> None:
    def charged() -> float:
        families = text_string_to_metric_families(served.admin.get("/metrics").text)
        return sum(
            sample.value
            for family in families
            for sample in family.samples
            if sample.name == "tollhouse_requests_total"
        )

    before = charged()
    served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    assert charged() == before + 1
    assert served.admin.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")
    assert served.client.get("/admin/api/metrics").status_code == 401
