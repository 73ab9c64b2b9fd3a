"""How often simulated residents do this or that. Every number is an assumption of ours, made to give each path some traffic; none is measured."""

from collections.abc import Mapping
from typing import Final

from guildhall.vocabulary.outcomes import Outcome

NEED_MET: Final[Mapping[Outcome, float]] = {Outcome.ANSWERED: 0.82, Outcome.PARTLY_ANSWERED: 0.45, Outcome.DECLINED: 0.2}
"""The share of replies with each outcome that meet the need; other outcomes leave it as it was."""
NEED_MET_BY_TEAM: Final[Mapping[bool, float]] = {True: 0.88, False: 0.5}
"""The share of finished requests that meet the need: by the right team, and by a wrong one."""
SCORES: Final = {True: (0.42, 0.36, 0.12, 0.06, 0.04), False: (0.05, 0.14, 0.2, 0.3, 0.31)}
"""The shares of each score, best first: from residents whose need was met, and from the others."""

JUDGE_REPLY: Final = 0.24
"""Say on the page whether a reply helped."""
GIVE_SCORE: Final = 0.34
"""Give a satisfaction score after an adviser has ended it."""
CUT_SHORT: Final = 0.05
"""Interrupt the last part of a reply on the phone."""
TELL_NEEDS: Final = 0.7
"""Of those who have communication needs: say so when they ask for a person."""
FITTING_CHOICE: Final = 0.85
"""Take the offered choice that fits, where there is one, and not any."""
LEAVE_WHEN_ASKED_BACK: Final = 0.1
PERSON_AFTER_FAILURE: Final = 0.3
"""Ask for a person after the service failed; the others leave."""
UNHELPED_UP_TO: Final[Mapping[str, float]] = {"asks for a person": 0.34, "says it did not help": 0.5, "leaves": 0.72}
"""After a reply that did not help, as cumulative shares; the rest go on to what they came to say next."""

DISTRESSED_PATIENCE: Final = 6
"""Somebody in distress waits this many times as long."""
PHONE_PATIENCE: Final = 0.8
"""Somebody on the phone waits this many times as long as on the page."""
CALLBACK_AFTER_WAIT: Final = 0.25
"""Book a callback on giving up the wait; the others leave."""
BOOK_CALLBACK: Final[Mapping[bool, float]] = {True: 0.9, False: 0.55}
"""Book a callback where nobody can come now: somebody in distress, and anybody else."""
SOONEST_CALLBACK: Final = 0.4
"""Ask for a callback as soon as possible and not in a slot."""
MET_BY_CALLBACK: Final = 0.8
PASSED_ON: Final = 0.06
"""The share of conversations that the adviser passes to another team."""
PHONE_ANSWERED: Final = 0.82
"""The share of ringing phones that are answered; from the fourth on all are."""
MET_ON_PHONE: Final = 0.85
"""The share of talks on the phone that meet the need where nobody wrote down how they ended."""
