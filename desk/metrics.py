"""What Prometheus may ask for."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from casework.turns import Took

_SECONDS = (0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0)


class Metrics:
    """One registry for each app, so that two in one process do not mix."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.messages = Counter("redress_messages", "Customers' messages stored", ["channel"], registry=registry)
        self._turns = Counter("redress_turns", "Turns taken", ["result"], registry=registry)
        self._seconds = Histogram("redress_turn_seconds", "Seconds a turn", buckets=_SECONDS, registry=registry)
        self._failures = Counter("redress_engine_failures", "Turns without an engine's answer", registry=registry)
        self._queue = Gauge("redress_queue_length", "Conversations that wait for a person", registry=registry)
        self._streams = Gauge("redress_streams", "Open event streams", registry=registry)

    def turn(self, took: Took, seconds: float) -> None:
        """Count one turn."""
        self._turns.labels(took.value).inc()
        self._seconds.observe(seconds)
        if took is Took.ENGINE_DOWN:
            self._failures.inc()

    def text(self, queue_length: int, streams: int) -> bytes:
        """The page that Prometheus reads."""
        self._queue.set(queue_length)
        self._streams.set(streams)
        return generate_latest(self.registry)
