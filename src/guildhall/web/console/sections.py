"""Every section of the console, in the order of its menu. A new page is one module, one template, and one line here."""

from typing import Final

from guildhall.web.console import (
    callbacks,
    changes,
    detectors,
    drafts,
    fairness,
    feedback,
    gaps,
    knobs,
    messages,
    misses,
    papers,
    phrases,
    record,
    recordings,
    rights,
    rules,
    safeguarding,
    staff,
    supervision,
    switches,
    trail,
    turns,
    waits,
)
from guildhall.web.console.section import Section
from guildhall.web.console.value import pages as value_pages

SECTIONS: Final[tuple[Section, ...]] = (
    rules.SECTION,
    changes.SECTION,
    knobs.SECTION,
    switches.SECTION,
    supervision.SECTION,
    detectors.SECTION,
    fairness.SECTION,
    turns.SECTION,
    safeguarding.SECTION,
    drafts.SECTION,
    waits.SECTION,
    callbacks.SECTION,
    feedback.SECTION,
    messages.SECTION,
    recordings.SECTION,
    misses.SECTION,
    gaps.SECTION,
    phrases.SECTION,
    value_pages.SECTION,
    rights.SECTION,
    trail.SECTION,
    papers.SECTION,
    record.SECTION,
    staff.SECTION,
)
