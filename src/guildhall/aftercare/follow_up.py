"""What a follow-up says: approved wording in the resident's language, with what the adviser wrote down as agreed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from guildhall.vocabulary.handoffs import WrapUp
from guildhall.vocabulary.notifications import MessageChannel, Occasion

SMS_AT_MOST: Final = 900
"""Text messages of more than 918 characters are refused by most providers."""
NO_FOLLOW_UP: Final = frozenset({WrapUp.ABUSIVE})
Say = Callable[..., str]
"""`say(wording, language, **values)`."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What there is to say. `agreed` are an adviser's words, `answer` what the page said, `when` a booked time in words."""

    occasion: Occasion
    language: str
    reference: str = ""
    wrap_up: WrapUp | None = None
    agreed: str = ""
    answer: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A follow-up, written. `wording` is the approved text that it is made of."""

    wording: str
    subject: str
    text: str


def write(summary: Summary, channel: MessageChannel, say: Say, place: dict[str, str]) -> Written:
    """The message. `place` has the council's name, its phone and the address to come back to."""
    language = summary.language or "en"
    if summary.occasion == Occasion.SEND_ME_THIS:
        room = SMS_AT_MOST - len(say("follow_up.sent", language, words="", **place))
        words = summary.answer if channel == MessageChannel.EMAIL else shortened(summary.answer, room)
        text = say("follow_up.sent", language, words=words, **place)
        return Written("follow_up.sent", say("follow_up.subject_sent", language, **place), text)
    step = _step(summary, say, language)
    values = place | {"reference": summary.reference}
    if channel == MessageChannel.SMS:
        step = shortened(step, SMS_AT_MOST - len(say("follow_up.text", language, step="", **values)))
    subject = say("follow_up.subject", language, **values)
    return Written("follow_up.text", subject, say("follow_up.text", language, step=step, **values))


def _step(summary: Summary, say: Say, language: str) -> str:
    if summary.occasion == Occasion.CALLBACK:
        if summary.when:
            return say("follow_up.step.callback", language, when=summary.when)
        return say("follow_up.step.callback_soon", language)
    standard = say(f"follow_up.step.{summary.wrap_up}", language) if summary.wrap_up else ""
    return " ".join(filter(None, (standard, summary.agreed.strip())))


def shortened(text: str, room: int) -> str:
    """A text cut at a word's end to fit, with an ellipsis where something is missing."""
    if len(text) <= room:
        return text
    words = text[: max(room - 1, 0)].rsplit(maxsplit=1) or [""]
    return words[0].rstrip(" ,.;:") + "…"


def plain(markdown: str, website: str) -> str:
    """Markdown of a reply as plain text, its links written out."""
    text = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", lambda link: f"{link[1]} ({_absolute(link[2], website)})", markdown)
    text = re.sub(r"\*\*([^*]+)\*\*", r"\1", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)^#+ ", "", text)).strip()


def _absolute(link: str, website: str) -> str:
    return f"{website.rstrip('/')}{link}" if link.startswith("/") and website else link
