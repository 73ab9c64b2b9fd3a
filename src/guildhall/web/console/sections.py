"""Every section of the console, in the order of its menu. A new page is one module, one template, and one line here."""

from typing import Final

from guildhall.web.console import (
    callbacks,
    changes,
    detectors,
    drafts,
    fairness,
    knobs,
    misses,
    papers,
    record,
    rights,
    rules,
    staff,
    supervision,
    switches,
    trail,
    turns,
    waits,
)
from guildhall.web.console.section import Section

SECTIONS: Final[tuple[Section, ...]] = (
    rules.SECTION,
    changes.SECTION,
    knobs.SECTION,
    switches.SECTION,
    supervision.SECTION,
    detectors.SECTION,
    fairness.SECTION,
    turns.SECTION,
    drafts.SECTION,
    waits.SECTION,
    callbacks.SECTION,
    misses.SECTION,
    rights.SECTION,
    trail.SECTION,
    papers.SECTION,
    record.SECTION,
    staff.SECTION,
)
