"""Style, script and theme: the files a page loads, and nothing else of the package."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from guildhall.web.assets import SERVED, Asset
from guildhall.web.audience import Audience, audience
from guildhall.web.front_door import FrontDoor

FOR_EVER = "public, max-age=31536000, immutable"
PUBLIC = tuple(
    name for name in SERVED if name != "embed.js"
)  # the launcher is served by a route of its own, with the council's words in it


def static_routes(door: FrontDoor) -> APIRouter:
    """`/static/{name}` and `/theme.css`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/static/{name}")
    @audience(Audience.ANYONE)
    def static_file(name: str) -> Response:
        if name not in PUBLIC:
            raise HTTPException(404)
        return _serve(door.assets.by_name[name])

    @router.get("/theme.css")
    @audience(Audience.ANYONE)
    def theme() -> Response:
        return _serve(door.assets.by_name["theme.css"])

    @router.get("/favicon.ico")
    @audience(Audience.ANYONE)
    def icon() -> Response:
        return _serve(door.assets.by_name["icon.svg"])

    return router


def _serve(asset: Asset) -> Response:
    return Response(asset.content, media_type=asset.content_type, headers={"Cache-Control": FOR_EVER})
