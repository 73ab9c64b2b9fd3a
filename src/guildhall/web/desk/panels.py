"""What stands beside or within an open conversation. A new panel is one module, one template under `desk/panels/`, and one line here."""

from typing import Final

from guildhall.web.desk import (
    call_panel,
    content_panel,
    facts_panel,
    labels_panel,
    replies_panel,
    snooze_panel,
    transfer_panel,
    translation_panel,
    wrap_up_panel,
)
from guildhall.web.desk.panel import Panel

PANELS: Final[tuple[Panel, ...]] = (
    transfer_panel.ASKED,
    replies_panel.PANEL,
    content_panel.SOURCES,
    call_panel.PANEL,
    wrap_up_panel.PANEL,
    content_panel.PANEL,
    labels_panel.PANEL,
    transfer_panel.PANEL,
    snooze_panel.PANEL,
    facts_panel.PANEL,
    translation_panel.PANEL,
)
