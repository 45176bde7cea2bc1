"""Pauses between attempts: random between nothing and a cap that doubles up to a limit ("full jitter"), so that
many clients of a restarted agent do not all come back at once."""
from __future__ import annotations

import random
from typing import Callable


class Backoff:
    def __init__(self, base: float = 0.5, limit: float = 30.0,
                 uniform: Callable[[], float] = random.SystemRandom().random) -> None:
        self._base, self._limit, self._uniform = base, limit, uniform
        self._cap = base

    def next(self) -> float:
        """Seconds to wait before the next attempt."""
        pause = self._uniform() * self._cap
        self._cap = min(self._limit, self._cap * 2)
        return pause

    def reset(self) -> None:
        """After a success."""
        self._cap = self._base
