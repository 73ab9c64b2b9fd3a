"""The few files a page loads: read once, named by their digest so that browsers may keep them for ever."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from guildhall.councils.config import Brand

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
SERVED = (
    "govuk.css",
    "console.css",
    "charts.css",
    "desk.css",
    "govuk.js",
    "resident.js",
    "live.js",
    "desk.js",
    "desk-tools.js",
    "checking.js",
    "embed.js",
    "icon.svg",
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file. `digest` is the start of its SHA-256."""

    content: bytes
    content_type: str
    digest: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "Asset":
        """An asset from its bytes."""
        return cls(content, TYPES[name.rsplit(".", 1)[1]], hashlib.sha256(content).hexdigest()[:12])


@dataclass(frozen=True)
class Assets:
    """Files by name, the generated theme among them."""

    by_name: Mapping[str, Asset]

    @classmethod
    def read(cls, brand: Brand) -> "Assets":
        """The package's files and the council's theme."""
        folder = files("guildhall.web").joinpath("static")
        read = {name: Asset.of(name, folder.joinpath(name).read_bytes()) for name in SERVED}
        return cls(read | {"theme.css": Asset.of("theme.css", theme_css(brand).encode())})

    def url(self, name: str) -> str:
        """Where a page loads the file from."""
        path = f"/{name}" if name == "theme.css" else f"/static/{name}"
        return f"{path}?v={self.by_name[name].digest}"


def theme_css(brand: Brand) -> str:
    """The council's colours as GOV.UK Frontend's and LocalGov Drupal's custom properties."""
    colours = {
        "--govuk-brand-colour": brand.primary,
        "--govuk-link-colour": brand.link,
        "--color-primary": brand.primary,
        "--color-primary-text": brand.primary_text,
        "--color-link": brand.link,
        "--color-accent": brand.accent,
    }
    lines = "".join(f"  {name}: {value};\n" for name, value in colours.items())
    return f":root {{\n{lines}}}\n"
