"""The chronology as one file: rows and a format walk in, text walks out. Called by the command line and the web."""

from collections.abc import Sequence

from service.assembly import Service
from service.chronology.rows import Row, articles_of
from service.chronology.writing import Page, as_calendar, as_csv, as_json

#: Format -> its media type.
FORMATS = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


def exported(service: Service, found: Sequence[Row], format: str) -> str:
    """These rows in one of FORMATS."""
    page = Page(url=service.settings.page_url)
    if format == "ics":
        return as_calendar(found, page, now=service.clock())
    written = as_csv if format == "csv" else as_json
    return written(found, page, lambda id: articles_of(service, id))
