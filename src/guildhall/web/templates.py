"""The template environment: autoescaped, GOV.UK macros under the prefix they expect."""

from jinja2 import Environment, PackageLoader, PrefixLoader
from jinja2.loaders import ChoiceLoader

from guildhall.web.assets import Assets


def open_templates(assets: Assets) -> Environment:
    """The environment of every page."""
    loaders = ChoiceLoader(
        [
            PackageLoader("guildhall.web", "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    # the GOV.UK macros read options that were not given, so undefined names cannot be errors
    environment = Environment(loader=loaders, autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False)
    environment.globals["asset"] = assets.url
    return environment
