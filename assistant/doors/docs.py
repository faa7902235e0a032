"""`/docs` and `/openapi.json`: the API's own description, with every asset served from here.

swagger-ui's files come out of the `fastapi-offline` wheel (swagger-ui 5; swagger-ui-bundle has 4.15, which cannot
show OpenAPI 3.1). Only its files are used, its code is never imported. Knows nothing of the endpoints it shows.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from assistant.doors.openai_bodies import ChatRequest, Chunk
from assistant.doors.problems import Problem
from assistant.doors.requests import (
    ArticleRequest,
    AskRequest,
    CheckRequest,
    FeedbackRequest,
    RenameRequest,
    request_schemas,
)
from assistant.doors.responses import ShownSentence

ASSETS = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript", "favicon.png": "image/png"}
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Footnote: the HTTP API</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="docs"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""
# validatorUrl null: swagger-ui would otherwise show the schema to a validator elsewhere.
START = 'SwaggerUIBundle({url: "openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null});\n'
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Bodies that the endpoints read themselves, and events.
BODIES = (
    *(AskRequest, ArticleRequest, ChatRequest, RenameRequest, FeedbackRequest, CheckRequest),
    *(ShownSentence, Chunk),
)
EXPORTS = {kind: {"schema": {"type": "string"}} for kind in ("text/markdown", "text/html", "application/json")}
LINES = {"application/x-ndjson": {"schema": {"type": "string"}}}

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
async def openapi_json(request: Request) -> Response:
    return JSONResponse(request.app.openapi())


@router.get("/docs")
async def page() -> Response:
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})


@router.get("/docs/{asset}")
def asset(asset: str) -> Response:
    if asset == "start.js":
        return Response(START, media_type="text/javascript")
    if asset not in ASSETS:
        raise Problem(404, "There is no such page: the description of the API is at /docs.")
    return FileResponse(_folder() / asset, media_type=ASSETS[asset])


def body(schemas: Mapping[str, str]) -> dict[str, Any]:
    """What to say of a body that the endpoint reads itself: the name of its schema by media type."""
    content = {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}} for kind, name in schemas.items()}
    return {"requestBody": {"required": True, "content": content}}


def events(*kinds: Mapping[str, Any]) -> dict[str, Any]:
    """What to say of a stream whose events are each one of `kinds`."""
    # Before OpenAPI 3.2 the schema of a stream is that of each event.
    return {"text/event-stream": {"schema": {"anyOf": list(kinds)}}}


def event(schema: str, name: str = "message") -> dict[str, Any]:
    """What to say of an event called `name` ("message": it has none) whose data is JSON of the component `schema`."""
    data = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": f"#/components/schemas/{schema}"},
    }
    return {"type": "object", "properties": {"event": {"const": name}, "data": data}, "required": ["data"]}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document, with the bodies that the endpoints read themselves, and the events."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version="3.1.0",
            description=app.description,
            routes=app.routes,
        )
        components = schema.setdefault("components", {})
        answers = components.get("schemas", {})
        own = request_schemas(*BODIES)
        components["schemas"] = answers | {name: own[name] for name in own if name not in answers}
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        schema["security"] = [{}, {"key": []}]  # a key is asked for where the server has one
        app.openapi_schema = schema
    return app.openapi_schema


def _folder() -> Path:
    spec = find_spec("fastapi_offline")
    if spec is None or not spec.submodule_search_locations:
        raise Problem(404, "The files of this page are not installed: run `make setup`; the schema is /openapi.json.")
    return Path(spec.submodule_search_locations[0]) / "static"
