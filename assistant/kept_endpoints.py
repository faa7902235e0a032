"""The endpoints of what is kept: answers, conversations, feedback, and whether citations still hold.

What one key stored does not exist for another. Knows nothing of how any of it is stored or drawn.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from assistant import docs, requests, responses
from assistant.bodies import JsonBody, parsed, readable
from assistant.check import check
from assistant.conversations import Conversations
from assistant.endpoints import ERRORS, Ready
from assistant.kept import Feedback, Owner

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


@v1.get("/conversations", responses={200: {"model": responses.ConversationList}})
def list_conversations(
    kept: Kept,
    mine: Mine,
    query: Annotated[str | None, Query(max_length=requests.QUESTION_LENGTH)] = None,
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
    return JSONResponse(_conversation(kept, id, mine))


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


def _conversation(kept: Conversations, id: str, mine: Owner) -> dict[str, Any]:
    listed = kept.conversation(id, mine).to_json()
    return listed | {"answers": [answer.to_json() for answer in kept.answers(id, mine)]}
