"""The endpoints of what is kept: answers, conversations, feedback, and whether citations still hold.

What one key stored does not exist for another. Knows nothing of how any of it is stored or drawn.
"""

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from assistant.doors import docs, requests, responses
from assistant.doors.bodies import JsonBody, parsed, readable
from assistant.doors.endpoints import ERRORS, Ready
from assistant.keeping import export, receipt
from assistant.keeping.check import check
from assistant.keeping.conversations import Conversations
from assistant.keeping.kept import Feedback, Owner

# The page's own policy says which style may be shown; `sandbox` takes scripts, forms and this origin from it as well.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups; frame-ancestors 'none'"

v1 = APIRouter(prefix="/v1", dependencies=[Depends(readable)], responses=ERRORS)


def owner(request: Request) -> Owner:
    """Who asks, as the guard found out."""
    name: Owner = request.state.owner
    return name


def conversations(assistant: Ready) -> Conversations:
    return assistant.conversations


Mine = Annotated[Owner, Depends(owner)]
Kept = Annotated[Conversations, Depends(conversations)]


@v1.get("/answers/{id}", responses={200: {"model": responses.Answer}})
def read_answer(id: str, kept: Kept, mine: Mine) -> Response:
    """A kept answer, byte for byte as it was given; it stays readable when its articles change or are removed."""
    return Response(kept.answer(id, mine).text, media_type="application/json")


@v1.get("/answers/{id}/receipt", response_class=Response, responses={200: {"content": {"text/html": {}}}})
def read_receipt(id: str, assistant: Ready, mine: Mine) -> Response:
    """The answer as one HTML file that `python -m assistant check` verifies against the library."""
    answer = assistant.conversations.answer(id, mine)
    body = answer.body
    page = receipt.drawn(body, export.paragraphs_of(body, assistant.store.article), answer.created)
    return _file(page, "text/html", f"{id}.html")


@v1.put(
    "/answers/{id}/feedback",
    responses={200: {"model": responses.Feedback}},
    openapi_extra=docs.body({"application/json": "FeedbackRequest"}),
)
def rate_answer(id: str, raw: JsonBody, kept: Kept, mine: Mine) -> Response:
    """Keeps what a reader thinks of the answer, in the place of what was kept before."""
    told = parsed(requests.FeedbackRequest, raw)
    feedback = Feedback(told.thumb, told.reason)
    kept.rate(id, feedback, mine)
    return JSONResponse(feedback.to_json())


@v1.delete("/answers/{id}/feedback", status_code=204, response_class=Response)
def unrate_answer(id: str, kept: Kept, mine: Mine) -> Response:
    """Takes the feedback back."""
    kept.rate(id, None, mine)
    return Response(status_code=204)


@v1.get("/feedback", responses={200: {"content": docs.LINES}}, response_class=Response)
def read_feedback(kept: Kept, mine: Mine) -> Response:
    """The answers that have feedback, one JSON object a line, for evaluation."""
    return _file("".join(map(export.feedback, kept.rated(mine))), "application/x-ndjson", "feedback.jsonl")


@v1.get("/conversations", responses={200: {"model": responses.ConversationList}})
def list_conversations(
    kept: Kept,
    mine: Mine,
    query: Annotated[str | None, Query(max_length=requests.TITLE_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: str | None = None,
) -> Response:
    """Conversations, that with the newest answer first; `query` looks into titles, questions and answers."""
    page = kept.listed(mine, query, limit, cursor)
    listed = [conversation.to_json() for conversation in page.items]
    return JSONResponse({"conversations": listed, "next_cursor": page.next_cursor})


@v1.get("/conversations/{id}", responses={200: {"model": responses.Conversation}})
def read_conversation(id: str, kept: Kept, mine: Mine) -> Response:
    """One conversation with its answers, whole and in order."""
    return JSONResponse(export.as_json(kept.conversation(id, mine), kept.answers(id, mine)))


@v1.get("/conversations/{id}/export", responses={200: {"content": docs.EXPORTS}}, response_class=Response)
def export_conversation(
    id: str, assistant: Ready, mine: Mine, format: Literal["markdown", "html", "json"] = "markdown"
) -> Response:
    """One conversation as a file, every citation whole."""
    kept = assistant.conversations
    conversation, answers = kept.conversation(id, mine), kept.answers(id, mine)
    match format:
        case "markdown":
            return _file(export.markdown(conversation, answers), "text/markdown", f"{id}.md")
        case "html":
            return _file(export.html(conversation, answers, assistant.store.article), "text/html", f"{id}.html")
        case "json":
            text = json.dumps(export.as_json(conversation, answers), ensure_ascii=False, indent=2) + "\n"
            return _file(text, "application/json", f"{id}.json")


@v1.patch(
    "/conversations/{id}",
    responses={200: {"model": responses.ListedConversation}},
    openapi_extra=docs.body({"application/json": "RenameRequest"}),
)
def rename_conversation(id: str, raw: JsonBody, kept: Kept, mine: Mine) -> Response:
    """Gives a conversation another title than its first question."""
    kept.rename(id, parsed(requests.RenameRequest, raw).title, mine)
    return JSONResponse(kept.conversation(id, mine).to_json())


@v1.delete("/conversations/{id}", status_code=204, response_class=Response)
def remove_conversation(id: str, kept: Kept, mine: Mine) -> Response:
    """Deletes a conversation with its answers."""
    kept.remove(id, mine)
    return Response(status_code=204)


@v1.post(
    "/citations/check",
    responses={200: {"model": responses.CheckedCitations}},
    openapi_extra=docs.body({"application/json": "CheckRequest"}),
)
def check_citations(raw: JsonBody, assistant: Ready) -> Response:
    """Whether citations hold in the library as it is now: each is intact, moved (and where to), changed or gone."""
    cited = parsed(requests.CheckRequest, raw).citations
    return JSONResponse({"citations": [each.to_json() for each in check(cited, assistant.store.article)]})


def _file(text: str, media_type: str, name: str) -> Response:
    """A file that is shown where it can be, and saved under `name`; as a page it may do nothing but be read."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Content-Security-Policy": FILE_POLICY}
    return Response(text, media_type=media_type, headers=headers)
