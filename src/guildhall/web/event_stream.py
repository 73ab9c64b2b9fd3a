"""Server-sent events: what both the page's script and the API's clients read."""

import json
from typing import Any

from starlette.requests import Request

EVENT_STREAM = "text/event-stream"
STREAM_HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}


def wants_stream(request: Request) -> bool:
    """Whether the client asks for a stream."""
    return EVENT_STREAM in request.headers.get("accept", "")


def sse(event: str, data: dict[str, Any]) -> str:
    """One server-sent event with a line of JSON."""
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
