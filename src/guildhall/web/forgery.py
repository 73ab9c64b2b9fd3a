"""Whether a form was sent from our own page (cross-site request forgery)."""

from urllib.parse import urlsplit

from starlette.requests import Request


def comes_from_our_page(request: Request, address: str) -> bool:
    """Judge by Sec-Fetch-Site, then by Origin.

    Our pages send no referrer, so their Origin may be `null`; a browser too old for Sec-Fetch-Site is then judged by the
    form token alone. Another site's Origin is refused.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return True
    host = urlsplit(origin).netloc.lower()
    return host in (request.headers.get("host", "").lower(), urlsplit(address).netloc.lower())
