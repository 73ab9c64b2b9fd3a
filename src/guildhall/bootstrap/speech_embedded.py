"""What hears and speaks on this machine without a network: the last links of the phone's chains. What is not installed is not there."""

from guildhall.bootstrap.speech import Embedded
from guildhall.providers.speech import espeak


def embedded_speech() -> Embedded:
    """The embedded services that are installed."""
    voice = espeak.installed()
    return Embedded(voices=(voice,) if voice else ())
