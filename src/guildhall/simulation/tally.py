"""What the simulator saw of its contacts, counted as they end. On which rung each stands is for the record to say."""

from collections import Counter
from dataclasses import dataclass, field

from guildhall.vocabulary.outcomes import Outcome


@dataclass
class Story:
    """One contact as it goes on."""

    channel: str
    language: str
    distress: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    asked_person: bool = False
    reached: bool = False
    booked: bool = False
    waited: float | None = None
    again: bool = False


@dataclass
class Tally:
    """Counts of everything that ended."""

    contacts: int = 0
    turns: int = 0
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
