"""Metrics for Prometheus."""

from tollhouse.endpoints.context import Reply, Request, Services, Text


async def get_metrics(services: Services, request: Request) -> Reply:
    return Text(services.relay.means.telemetry.prometheus(), "text/plain; version=0.0.4; charset=utf-8")
