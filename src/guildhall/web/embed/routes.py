"""`/embed.js`: the launcher, with the council's words and colours filled in."""

import json

from fastapi import APIRouter
from starlette.responses import Response

from guildhall.vocabulary.languages import direction
from guildhall.web.audience import Audience, audience
from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.page import EXIT_TO

AN_HOUR = "public, max-age=3600"


def embed_routes(door: FrontDoor) -> APIRouter:
    """The launcher's route."""
    router = APIRouter(include_in_schema=False)
    script = _script(door)

    @router.get("/embed.js")
    @audience(Audience.ANYONE)
    def launcher() -> Response:
        return Response(script, media_type="text/javascript; charset=utf-8", headers={"Cache-Control": AN_HOUR})

    return router


def _script(door: FrontDoor) -> str:
    brand = door.guildhall.profile.council.brand
    source = door.assets.by_name["embed.js"].content.decode()
    words = json.dumps({code: _words(door, code) for code in door.languages}, ensure_ascii=False).replace("</", "<\\/")
    filled = {"GUILDHALL_COLOUR": brand.primary, "GUILDHALL_TEXT": brand.primary_text, "GUILDHALL_WORDS": words, "GUILDHALL_EXIT": EXIT_TO}
    for name, value in filled.items():
        source = source.replace(name, value)
    return source


def _words(door: FrontDoor, code: str) -> dict[str, str]:
    wordings, council = door.guildhall.profile.wordings, door.guildhall.profile.council
    spoken = wordings.language_of("page.heading", code)
    return {
        "lang": code,
        "dir": direction(spoken),
        "open": wordings.say("page.heading", code),
        "title": wordings.say("page.title", code, council=council.name),
        "close": wordings.say("page.close", code),
    }
