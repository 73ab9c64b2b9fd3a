"""What a page shows while there are no figures: they are being prepared, or the export cannot be read."""

from starlette.responses import Response

from guildhall.web.console.visit import Visit


def not_ready(visit: Visit) -> Response:
    """A page that says why there are no figures, and what to do."""
    if trouble := visit.console.value_pages.trouble:
        said = [
            f"The export of the record could not be read: {trouble}",
            "Ask the person who runs the service to run “guildhall value export”.",
        ]
        return visit.show("said.html", 503, heading="There are no figures", paragraphs=said)
    said = ["The record is being read for the first time. Reload this page in a minute."]
    return visit.show("said.html", 503, heading="The figures are being prepared", paragraphs=said)
