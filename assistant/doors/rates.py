"""How often one client may come: a token bucket for each key, and for each address that has shown none.

Programs of this machine are exempt. What a proxy hands on is not: it says so itself, in X-Forwarded-For, and that can
only cost a client something. Kept in memory, for one process. Knows nothing of what is asked.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from assistant.doors.problems import Problem
from assistant.settings import is_loopback

A_MINUTE = 600  # requests; ten a second, while two cores answer some twenty questions in it
MOST_CLIENTS = 10_000  # remembered; who has not come for longest is forgotten first, with a full bucket
POLICY = f'"default";q={A_MINUTE};w=60'


@dataclass(frozen=True, slots=True)
class Quota:
    """What a client has left. `reset` is in how many seconds all is there again."""

    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """As in the IETF draft `RateLimit header fields for HTTP`, version 10."""
        return {"ratelimit-policy": POLICY, "ratelimit": f'"default";r={self.remaining};t={self.reset}'}


class Rates:
    """Counts requests by client. Used from one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # name to tokens, and since when

    def take(self, client: str, requests: int = 1) -> Quota:
        """Takes as many requests from what the client has.

        Raises:
            Problem: 429, with Retry-After, where there is none left.
        """
        now = self._clock()
        tokens, since = self._buckets.pop(client, (float(A_MINUTE), now))
        tokens = min(A_MINUTE, tokens + (now - since) * A_MINUTE / 60)
        enough = tokens >= 1
        tokens = max(0.0, tokens - requests) if enough else tokens
        self._buckets[client] = (tokens, now)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        quota = Quota(int(tokens), math.ceil((A_MINUTE - tokens) * 60 / A_MINUTE))
        if not enough:
            wait = math.ceil((1 - tokens) * 60 / A_MINUTE)
            raise Problem(
                429,
                f"More than {A_MINUTE} requests a minute: wait as long as Retry-After says.",
                headers={"Retry-After": str(wait), **quota.headers},
            )
        return quota


def client_of(scope: Scope, owner: str | None) -> str | None:
    """Who is counted: the owner of a key, or an address; None for a program of this machine, which is not counted."""
    address = str((scope.get("client") or ("unknown", 0))[0])
    forwarded = Headers(scope=scope).getlist("x-forwarded-for")
    if is_loopback(address):
        if not forwarded:
            return None
        # What the proxy on this machine saw, be it on a line of its own; the rest anybody can say.
        address = ",".join(forwarded).rpartition(",")[2].strip()
    return f"key {owner}" if owner else f"address {address}"
