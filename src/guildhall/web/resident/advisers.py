"""What residents read as the name of an adviser: a first name, or only that it is an adviser, as the council decides."""

from dataclasses import dataclass, field

from guildhall.web.resident.page import Page


@dataclass
class AdviserNames:
    """Names for one page, each looked up once."""

    page: Page
    _known: dict[str, str] = field(default_factory=dict)

    def of(self, staff_id: str) -> str:
        """The name of a member of staff; `An adviser` where the council gives none, or nobody of that id is known."""
        if staff_id not in self._known:
            self._known[staff_id] = self._named(staff_id)
        return self._known[staff_id]

    def _named(self, staff_id: str) -> str:
        guildhall = self.page.door.guildhall
        if guildhall.profile.handoffs.desk.adviser_name == "first":
            found = guildhall.desk.advisers.get(staff_id)
            if found and found.name.strip():
                return self.page.text("live.adviser", name=found.name.split()[0])
        return self.page.text("live.adviser_role")
