"""The way in for people, through the guard, around a tiny application that tells who asks."""

import re
from html import unescape

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.doors import login
from assistant.doors.guard import BODY_LIMIT, Guard, owner_name

PERSON = {"Accept": "text/html,application/xhtml+xml"}


async def who(scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({"owner": Request(scope).state.owner})(scope, receive, send)


@pytest.fixture
def browser() -> TestClient:
    app = Guard(who, host="127.0.0.1", port=7860, keys=["first", "second"], token="of-this-run")
    return TestClient(app, base_url="http://127.0.0.1:7860", follow_redirects=False)


def sign_in(browser: TestClient, key: str, towards: str = "/") -> str:
    answer = browser.post("/login", data={"key": key, "next": towards})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_person_without_a_session_gets_the_page_that_asks_for_the_key(browser: TestClient) -> None:
    asked = browser.get("/?answer=ans_1", headers=PERSON)
    assert asked.status_code == 401
    assert "www-authenticate" not in asked.headers  # else the browser's own window comes up
    assert 'value="/?answer=ans_1"' in asked.text
    assert "autofocus" in asked.text


def test_the_key_opens_and_the_cookie_holds_nothing_of_it(browser: TestClient) -> None:
    answer = browser.post("/login", data={"key": " second ", "next": "/?answer=ans_1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?answer=ans_1")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "second" not in cookie
    assert owner_name("second") not in cookie
    assert browser.get("/").json() == {"owner": owner_name("second")}
    assert browser.post("/v1/ask").json() == {"owner": owner_name("second")}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_cookie_that_came_over_https_never_goes_over_http(browser: TestClient, scheme: str) -> None:
    answer = browser.post("/login", data={"key": "first"}, headers={"Origin": f"{scheme}://127.0.0.1:7860"})
    assert ("Secure" in answer.headers["set-cookie"]) == (scheme == "https")


def test_each_key_is_an_owner_of_its_own_and_so_is_this_run(browser: TestClient) -> None:
    asked = [
        browser.get("/", headers={"Authorization": f"Bearer {key}"}).json()["owner"] for key in ("first", "second")
    ]
    assert asked == [owner_name("first"), owner_name("second")]
    assert len(set(asked)) == 2
    assert browser.get("/", headers={"Authorization": "Bearer of-this-run"}).json() == {"owner": ""}


@pytest.mark.parametrize("key", ["", "firs", "first,second", "f\u00fcrst", "<script>"])
def test_another_key_does_not_open_and_the_page_says_so(browser: TestClient, key: str) -> None:
    answer = browser.post("/login", data={"key": key, "next": "/"})
    assert answer.status_code == 401
    assert login.WRONG in unescape(answer.text)
    assert "set-cookie" not in answer.headers
    assert key not in re.sub(r"<style>.*?</style>", "", answer.text) or not key


def test_signing_out_ends_the_session(browser: TestClient) -> None:
    sign_in(browser, "first")
    token = browser.cookies[login.COOKIE]
    assert browser.post("/logout").headers["location"] == "/"
    assert browser.get("/", headers={"Cookie": f"{login.COOKIE}={token}"}).status_code == 401


def test_who_guesses_too_often_is_told_so_on_the_same_page() -> None:
    app = Guard(who, host="127.0.0.1", port=7860, keys=["first"])
    far = TestClient(app, base_url="http://127.0.0.1:7860", client=("203.0.113.9", 1))
    answers = [far.post("/login", data={"key": "guess"}) for _ in range(80)]
    refused = answers[-1]
    assert [answers[0].status_code, refused.status_code] == [401, 429]
    assert login.TOO_OFTEN in unescape(refused.text)
    assert int(refused.headers["retry-after"]) >= 1
    assert '<form method="post" action="/login">' in refused.text


@pytest.mark.parametrize("cookie", [f"{login.COOKIE}=", f"{login.COOKIE}=x", "other=1", "\x00;=;,", login.COOKIE])
def test_other_cookies_open_nothing(browser: TestClient, cookie: str) -> None:
    assert browser.get("/v1/articles", headers={"Cookie": cookie}).status_code == 401


def test_a_wrong_key_beside_a_good_cookie_is_refused(browser: TestClient) -> None:
    sign_in(browser, "first")
    assert browser.get("/v1/articles", headers={"Authorization": "Bearer third"}).status_code == 401


@pytest.mark.parametrize(
    "towards", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "evil", "", "/login"]
)
def test_signing_in_never_leads_elsewhere(browser: TestClient, towards: str) -> None:
    assert sign_in(browser, "first", towards) == "/"


def test_a_link_from_elsewhere_is_followed_by_our_own_page(browser: TestClient) -> None:
    """A strict cookie is not sent with it, so that the page has to ask again by itself."""
    first = browser.get("/?answer=ans_1", headers=PERSON | {"Sec-Fetch-Site": "cross-site"})
    assert "url=/?answer=ans_1" in first.text
    assert "password" not in first.text


def test_programs_are_told_in_json(browser: TestClient) -> None:
    for path in ("/", "/v1/articles", "/gradio_api/info"):
        assert browser.get(path).json()["error"]["type"] == "authentication"
    assert browser.get("/v1/articles", headers=PERSON).json()["error"]["type"] == "authentication"


def test_another_site_cannot_sign_anybody_in(browser: TestClient) -> None:
    answer = browser.post("/login", data={"key": "first"}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


def test_what_cannot_be_read_is_a_wrong_key(browser: TestClient) -> None:
    assert browser.post("/login", content=b"key=\xff\xfe").status_code == 401
    assert browser.post("/login", content=iter([b"x" * BODY_LIMIT, b"x"])).status_code == 401
    assert browser.get("/login", headers=PERSON).headers["location"] == "/"


def test_the_oldest_sessions_end_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "MOST_SESSIONS", 2)
    sessions = login.Sessions()
    tokens = [sessions.open(name) for name in ("a", "b", "c")]
    assert [sessions.owner(f"{login.COOKIE}={token}") for token in tokens] == [None, "b", "c"]


def test_a_session_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "LASTS", -1)
    sessions = login.Sessions()
    assert sessions.owner(f"{login.COOKIE}={sessions.open('a')}") is None


def test_without_keys_everybody_is_the_same_nobody() -> None:
    client = TestClient(Guard(who, host="127.0.0.1", port=7860), base_url="http://127.0.0.1:7860")
    assert client.get("/").json() == {"owner": ""}
