"""What Prometheus reads at /metrics: latency and errors by endpoint, never by address or person."""

import time

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

LATENCY = Histogram(
    "crm_request_seconds",
    "Time to answer",
    ["endpoint", "method"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
ANSWERS = Counter("crm_answers_total", "Answers by status", ["endpoint", "status"])


def register_metrics(app: Flask) -> None:
    app.after_request(_observe)


def _observe(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    LATENCY.labels(endpoint, request.method).observe(time.perf_counter() - g.get("began", time.perf_counter()))
    ANSWERS.labels(endpoint, response.status_code).inc()
    return response
