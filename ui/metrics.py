"""What the service counts: requests, the time of each step, refusals, sentences not borne out."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from assistant.answer import Answer
from ingest.document import Book
from ui.chips import is_borne_out

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one application, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "guide_requests",
            "Requests by route and status",
            ["route", "status"],
            registry=self._registry,
        )
        self._steps = Histogram(
            "guide_step_seconds",
            "Time by step of an answer",
            ["step"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._answers = Counter("guide_answers", "Answers given", registry=self._registry)
        self._refusals = Counter(
            "guide_refusals", "Questions on which the book does not say", registry=self._registry
        )
        self._unsupported = Counter(
            "guide_unsupported_sentences",
            "Sentences that the book does not bear out: a model's, or with a quote not in the book",
            registry=self._registry,
        )
        self._fallbacks = Counter(
            "guide_fallbacks",
            "Answers that quote the book because a language model failed",
            registry=self._registry,
        )

    def request(self, route: str, status: int) -> None:
        """Count one request."""
        self._requests.labels(route, str(status)).inc()

    def step(self, name: str, seconds: float) -> None:
        """Record how long one step of an answer took."""
        self._steps.labels(name).observe(seconds)

    def answered(self, answer: Answer, book: Book, *, seconds: float) -> None:
        """Count one whole answer."""
        self.step("answer", seconds)
        self._answers.inc()
        if not answer.answered:
            self._refusals.inc()
        if answer.notice:
            self._fallbacks.inc()
        quotes = sum(not is_borne_out(citation, book) for citation in answer.citations)
        self._unsupported.inc(quotes + len(answer.unsupported))

    def exposition(self) -> bytes:
        """Give all counters in the Prometheus text format."""
        return generate_latest(self._registry)
