"""Article to Verdict: topics, activities, events and the words that earned them. Text walks in, a verdict walks out.

Pure: no clock, no files, no network. `service` calls `classify` on the walk and for back-tests.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from scrapers.classifying.events import events_of
from scrapers.classifying.firing import Firing
from scrapers.classifying.laid_out import Survey
from scrapers.classifying.naming import activities_of
from scrapers.classifying.rules import Rules
from scrapers.classifying.surveying import survey
from scrapers.classifying.weighing import Weighed, weigh
from storage.records import Evidence, Verdict

#: What one verdict shows at most, over all topics.
MOST_EVIDENCE = 12


def classify(
    rules: Rules,
    *,
    title: str | None,
    text: str | None,
    language: str = "",  # noqa: ARG001 - callers know it; forms of all languages are looked for, since texts mix them
    published: date | None = None,
    country: str = "",
) -> Verdict:
    """What the text is about, and why.

    `published` is the day at the outlet, to know who held which office; `country` the outlet's (two letters), to know whose
    ministry "the defence ministry" is. Any text will do, also none: then the verdict is empty.
    """
    laid = survey(rules, title=title or "", text=text or "", published=published, country=country)
    if laid is None:
        return Verdict(rules_version=rules.version)
    weighed = {plan.topic.id: weigh(rules, plan, laid) for plan in rules.plans}
    earned = {topic: one for topic, one in weighed.items() if one.strength is not None}
    if not earned:
        return Verdict(rules_version=rules.version)
    return Verdict(
        strength={topic: one.strength for topic, one in earned.items() if one.strength},
        activities=activities_of(rules, laid, list(earned.values())),
        events=events_of(rules, laid, published),
        evidence=_evidence(laid, earned),
        points={topic: round(one.points, 2) for topic, one in earned.items()},
        rules_version=rules.version,
    )


def _evidence(laid: Survey, earned: dict[str, Weighed]) -> tuple[Evidence, ...]:
    """The strongest words first, and of every topic at least one."""
    ranked: list[tuple[float, str, Firing]] = []
    for topic, one in earned.items():
        ranked += [(firing.value, topic, firing) for firing in one.firings]
    ranked.sort(key=lambda entry: -entry[0])
    shown: list[Evidence] = []
    unshown = set(earned)
    for evidence in _distinct(laid, ranked):
        if evidence.topic in unshown or len(shown) < MOST_EVIDENCE - len(unshown):
            shown.append(evidence)
            unshown.discard(evidence.topic)
        if not unshown and len(shown) >= MOST_EVIDENCE:
            break
    return tuple(shown)


def _distinct(laid: Survey, ranked: Iterable[tuple[float, str, Firing]]) -> Iterator[Evidence]:
    known: set[tuple[str, str, int, int]] = set()
    for _, topic, firing in ranked:
        for sentence, seen in firing.seen:
            key = (topic, sentence.field, seen.start, seen.end)
            if key not in known:
                known.add(key)
                form, start, end, around = laid.quote(sentence, seen)
                yield Evidence(
                    topic=topic,
                    rule=firing.label,
                    form=form,
                    field=sentence.field,
                    start=start,
                    end=end,
                    sentence=around,
                )
