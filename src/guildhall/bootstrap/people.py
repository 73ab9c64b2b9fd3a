"""Residents' data for commands of staff, which need no models."""

from guildhall.bootstrap.rights import open_rights
from guildhall.settings import Settings
from guildhall.storage.staff_views import StaffViews


def open_views(settings: Settings, council: str = "") -> StaffViews:
    """What staff may see; every look is recorded."""
    return open_rights(settings, council).views
