"""What stands beside or within an open conversation. A new panel is one module, one template under `desk/panels/`, and one line here."""

from typing import Final

from guildhall.web.desk import facts_panel, translation_panel, wrap_up_panel
from guildhall.web.desk.panel import Panel

PANELS: Final[tuple[Panel, ...]] = (
    wrap_up_panel.PANEL,
    facts_panel.PANEL,
    translation_panel.PANEL,
)
