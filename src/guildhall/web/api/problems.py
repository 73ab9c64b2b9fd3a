"""Errors of the API, one shape for all (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

API_PREFIX = "/api/"
PROBLEM_JSON = "application/problem+json"


class Problem(BaseModel):
    """What is wrong and what would be right."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "No such turn", "status": 404, "detail": "Use its id."}]})

    title: str = Field(description="What is wrong, in a few words.")
    status: int = Field(description="The HTTP status, again.")
    detail: str = Field("", description="Where it is wrong and what would be right.")


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(self, status: int, title: str, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        self.status, self.title, self.detail, self.headers = status, title, detail, headers
        super().__init__(title)


def problem_response(status: int, title: str, detail: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """A problem as a response."""
    body = Problem(title=title, status=status, detail=detail).model_dump()
    return JSONResponse(body, status, dict(headers or {}), media_type=PROBLEM_JSON)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of the problems a route may answer with."""
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": DESCRIPTIONS[status], "content": content} for status in (400, *statuses, 413, 422, 500)}


DESCRIPTIONS = {
    400: "The body is not readable JSON.",
    401: "The token is missing, or is not this conversation's.",
    404: "The conversation has nothing of that name.",
    409: "Understood, and not possible as things stand now; `detail` says what would be.",
    413: "More was sent than is read at once.",
    422: "The request is not as described here.",
    429: "Too many requests; `Retry-After` says when to try again. Words that show distress or danger are never held back.",
    500: "Something failed on our side.",
    503: "Too busy now; `Retry-After` says when to try again.",
}
