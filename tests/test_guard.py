"""The guard, around a tiny application that answers everything."""

import base64
from collections.abc import Iterator

import pytest
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from assistant.doors import guard, headers
from assistant.doors.guard import Guard, own_hosts


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    headers = {"access-control-allow-origin": "http://localhost:3000"}
    await JSONResponse({"length": len(body)}, headers=headers)(scope, receive, send)


def client_of(app: ASGIApp, url: str = "http://127.0.0.1:7860") -> TestClient:
    return TestClient(app, base_url=url)


@pytest.fixture
def client() -> TestClient:
    return client_of(Guard(echo, host="127.0.0.1", port=7860))


@pytest.fixture
def locked() -> TestClient:
    return client_of(Guard(echo, host="127.0.0.1", port=7860, keys=["first", "second"], token="of-this-run"))


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "LOCALHOST:7860", "[::1]:7860"])
def test_our_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:7860", ""]
)
def test_other_names_are_not(client: TestClient, host: str) -> None:
    answer = client.get("/v1/articles", headers={"Host": host})
    assert answer.status_code == 403
    assert answer.json()["error"]["type"] == "permission"
    assert "127.0.0.1:7860" in answer.json()["error"]["message"]


def test_two_host_headers_are_refused(client: TestClient) -> None:
    assert client.get("/", headers=[("Host", "127.0.0.1:7860"), ("Host", "evil.example")]).status_code == 403


def test_names_follow_the_address_listened_on() -> None:
    assert own_hosts("0.0.0.0", 7860) is None
    assert own_hosts("::", 7860) is None
    assert own_hosts("192.168.1.5", 7860) == {"192.168.1.5:7860"}
    assert own_hosts("Example.org", 80) == {"example.org", "example.org:80"}
    assert "[::1]:1" in (own_hosts("::1", 1) or ())
    assert "127.0.0.9:1" in (own_hosts("127.0.0.9", 1) or ())


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "http://[broken"},
        {"Origin": "http://127.0.0.1:7860", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_may_not_write(client: TestClient, headers: dict[str, str]) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "FOO"):
        assert client.request(method, "/v1/articles", headers=headers).status_code == 403, method
    assert client.get("/v1/articles", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://127.0.0.1:7860"},
        {"Origin": "http://127.0.0.1:7860", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_our_page_and_programs_may_write(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/v1/articles", headers=headers).status_code == 200


def test_no_other_site_may_read(client: TestClient) -> None:
    headers = client.get("/", headers={"Origin": "http://localhost:3000"}).headers
    assert "access-control-allow-origin" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_security_headers_are_on_every_answer(client: TestClient) -> None:
    for answer in (client.get("/"), client.get("/", headers={"Host": "evil.example"})):
        for name, value in headers.SECURITY_HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["content-security-policy"] == headers.DATA_POLICY
    assert client.get("/v1/articles").headers["cache-control"] == "no-store"
    assert "cache-control" not in client.get("/").headers


async def a_page(scope: Scope, receive: Receive, send: Send) -> None:
    await HTMLResponse("<script>1</script>")(scope, receive, send)


def test_only_the_page_itself_may_run_scripts() -> None:
    client = client_of(Guard(a_page, host="127.0.0.1", port=7860))
    assert client.get("/?answer=ans_1").headers["content-security-policy"] == headers.PAGE_POLICY
    for path in ("/gradio_api/file=https://evil.example/x.png", "/index.html", "/v1/articles"):
        assert "sandbox" in client.get(path).headers["content-security-policy"].split("; "), path


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()


@pytest.mark.parametrize(
    "authorization", ["Bearer first", "bearer  second", "Bearer of-this-run", basic("first"), basic("second")]
)
def test_a_key_opens(locked: TestClient, authorization: str) -> None:
    assert locked.get("/v1/articles", headers={"Authorization": authorization}).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer firs",
        "Bearer firstx",
        "Bearer first,second",
        "first",
        "Basic first",
        "Basic !!!",
        basic(""),
        basic("third"),
        "Digest first",
        "Bearer fürst",
    ],
)
def test_nothing_else_does(locked: TestClient, authorization: str) -> None:
    answer = locked.get("/v1/articles", headers={"Authorization": authorization.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "authentication"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_health_needs_no_key_and_readiness_does(locked: TestClient) -> None:
    assert locked.get("/healthz").status_code == 200
    assert locked.get("/readyz").status_code == 401
    assert locked.get("/").headers["www-authenticate"].startswith("Bearer")


def test_without_keys_nobody_needs_one() -> None:
    assert client_of(Guard(echo, host="127.0.0.1", port=7860, token="of-this-run")).get("/").status_code == 200


def test_a_body_past_its_limit_is_not_read(client: TestClient) -> None:
    limit = guard.BODY_LIMIT
    assert client.post("/v1/ask", content=b"x" * limit).json() == {"length": limit}
    answer = client.post("/v1/ask", content=b"x" * (limit + 1))
    assert (answer.status_code, answer.json()["error"]["type"]) == (413, "too_large")
    assert "1 MB" in answer.json()["error"]["message"]
    assert client.post("/v1/articles", content=b"x" * (limit + 1)).status_code == 200


def test_a_body_is_counted_where_no_length_is_declared() -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * (guard.BODY_LIMIT // 10)

    # Whoever reads the body gets an HTTPException, which every Starlette application turns into an answer.
    client = client_of(Guard(ExceptionMiddleware(echo), host="127.0.0.1", port=7860))
    assert client.post("/v1/ask", content=pieces()).status_code == 413


def test_pages_of_a_listed_site_may_write() -> None:
    client = client_of(Guard(echo, host="127.0.0.1", port=7860, origins=["https://desk.example"]))
    listed = {"Origin": "https://desk.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/v1/articles", headers=listed).status_code == 200
    for origin in ("https://desk.example.org", "http://desk.example", "null"):
        assert client.post("/v1/articles", headers={"Origin": origin}).status_code == 403


def test_websockets_are_refused(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/"):
        pass
