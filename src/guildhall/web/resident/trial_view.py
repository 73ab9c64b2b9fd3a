"""What the page shows of a randomised trial: the question, once and before anything is said; later, the way to take it back."""

from dataclasses import dataclass

from guildhall.web.resident.page import Page


@dataclass(frozen=True, slots=True)
class TrialView:
    """What the page shows of a trial. `asks` is the code of the new way; empty where nobody is asked."""

    asks: str = ""
    takes_part: bool = False
    left: bool = False


def trial_view(page: Page) -> TrialView:
    """Whether a resident is asked, or may take it back. Once anything was said nobody is asked: who is in distress or waits has said something."""
    trials = page.door.guildhall.trials
    if not trials.profile.trials:
        return TrialView()
    if page.session is None:
        plan = None if page.door.notice(page.language) else trials.asking()
        return TrialView(plan.new_way.value if plan else "")
    member = trials.store.of(page.session.conversation_id)
    return TrialView(takes_part=member is not None and member.left_at is None, left=member is not None and member.left_at is not None)
