"""Turn the text of one topic file into concepts, exercises, activities and topics. Text walks in, a growing `Draft` walks out.

Only `loading` calls it. Nothing raises: what cannot be read becomes a complaint (file, line, reason), and the rest goes on.
"""

from collections.abc import Iterator

from scrapers.classifying.concept_reading import read_concepts
from scrapers.classifying.drafts import Draft, Page
from scrapers.classifying.rules import Near, Rule, Topic, Yielding
from scrapers.classifying.yaml_lines import BadYaml, Table, read_yaml

_RULE = frozenset(
    ["id", "about", "all", "near", "points", "unless", "unless_title", "activity", "otherwise", "mention_only", "alone"]
)
_YIELD = frozenset(["about", "activities", "to", "when", "unless"])
_TOPIC = frozenset(
    [
        "topic",
        "name",
        "about",
        "tie",
        "mention",
        "exercise",
        "rules",
        "lowers",
        "vetoes",
        "headed",
        "demotes",
        "supports",
        "readouts",
        "unsourced",
        "sources",
    ]
)
_FILE = frozenset(["words", "concepts", "people", "exercises", "activities", "yields"]) | _TOPIC


def read_file(draft: Draft, name: str, text: str, *, theirs: bool) -> None:
    """Add what the file `name` holds to `draft`. `theirs`: it may put its own in place of a name of ours."""
    page = Page(draft, name, theirs)
    try:
        document = read_yaml(text)
    except BadYaml as why:
        page.complain(why.line, f"no YAML: {why}")
        return
    if document is None:
        return
    if not isinstance(document, Table):
        page.complain(1, "a topic file is a table: concepts, people, exercises, activities, or a topic with its rules")
        return
    page.known(document, _FILE, "a topic file")
    read_concepts(page, document)
    _yields(page, document)
    if "topic" in document:
        _topic(page, document)
    elif "rules" in document:
        page.complain(document.line_of("rules"), "rules without a topic: say `topic: name-of-the-topic` first")


def _yields(page: Page, document: Table) -> None:
    for line, entry in page.entries(document, "yields"):
        page.known(entry, _YIELD, "a line of yields")
        page.draft.places["yields", str(len(page.draft.yieldings))] = (page.file, line, page.theirs)
        page.draft.yieldings.append(
            Yielding(
                activities=page.words(entry, "activities"),
                to=str(entry.get("to", "")),
                when=page.groups(entry, "when"),
                unless=page.words(entry, "unless"),
            )
        )


def _topic(page: Page, document: Table) -> None:
    id_ = str(document["topic"])
    if not page.claim("topic", id_, document.line_of("topic")):
        return
    page.draft.topics[id_] = Topic(
        id=id_,
        name=str(document.get("name", id_)),
        rules=tuple(_rules(page, id_, document)),
        tie=page.number(document, "tie", 5),
        mention=page.number(document, "mention", 2),
        exercise=page.number(document, "exercise", 5),
        lowers=_lowers(page, document),
        vetoes=page.words(document, "vetoes"),
        headed=page.words(document, "headed"),
        demotes=page.words(document, "demotes"),
        supports=page.words(document, "supports"),
        readouts=page.words(document, "readouts"),
        unsourced=page.words(document, "unsourced"),
        sources=page.words(document, "sources"),
    )


def _lowers(page: Page, document: Table) -> dict[str, float]:
    table = document.get("lowers", Table(0))
    if not isinstance(table, Table):
        page.complain(document.line_of("lowers"), "lowers is a table: concept: how many points it takes")
        return {}
    return {concept: page.number(table, concept, 1) for concept in table}


def _rules(page: Page, topic: str, document: Table) -> Iterator[Rule]:
    if not document.get("rules"):
        page.complain(document.line_of("rules"), f"topic {topic} has no rules")
    for line, entry in page.entries(document, "rules"):
        if "id" not in entry:
            page.complain(line, "a rule needs an id")
            continue
        page.known(entry, _RULE, f"rule {entry['id']}")
        if page.claim("rule", f"{topic}/{entry['id']}", line):
            yield _rule(page, entry)


def _rule(page: Page, table: Table) -> Rule:
    near = str(table.get("near", Near.SENTENCE))
    if near not in list(Near):
        page.complain(table.line_of("near"), f"near is one of {', '.join(Near)}, not {near!r}")
        near = Near.SENTENCE
    return Rule(
        id=str(table["id"]),
        all=page.groups(table, "all"),
        points=page.number(table, "points", 3),
        near=Near(near),
        unless=page.words(table, "unless"),
        unless_title=page.words(table, "unless_title"),
        activity=str(table.get("activity", "")),
        otherwise=str(table.get("otherwise", "")),
        mention_only=table.get("mention_only") is True,
        alone=table.get("alone") is True,
    )
