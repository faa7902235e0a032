"""Who gets in: the outermost ASGI layer, outside the page's mount too.

The Host header must be ours (a page elsewhere can point its own name at 127.0.0.1), a request that writes must not
come from another site's page (an upload needs no CORS preflight), a key is asked for where keys are set, and a body
has a limit that is counted, not believed, and must go on arriving. Who asks is in `request.state.owner`. Knows nothing
of endpoints but their paths.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.doors import login
from assistant.doors.headers import hardened
from assistant.doors.problems import Problem
from assistant.doors.rates import Rates, client_of
from assistant.settings import is_loopback

MEGABYTE = 1 << 20
BODY_LIMIT = MEGABYTE
UPLOAD_LIMIT = 64 * MEGABYTE
UPLOADS = ("/v1/articles",)
BODY_SECONDS = 60  # between two pieces of a body, as nginx has it: who stops sending does not hold a place for ever
DRAINED = 16 * MEGABYTE  # read past a limit and dropped: closed with bytes unread, the client gets a reset, no answer
WRONG_KEY = 10  # requests that one with a wrong key counts as: sixty guesses a minute, at most
OPEN = ("/healthz",)  # tells nothing but that the process is up
READS = ("GET", "HEAD", "OPTIONS")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
# Recognised here, not bound to; and where each is reached from this machine.
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class Guard:
    """Wraps the whole application. `keys` empty means that anybody on this machine may ask."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str,
        port: int,
        keys: Sequence[str] = (),
        origins: Sequence[str] = (),
        token: str | None = None,
    ) -> None:
        """`origins` are other sites whose pages may ask. `token` is a key of this run alone, for our own command
        line; it asks nobody else for a key."""
        self._app = app
        self._hosts = own_hosts(host, port)
        self._origins = origins
        self._locked = bool(keys)
        self._sessions = login.Sessions()
        self._rates = Rates()
        self._owners = {key.encode(): owner_name(key) for key in keys}
        if token:  # what our own command line asks for is nobody's but this machine's
            self._owners[token.encode()] = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":  # nothing of ours speaks it, and CORS does not cover it
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._http(scope, receive, hardened(scope, send))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})
        limit = UPLOAD_LIMIT if scope["path"] in UPLOADS else BODY_LIMIT
        try:
            self._check(scope)
            await _check_length(scope, receive, limit)
            owner = self._counted_owner(scope)
        except Problem as problem:
            at_the_door = self._locked and scope["path"] in login.PATHS and problem.status == 429
            refused = login.too_often(problem.headers) if at_the_door else problem.response()
            await refused(scope, receive, send)
            return
        scope["state"]["owner"] = owner
        request = Request(scope, _counted(receive, limit))
        if self._locked and scope["path"] in login.PATHS:
            await (await self._sign_in(request))(scope, receive, send)
        elif owner is None:
            await login.asked(request)(scope, receive, send)
        else:
            await self._app(scope, request.receive, send)

    async def _sign_in(self, request: Request) -> Response:
        answer = await login.answer(request, self._sessions, self._owner_of)
        if answer.status_code != 401:
            return answer
        try:  # a wrong key; one request was counted when it came
            self._count(request.scope, None, WRONG_KEY - 1)
        except Problem as problem:
            return login.too_often(problem.headers)
        return answer

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        self._check_host(headers)
        if scope["method"] not in READS:
            self._check_origin(headers)

    def _check_host(self, headers: Headers) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1:
            raise Problem(403, "A request needs exactly one Host header.")
        if self._hosts is not None and hosts[0].lower() not in self._hosts:
            names = " or ".join(sorted(self._hosts))
            raise Problem(403, f"This server answers only as {names}: use that address.")

    def _check_origin(self, headers: Headers) -> None:
        """A browser says where a request comes from: in Sec-Fetch-Site, or in Origin (`null` where it hides it)."""
        origin = headers.get("origin")
        if origin in self._origins:
            return
        foreign_fetch = headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
        if foreign_fetch or (origin is not None and _place(origin) != headers["host"].lower()):
            raise Problem(403, "A page of another site may not write here: use Footnote's own page, or a program.")

    def _counted_owner(self, scope: Scope) -> str | None:
        """Who asks, after the request has been counted; a Problem with status 429 where they asked too often."""
        try:
            owner = self._owner(scope) if self._locked and scope["path"] not in OPEN else ""
        except Problem:
            self._count(scope, None, WRONG_KEY)
            raise
        if scope["method"] not in READS or scope["path"].startswith("/v1/"):
            self._count(scope, owner, 1)
        return owner

    def _count(self, scope: Scope, owner: str | None, requests: int) -> None:
        client = client_of(scope, owner)
        scope["state"]["client"] = client
        if client is not None:
            scope["state"]["quota"] = self._rates.take(client, requests)

    def _owner(self, scope: Scope) -> str | None:
        """Who asks; None for a person who has to sign in first. A program without a key gets a 401."""
        headers = Headers(scope=scope)
        owner = self._owner_of(_credential(headers.get("authorization", "")))
        if owner is None and "authorization" not in headers:
            owner = self._sessions.owner(headers.get("cookie", ""))
        if owner is None and scope["path"] not in login.PATHS and not _is_person(scope, headers):
            raise Problem(
                401,
                "This server needs a key: send it as `Authorization: Bearer KEY`.",
                headers={"WWW-Authenticate": 'Bearer realm="Footnote"'},
            )
        return owner

    def _owner_of(self, given: bytes) -> str | None:
        # All of them are compared, so that time tells nothing.
        matches = [owner for key, owner in self._owners.items() if hmac.compare_digest(given, key)]
        return matches[0] if matches else None


