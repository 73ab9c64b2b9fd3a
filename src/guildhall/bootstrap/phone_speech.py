"""The phone's ear and voice for one council: what the settings name, as far as the council registered it, and a notice that says so."""

import time
from collections.abc import Callable

from guildhall.bootstrap.speech import Embedded, Speech, open_speech
from guildhall.bootstrap.speech_embedded import embedded_speech
from guildhall.councils.phone_files import PHONE, check_notice
from guildhall.councils.profile import CouncilProfile
from guildhall.settings import Settings


def open_phone_speech(
    settings: Settings, profile: CouncilProfile, embedded: Embedded | None = None, clock: Callable[[], float] = time.monotonic
) -> Speech:
    """Both chains. Raises ConfigurationError for a supplier that is not registered, or a notice that does not fit what is done."""
    file = settings.councils_dir / profile.council.slug / PHONE
    speech = open_speech(settings, profile.phone.speech, file, embedded_speech() if embedded is None else embedded, clock)
    check_notice(profile, speech.transcribed_outside)
    return speech
