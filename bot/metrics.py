"""What is counted, for /metrics: numbers alone, nothing about anybody."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, generate_latest


class Metrics:
    """The counters of one process, since its start."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=True)
        self.updates = self._counter("bot_updates", "Updates acknowledged", "outcome")
        self.deliveries = self._counter("bot_deliveries", "Attempts to deliver an outbox row", "outcome")
        self.jobs = self._counter("bot_jobs", "Runs of what time makes due", "job", "outcome")

    def text(self) -> bytes:
        """All counters in Prometheus' text format 0.0.4."""
        return generate_latest(self._registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, registry=self._registry)
