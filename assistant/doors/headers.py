"""The headers that keep browsers from doing with our answers what nobody asked for. Knows nothing of who asks."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

# What Gradio's page needs, tried in Chromium: its configuration stands in an inline script, and its HTML components
# compile their templates (without 'unsafe-eval' the page stays blank). What an article or a model wrote is escaped
# long before; should any of it run all the same, it can load nothing from elsewhere and send nothing there.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self' blob:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# Of everything else: opened by itself it may load nothing, and `sandbox` takes scripts and this origin from it, so that
# what a body says of itself (`text/html`, an SVG) does not matter. To what a page takes in, browsers apply the page's.
DATA_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
# `same-origin` and not `no-referrer`: with the latter browsers send `Origin: null` on our own page's forms.
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def hardened(scope: Scope, send: Send) -> Send:
    """Adds the security headers, and takes out what lets other sites read: Gradio's CORS trusts all of localhost."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            is_page = scope["path"] == "/" and headers.get("content-type", "").startswith("text/html")
            headers.setdefault("content-security-policy", PAGE_POLICY if is_page else DATA_POLICY)
            if "quota" in scope["state"]:
                headers.update(scope["state"]["quota"].headers)
            if scope["path"].startswith("/v1/"):
                headers.setdefault("cache-control", "no-store")  # answers and articles are nobody else's
        await send(message)

    return sent
