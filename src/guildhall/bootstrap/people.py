"""Residents' data for commands of staff, which need no models and no council's files."""

from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.rights import open_memory
from guildhall.settings import Settings
from guildhall.storage.staff_views import StaffViews


def open_views(settings: Settings, council: str = "") -> StaffViews:
    """What staff may see; every look is recorded."""
    memory = open_memory(settings, council or settings.council)
    return StaffViews(memory.database, memory.conversations, memory.people, memory.record, memory.clock, new_id)
