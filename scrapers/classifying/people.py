"""Who is named: the office-holders of the rules in a text, by id, the same in every language. Text walks in. Pure.

`service` asks it of articles that have a topic, to know the same meeting in another language.
"""

from datetime import date

from scrapers.classifying.rules import Rules
from scrapers.classifying.surveying import survey


def people_of(rules: Rules, *, title: str, text: str, published: date | None, country: str) -> tuple[str, ...]:
    """Ids of those in office on that day whom title, lead or body name, the most often named first."""
    laid = survey(rules, title=title, text=text, published=published, country=country)
    if laid is None:
        return ()
    named: dict[str, int] = {}
    for sentence in laid.sentences:
        for seen in sentence.seen:
            concept = rules.numbered[seen.concept]
            if concept.offices:
                named[concept.id] = named.get(concept.id, 0) + 1
    return tuple(sorted(named, key=lambda id_: (-named[id_], id_)))
