"""The composers of a deployment, in the order they are tried."""

import importlib
import time

from guildhall.answers.extractive import ExtractiveComposer
from guildhall.answers.model_composer import ModelComposer
from guildhall.answers.ports import WritesText
from guildhall.answers.request import Composer
from guildhall.councils.profile import CouncilProfile
from guildhall.providers.models.resting import RestingModel
from guildhall.settings import Settings
from guildhall.vocabulary.errors import ConfigurationError

MODELS = {
    "openai": ("guildhall.providers.models.openai_compatible", "OpenAiCompatibleModel"),
    "anthropic": ("guildhall.providers.models.anthropic_messages", "AnthropicModel"),
}


def open_composers(settings: Settings, profile: CouncilProfile) -> tuple[Composer, ...]:
    """The configured model first, if there is one; the embedded composer always last."""
    embedded = ExtractiveComposer(profile.wordings)
    if settings.model_kind == "embedded":
        return (embedded,)
    return (ModelComposer(RestingModel(_model(settings), time.monotonic)), embedded)


def open_model(settings: Settings) -> WritesText | None:
    """The configured model by itself, left alone for a while after it fails; None where answers are only quoted."""
    return None if settings.model_kind == "embedded" else RestingModel(_model(settings), time.monotonic)


def _model(settings: Settings) -> WritesText:
    if not settings.model_name:
        raise ConfigurationError("a model is configured without a name.", file="GUILDHALL_MODEL_NAME", fix="Give the model's name.")
    module, name = MODELS[settings.model_kind]  # loaded only when configured: the SDKs are large
    model: WritesText = getattr(importlib.import_module(module), name)(
        settings.model_name,
        settings.model_url,
        settings.model_key.get_secret_value(),
        settings.model_timeout_seconds,
        settings.model_stall_seconds,
        time.monotonic,
    )
    return model
