"""How often one client may come: buckets that fill again, headers, and who is counted."""

import pytest
from starlette.testclient import TestClient
from starlette.types import Scope

from assistant.doors import rates
from assistant.doors.guard import Guard
from assistant.doors.problems import Problem
from assistant.doors.rates import A_MINUTE, Rates, client_of
from tests.test_guard import echo


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    limits = Rates(clock)
    assert limits.take("one").remaining == A_MINUTE - 1
    for _ in range(A_MINUTE - 1):
        quota = limits.take("one")
    assert (quota.remaining, quota.reset) == (0, 60)
    with pytest.raises(Problem) as refused:
        limits.take("one")
    assert refused.value.status == 429
    assert refused.value.headers["Retry-After"] == "1"
    assert refused.value.headers["ratelimit"] == '"default";r=0;t=60'
    assert limits.take("two").remaining == A_MINUTE - 1
    clock.now = 30
    assert limits.take("one").remaining == A_MINUTE // 2 - 1
    clock.now = 1000
    assert limits.take("one").remaining == A_MINUTE - 1


def test_only_so_many_clients_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_CLIENTS", 2)
    limits = Rates(Clock())
    for client in ("one", "two", "three"):
        limits.take(client)
    assert limits.take("three").remaining == A_MINUTE - 2
    assert limits.take("one").remaining == A_MINUTE - 1


def scope(address: str, **headers: str) -> Scope:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "client": (address, 50000), "headers": pairs}


def test_who_is_counted() -> None:
    assert client_of(scope("127.0.0.1"), "") is None
    assert client_of(scope("::1"), "owner") is None
    assert client_of(scope("192.0.2.7"), "") == "address 192.0.2.7"
    assert client_of(scope("192.0.2.7"), "owner") == "key owner"
    assert client_of(scope("127.0.0.1", x_forwarded_for="10.9.9.9, 192.0.2.8"), "") == "address 192.0.2.8"
    assert client_of(scope("192.0.2.7", x_forwarded_for="127.0.0.1"), "") == "address 192.0.2.7"
    two_lines = scope("127.0.0.1", x_forwarded_for="10.9.9.9") | {
        "headers": [(b"x-forwarded-for", b"10.9.9.9"), (b"x-forwarded-for", b"192.0.2.8")]
    }
    assert client_of(two_lines, "") == "address 192.0.2.8"


def client(address: str, keys: tuple[str, ...] = ()) -> TestClient:
    app = Guard(echo, host="127.0.0.1", port=7860, keys=keys)
    return TestClient(app, base_url="http://127.0.0.1:7860", client=(address, 50000))


def test_the_guard_counts_and_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "A_MINUTE", 3)
    far = client("192.0.2.7")
    told = [far.get("/v1/articles").headers["ratelimit"] for _ in range(3)]
    assert told == ['"default";r=2;t=20', '"default";r=1;t=40', '"default";r=0;t=60']
    refused = far.get("/v1/articles")
    assert (refused.status_code, refused.json()["error"]["type"]) == (429, "rate_limited")
    assert refused.headers["retry-after"] == "20"
    assert far.get("/assets/page.css").status_code == 200  # what the page is made of is not counted
    near = client("127.0.0.1")
    assert all(near.get("/v1/articles").status_code == 200 for _ in range(5))
    assert "ratelimit" not in near.get("/v1/articles").headers


def test_guessing_keys_is_slow() -> None:
    far = client("192.0.2.7", ("key",))
    guesses = [far.get("/v1/articles", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(80)]
    assert guesses[:60] == [401] * 60
    assert 429 in guesses[60:]
    assert far.get("/v1/articles", headers={"Authorization": "Bearer key"}).status_code == 200


def test_guessing_keys_in_the_form_is_as_slow() -> None:
    far = client("192.0.2.7", ("key",))
    guesses = [far.post("/login", data={"key": str(n)}).status_code for n in range(80)]
    assert guesses[:60] == [401] * 60
    assert 429 in guesses[60:]
