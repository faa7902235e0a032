"""What of a mounted application can be reached: the paths that are named, and nothing else it happens to serve.

An ASGI layer around that application alone. Knows nothing of what is behind it.
"""

from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.doors.problems import NOTHING_HERE, Problem


class Allowed:
    """Wraps a mounted application; all but `paths`, and what lies in `folders` (`/assets/`), is a 404."""

    def __init__(self, app: ASGIApp, *, paths: Collection[str], folders: Collection[str]) -> None:
        self._app = app
        self._paths = frozenset(paths)
        self._folders = tuple(folders)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in self._paths or scope["path"].startswith(self._folders):
            await self._app(scope, receive, send)
        else:
            await Problem(404, NOTHING_HERE).response()(scope, receive, send)
