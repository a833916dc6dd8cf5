"""How often one address may ask."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_CLIENTS = 10_000  # remembered at a time; the one longest silent is forgotten first


class RateLimit:
    """A bucket of questions for each client, which refills steadily.

    Parameters
    ----------
    per_minute : int
        How many questions a full bucket holds and how many come back in a minute.
    clock : callable
        Gives seconds; only its differences count.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # left, when

    def take(self, client: str) -> int | None:
        """Take one question from a client's bucket.

        Returns
        -------
        int or None
            Seconds until the next one where the bucket is empty; None where it was not.
        """
        now = self._clock()
        left, when = self._buckets.pop(client, (self._size, now))
        left = min(self._size, left + (now - when) * self._per_second)
        taken = left >= 1
        self._buckets[client] = (left - 1 if taken else left, now)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return None if taken else math.ceil((1 - left) / self._per_second)
