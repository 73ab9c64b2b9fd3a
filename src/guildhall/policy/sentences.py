"""Facts and differences in sentences that a board can read."""

from collections.abc import Sequence
from typing import Final

from guildhall.policy.protections import Protection, acts_in_words, protections_in_words
from guildhall.vocabulary.decisions import Act, Facts, Stage
from guildhall.vocabulary.languages import Language, english_name
from guildhall.vocabulary.signals import Signal

CHANNELS: Final = {"web": "web", "phone": "phone", "staff": "staff desk"}
STAGES: Final = {Stage.ON_INPUT: "", Stage.ON_INTENT: ", once its service is known", Stage.ON_ANSWER: ", when an answer is drafted"}


def language_in_words(code: str) -> str:
    """The English name of a language, or its code."""
    return english_name(code) if code in set(Language) else f"the language `{code}`"


def facts_in_words(
    facts: Facts, channels: Sequence[str] = (), *, language: bool = False, desk: bool = False, strengths: bool = True
) -> str:
    """What is said and how, such as ``A phone message in Polish with `attack` (screen)``."""
    channels = channels or (facts.channel,)
    named = "" if len(channels) == len(CHANNELS) else _listed([CHANNELS[channel] for channel in channels], "or") + " "
    words = f"A {named}message"
    words += " from a member of staff" if facts.audience == "staff" else ""
    words += f" in {language_in_words(facts.language)}" if language or facts.language != "en" else ""
    words += " in a language the council does not offer" if not facts.language_supported else ""
    words += f" about `{facts.services[0].key}`" if facts.services else ""
    if facts.signals:
        words += " with " + _listed([_signal(signal, strengths) for signal in facts.signals], "and")
    words += f" after {facts.failed_turns} turns that did not help" if facts.failed_turns else ""
    words += " while the desk is closed" if desk and not facts.desk_open else ""
    words += f", when {_listed([f'`{n}`' for n in facts.failed_detectors], 'and')} failed" if facts.failed_detectors else ""
    if facts.unvalidated_detectors:
        words += f", in a language {_listed([f'`{n}`' for n in facts.unvalidated_detectors], 'and')} is not validated for"
    words += _draft(facts) or STAGES[facts.stage]
    return words


def difference_in_words(
    said: str, before: Sequence[Act], after: Sequence[Act], lost: frozenset[Protection], gained: frozenset[Protection], rule_id: str = ""
) -> str:
    """The whole sentence of a difference."""
    was, now = acts_in_words(before), acts_in_words(after)
    done = f"was {was}, now {now}" if was != now else f"still {now}"
    words = f"{said}: {done} (rule `{rule_id}`)." if rule_id else f"{said}: {done}."
    if lost:
        words += f" Lost: {'; '.join(protections_in_words(lost))}."
    if gained:
        words += f" Gained: {'; '.join(protections_in_words(gained))}."
    return words


def _signal(signal: Signal, strengths: bool) -> str:
    strength = f", strength {signal.strength:g}" if strengths else ""
    return f"`{signal.category}` ({signal.grade}{strength})"


def _draft(facts: Facts) -> str:
    draft = facts.draft
    if draft is None:
        return ""
    found = [
        words
        for words, wrong in (
            ("rests on no page", not draft.cited),
            ("says something its pages do not", draft.unsupported),
            ("has a link that is not on the list", draft.links_off_list),
            ("has personal data in it", draft.personal_data),
        )
        if wrong
    ]
    return f", when the drafted answer {_listed(found, 'and')}" if found else ""


def _listed(words: Sequence[str], joint: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
