"""The API's OpenAPI description, served at `/api/v1/openapi.json`."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse, Response

from guildhall.web.api.problems import Problem
from guildhall.web.audience import Audience, audience

VERSION = "1.0.0"
DESCRIPTION = """
A governed turn for programs: start a conversation, post what a resident says, read the reply with its citations, and reach a person.

Every conversation has a token of its own, given once when it starts; send it as `Authorization: Bearer …`. A reply says how the turn
ended (`outcome`), why (`reason`) and whether a person was offered or brought in (`person`); show `parts` in their order, each in its
own `language`. Ask for `text/event-stream` to get the parts as they are recorded. While a queue or an adviser has the conversation
(`owner`), what is said goes to a person: follow `…/live`, or read `…/thread` again. Errors are problem documents (RFC 9457).
"""


def describe(app: FastAPI, council: str) -> None:
    """Give the application its description and the route that serves it."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=f"{council}: front door", version=VERSION, description=DESCRIPTION.strip(), routes=app.routes)
            components = schema.setdefault("components", {}).setdefault("schemas", {})
            components["Problem"] = Problem.model_json_schema()
            for unused in ("HTTPValidationError", "ValidationError"):
                components.pop(unused, None)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]

    @app.get("/api/v1/openapi.json", include_in_schema=False)
    @audience(Audience.ANYONE)
    def description() -> Response:
        return JSONResponse(openapi())
