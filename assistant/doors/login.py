"""The way in for people: a page that asks for the key once, and a cookie that stands for it afterwards.

The cookie holds a random token and nothing of the key; what it stands for is in this process's memory, so a restart
asks again, and signing out is final. Knows which owner a token belongs to, and nothing of how a key is compared.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from html import escape
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

COOKIE = "footnote_session"
PATHS = ("/login", "/logout")
LASTS = 30 * 24 * 3600  # seconds
MOST_SESSIONS = 10_000  # the oldest go first
WRONG = "That is not one of this server's keys."
TOO_OFTEN = "Too many tries from this address: wait a moment, then try again."
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
STYLE = """
:root{color-scheme:light dark;--paper:#faf9f6;--sheet:#fff;--ink:#1b211f;--soft:#57615d;--line:#8d9692;--accent:#1f5f4e;
--on:#fff;--bad:#9b2c1d}
@media(prefers-color-scheme:dark){:root{--paper:#141817;--sheet:#1b201e;--ink:#e8ebe7;--soft:#a5afaa;--line:#6b7671;
--accent:#7fcbb2;--on:#10201a;--bad:#f2a08f}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,sans-serif}
main{width:min(22rem,100vw - 3rem)}
h1{font:600 1.9rem/1.2 Georgia,"Iowan Old Style",serif;margin:0 0 .3rem}
p{margin:0 0 1.4rem;color:var(--soft)}
label{display:block;font-weight:600;margin-bottom:.35rem}
input{box-sizing:border-box;width:100%;padding:.7rem .8rem;border:1px solid var(--line);border-radius:.6rem;
background:var(--sheet);color:var(--ink);font:inherit}
button{width:100%;margin-top:.9rem;padding:.7rem;border:0;border-radius:.6rem;background:var(--accent);color:var(--on);
font:inherit;font-weight:600;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
[role=alert]{color:var(--bad);margin:.6rem 0 0}
"""


class Sessions:
    """Who is signed in. Tokens are kept as their hashes, in memory."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def owner(self, cookies: str) -> str | None:
        """Whose session a Cookie header names; None where it names none that is open."""
        owner, until = self._owners.get(_hashed(_token(cookies)), (None, 0.0))
        return owner if until > time.time() else None

    def open(self, owner: str) -> str:
        """The token of a new session."""
        token = secrets.token_urlsafe(32)
        self._owners[_hashed(token)] = (owner, time.time() + LASTS)
        while len(self._owners) > MOST_SESSIONS:
            self._owners.popitem(last=False)
        return token

    def close(self, cookies: str) -> None:
        self._owners.pop(_hashed(_token(cookies)), None)


async def answer(request: Request, sessions: Sessions, owner_of: Callable[[bytes], str | None]) -> Response:
    """`/login` and `/logout`. `owner_of` tells whose a key is."""
    if request.url.path == "/logout" and request.method == "POST":
        sessions.close(request.headers.get("cookie", ""))
        done = RedirectResponse("/", status_code=303)
        done.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return done
    if request.method != "POST":
        return RedirectResponse("/", status_code=303)
    form = await _form(request)
    towards = _ours(form.get("next", "/"))
    owner = owner_of(form.get("key", "").strip().encode())
    if owner is None:
        return page(towards, WRONG)
    done = RedirectResponse(towards, status_code=303)
    # Between the proxy and us it is http; the guard has seen that this origin's host is ours.
    secure = request.headers.get("origin", "").startswith("https://")
    token = sessions.open(owner)
    done.set_cookie(COOKIE, token, max_age=LASTS, httponly=True, samesite="strict", secure=secure)
    return done


async def _form(request: Request) -> dict[str, str]:
    """What the page sent; nothing where that cannot be read."""
    try:
        return {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
    except (HTTPException, UnicodeDecodeError):
        return {}


def asked(request: Request) -> Response:
    """What somebody without a session gets in the place of a page."""
    towards = _ours(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
    if request.headers.get("sec-fetch-site") == "cross-site":
        # A strict cookie does not come along on a link from elsewhere; it does when our own page goes on by itself.
        here = f'<meta http-equiv="refresh" content="0;url={escape(towards)}">'
        return HTMLResponse(f"<!doctype html><title>Footnote</title>{here}", 401, headers=_headers())
    return page(towards)


def too_often(headers: Mapping[str, str]) -> Response:
    """The same page for who has tried too often; `headers` say when to come back."""
    return page("/", TOO_OFTEN, 429, headers)


def page(towards: str, trouble: str = "", status: int = 401, headers: Mapping[str, str] | None = None) -> Response:
    alert = f'<p id="trouble" role="alert">{escape(trouble)}</p>' if trouble else ""
    described = ' aria-invalid="true" aria-describedby="trouble"' if trouble else ""
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Footnote: sign in</title>'
        f"<style>{STYLE}</style><main><h1>Footnote</h1><p>This library is private: it opens with a key.</p>"
        f'<form method="post" action="/login"><input type="hidden" name="next" value="{escape(towards)}">'
        '<label for="key">Key</label><input id="key" name="key" type="password" required autofocus '
        f'autocomplete="current-password"{described}>{alert}<button>Open</button></form></main></html>',
        status,
        headers=_headers() | dict(headers or {}),
    )


def _headers() -> dict[str, str]:
    return {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}


def _ours(path: str) -> str:
    """A path of this server; anything that could lead elsewhere is the front page."""
    # Browsers take a backslash for a slash and drop tabs and line ends: //host, /\\host and /<tab>/host lead away.
    plain = path.startswith("/") and not path.startswith(("//", "/login", "/logout"))
    return path if plain and "\\" not in path and path.isprintable() else "/"


def _token(cookies: str) -> str:
    try:
        morsel = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
