"""What an adviser chose for the page itself: theme, sound, single-letter keys. Kept in a cookie of this browser; says nothing about anybody."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

COOKIE: Final = "guildhall-desk"
YEAR_SECONDS: Final = 365 * 24 * 3600
THEMES: Final = {"auto": "As this computer", "light": "Light", "dark": "Dark"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices. `keys`: single letters do something (WCAG 2.1.4 asks for a way to turn that off)."""

    theme: str = "auto"
    sound: bool = True
    keys: bool = True

    @classmethod
    def read(cls, request: Request) -> "Preferences":
        """From the cookie; anything odd in it counts as not chosen."""
        return cls.of(dict(parse_qsl(request.cookies.get(COOKIE, "")[:100])))

    @classmethod
    def of(cls, chosen: dict[str, str]) -> "Preferences":
        """From named values."""
        theme = chosen.get("theme", "auto")
        return cls(theme if theme in THEMES else "auto", chosen.get("sound") != "off", chosen.get("keys") != "off")

    def keep(self, response: Response, secure: bool) -> None:
        """Give them to the browser."""
        value = urlencode({"theme": self.theme, "sound": "on" if self.sound else "off", "keys": "on" if self.keys else "off"})
        response.set_cookie(COOKIE, value, max_age=YEAR_SECONDS, path="/desk", secure=secure, httponly=True, samesite="lax")