def owner_name(key: str) -> str:
    """Under which name what a key stores is kept: one-way, so that the library does not hold the key."""
    return hashlib.sha256(f"footnote owner\0{key}".encode()).hexdigest()[:32]


def _is_person(scope: Scope, headers: Headers) -> bool:
    """A browser that wants a page to show, not a program and not a page's own script."""
    return (
        scope["method"] == "GET"
        and not scope["path"].startswith("/v1/")
        and "text/html" in headers.get("accept", "")
        and "authorization" not in headers
    )


def own_hosts(host: str, port: int) -> frozenset[str] | None:
    """What the Host header may say, in lower case; None where the address has no one name.

    A wildcard address is reached under names that only its owner knows. A key is required there, and a browser does
    not send the key it keeps for one name to another name that was pointed at us.
    """
    if host in WILDCARDS:
        return None
    names = {bracketed(host).lower(), *(LOOPBACK_NAMES if is_loopback(host) else ())}
    return frozenset({f"{name}:{port}" for name in names} | (names if port == 80 else set()))


def bracketed(host: str) -> str:
    """The host as it stands in a URL: an IPv6 address in brackets."""
    try:
        return f"[{host}]" if isinstance(ip_address(host), IPv6Address) else host
    except ValueError:
        return host


def too_large(limit: int) -> Problem:
    return Problem(413, f"The body is larger than {limit // MEGABYTE} MB: send less at a time.")


class BodyRefused(HTTPException):
    """Raised out of `receive`; an HTTPException, so that whoever is reading lets it through."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status, problem.message)


def _place(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


async def _check_length(scope: Scope, receive: Receive, limit: int) -> None:
    declared = Headers(scope=scope).get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        if int(declared[:20]) <= limit + DRAINED:
            await _drain(receive)
        raise too_large(limit)


def _credential(header: str) -> bytes:
    """The key in an Authorization header: after Bearer, or the password of Basic, which browsers can ask for."""
    scheme, _, value = header.strip().partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer":
        return value.encode()
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(value, validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""


def _counted(receive: Receive, limit: int) -> Receive:
    received = 0
    whole = False

    async def counting() -> Message:
        nonlocal received, whole
        # After the body comes only that the client left, which may be never.
        message = await (receive() if whole else _piece(receive))
        whole = not message.get("more_body")
        received += len(message.get("body", b""))
        if received > limit:
            if not whole:
                await _drain(receive)
            raise BodyRefused(too_large(limit))
        return message

    return counting


async def _piece(receive: Receive) -> Message:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await receive()
    except TimeoutError:
        raise BodyRefused(Problem(400, "The body stopped arriving: send the request again.")) from None


async def _drain(receive: Receive) -> None:
    drained = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(BODY_SECONDS):
            while drained < DRAINED:
                message = await receive()
                if not message.get("more_body"):
                    return
                drained += len(message["body"])
