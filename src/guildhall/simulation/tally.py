"""What became of the simulated contacts, counted as they end. The record is what counts; this is for the summary on the screen."""

from collections import Counter
from dataclasses import dataclass, field

from guildhall.vocabulary.ladder import Rung
from guildhall.vocabulary.outcomes import Outcome


@dataclass
class Story:
    """One contact as it goes on."""

    channel: str
    language: str
    service: str = ""
    distress: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    asked_person: bool = False
    reached: bool = False
    booked: bool = False
    wrong_team: bool = False
    signposted: bool = False
    yes: bool = False
    hung_up: bool = False
    refused: bool = False
    """Whether the last turn in which something was wanted was refused."""
    waited: float | None = None
    again: bool = False

    @property
    def answered(self) -> bool:
        """Whether something was answered."""
        return bool({Outcome.ANSWERED, Outcome.PARTLY_ANSWERED} & set(self.outcomes))

    def rung(self) -> Rung:
        """How it ended, as far as the simulator knows it at once: what only seven days can show is not counted as verified here."""
        if self.reached:
            return Rung.TRANSFERRED_WRONG if self.wrong_team else Rung.TRANSFERRED_RIGHT
        if self.refused and not self.answered and not self.asked_person:
            return Rung.BLOCKED
        if self.yes and not self.asked_person:
            return Rung.VERIFIED
        if self.asked_person or self.hung_up:
            return Rung.ABANDONED_AFTER if self.answered else Rung.ABANDONED_BEFORE
        if self.answered:
            return Rung.UNVERIFIED
        return Rung.SIGNPOSTED if self.signposted else Rung.ABANDONED_BEFORE


@dataclass
class Tally:
    """Counts of everything that ended."""

    contacts: int = 0
    turns: int = 0
    rungs: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    distress: int = 0
    distress_met: int = 0
    again: int = 0
    booked: int = 0
    asked: int = 0
    waits: list[float] = field(default_factory=list)

    def add(self, story: Story) -> None:
        """One more contact has ended."""
        self.contacts += 1
        self.turns += len(story.outcomes)
        self.rungs[story.rung().value] += 1
        self.channels[story.channel] += 1
        self.languages[story.language] += 1
        self.outcomes.update(outcome.value for outcome in story.outcomes)
        self.distress += story.distress
        self.distress_met += story.distress and (story.asked_person or story.reached)
        self.again += story.again
        self.booked += story.booked
        self.asked += story.asked_person
        if story.waited is not None:
            self.waits.append(story.waited)
