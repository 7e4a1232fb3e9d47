"""Candidate rules tried on an archive: nothing that would change is missed, nothing is written, and applying them tells nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from alerts.slots import next_slot
from scrapers.classifying.differing import differing
from scrapers.classifying.loading import TOPICS, TopicFileError, load_rules
from scrapers.classifying.rules import Rules
from service.assembly import Service
from service.runs.alerting import run_alerting
from service.runs.backtesting import KINDS, Backtest, candidates, run_backtest
from service.runs.judging import Judging, judged
from service.runs.keeping import keep, verdict_of
from service.runs.reclassifying import run_reclassifying
from service.runs.seeding import run_seeding
from storage.records import AnyOf, Article, Published, Strength, Subscription
from tests.fakes.house import Clock, a_service
from tests.fakes.texts import an_article, rejudge

CORPUS = Path(__file__).parents[1] / "corpus" / "topics"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "china-pakistan.yaml"
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)

#: Texts that say what forms say, in ways an index of words does not hold.
ODD = (
    "The l'Xylophone played.",
    "日本のXylophoneだ。",
    "ҚXylophone",
    f"{'ң' * 70}xylophone",
    "Counter-terrorism and the Chinese Defence Ministry in the theatre command",
    "俄舟师与中國舟師在飛彈演習",
    "Ｘｙｌｏｐｈｏｎｅ in full width",
    "xylo-phone, xylo phone and xylo'phone",
    "Учёния «Ксилофон-2О25»",
)


SMALL = """
concepts:
  loud: {en: [xylophone%s], zh: [演习]%s}
  band: {any: [loud%s]%s}
  soft: {en: [triangle%s]}
  cover: {en: [glass xylophone%s]%s}
people:
  players:
    ann: {en: [Ann Example], offices: [{from: %s}]}
exercises:
  big_drum: {en: [Big Drum], activity: joint_exercise, topics: {mine: [[band]]}, guard: [%s]}
topic: mine
rules:
  - {id: one, all: [band], points: %s, near: sentence, unless: [soft]}
  - {id: two, all: [players, soft]}
lowers: {soft: %s}
"""
PLAIN = ("", "", "", "", "", "", "", "2000", "year", "5", "1")


def small(**at: str) -> str:
    """A topic about bands; `at` says what stands at a place: p0, p1 ... in the order of SMALL."""
    return SMALL % tuple(at.get(f"p{place}", plain) for place, plain in enumerate(PLAIN))


#: What turns, how, and the title that shows it.
TURNS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("a form more", {"p0": ", bassoon"}, "A bassoon played"),
    ("a guard more", {"p1": ", not_before: {演习: [场]}"}, "演习场很大"),
    ("a group has another member", {"p2": ", players"}, "Ann Example sang"),
    ("counts only after another", {"p1": ", after: [soft]"}, "The xylophone played"),
    ("means something else in China", {"p1": ", not_from: [cn]"}, "The xylophone played"),
    ("what undoes a rule has another form", {"p4": ", bell"}, "The bell and the xylophone played"),
    ("a name hides another", {"p6": ", hides: [loud]"}, "A glass xylophone played"),
    (
        "a name that hides has another form",
        {"p6": ", hides: [loud]", "p5": ", tin xylophone"},
        "A tin xylophone played",
    ),
    ("another office", {"p7": "2027"}, "Ann Example plays the triangle"),
    ("another guard of a name", {"p8": "soft"}, "The Big Drum 2026 met the xylophone"),
    ("a rule gives less", {"p9": "1"}, "The xylophone played"),
    ("more is taken off", {"p10": "2"}, "Ann Example plays the triangle"),
)


@cache
def texts() -> tuple[Article, ...]:
    """The test corpus, which speaks of our topics and comes near them, and the odd ones."""
    articles: list[Article] = []
    for language in ("en", "ru", "zh"):
        for one in yaml.safe_load((CORPUS / f"{language}.yaml").read_text(encoding="utf-8"))[::4]:
            articles.append(_article(len(articles), one.get("title", ""), one["text"]))
    articles += [_article(len(articles) + number, "", text) for number, text in enumerate(ODD)]
    for title in dict.fromkeys(title for _, _, title in TURNS):
        articles.append(replace(_article(len(articles), title, ""), published=Published(at=NOW)))
    return tuple(articles)


def _article(number: int, title: str, text: str) -> Article:
    return an_article(canonical_id=str(number), title=title, text=text, published=None)


def fill(service: Service, articles: Sequence[Article] | None = None) -> None:
    for article in texts() if articles is None else articles:
        keep(service.archive, service.rules, article, now=service.clock(), id=article.canonical_id)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A filled archive that no test writes to."""
    with a_service(tmp_path_factory.mktemp("archive"), clock=Clock(NOW)) as service:
        run_seeding(service.archive, service.rules, service.settings.seed_dir, now=NOW)
        fill(service)
        service.index.catch_up()
        yield service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with a_service(tmp_path / "data", clock=Clock(NOW)) as built:
        yield built


def judging(service: Service, rules: Rules, *files: Path) -> Judging:
    return Judging(archive=service.archive, database=service.settings.database, rules=rules, files=files)


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def changed_by(service: Service, rules: Rules) -> set[str]:
    """The articles `rules` judge otherwise, found by reading every one."""
    return {
        article.canonical_id
        for article in texts()
        if _said(verdict_of(rules, article, country="")) != _said(verdict_of(service.rules, article, country=""))
    }


def _said(verdict: Any) -> Any:
    return replace(verdict, rules_version="", evidence=(), points={})


# ------------------------------------------------------------------ nothing is missed

OURS: dict[str, Any] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(TOPICS.glob("*.yaml"))
}


def our(name: str) -> dict[str, Any]:
    """A concept of ours as its file has it."""
    return next(dict(file["concepts"][name]) for file in OURS.values() if name in file.get("concepts", {}))


def a_topic(**over: Any) -> str:
    return yaml.safe_dump({**OURS["china-russia"], **over}, allow_unicode=True)


def a_concept(name: str, **over: Any) -> str:
    return yaml.safe_dump({"concepts": {name: {**our(name), **over}}}, allow_unicode=True)


LOUD = "concepts: {loud: {en: [xylophone], zh: [演习], ru: [{lemma: учения, stem: учени*}]}}\n"
ALONE = "topic: mine\nrules: [{id: one, all: [loud], points: 5, alone: true}]\n"


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        pytest.param(LOUD + ALONE, True, id="a topic of one's own"),
        pytest.param(LOUD, False, id="a concept nobody asks for"),
        pytest.param(a_topic(tie=8), True, id="a higher threshold"),
        pytest.param(a_topic(name="Other"), False, id="another name"),
        pytest.param(a_topic(rules=OURS["china-russia"]["rules"][::9]), True, id="rules that are gone"),
        pytest.param(LOUD + a_topic(vetoes=["loud"]), True, id="another veto"),
        pytest.param(LOUD + a_topic(lowers={"loud": 3}), True, id="another thing that lowers"),
        pytest.param(LOUD + a_topic(unsourced=["loud"], sources=["sco"]), True, id="texts held back"),
        pytest.param(a_concept("cn", en=[]), True, id="a concept without its English forms"),
    ],
)
def test_what_a_full_reading_finds_is_among_the_candidates(
    archive: Service, tmp_path: Path, file: str, changes: bool
) -> None:
    rules = load_rules(extra=written(tmp_path, file))
    changed = changed_by(archive, rules)
    assert bool(changed) is changes, "the case shows something"
    assert changed <= set(candidates(archive, judging(archive, rules)))


@pytest.mark.parametrize("number", range(len(TURNS)), ids=[name for name, _, _ in TURNS])
def test_each_way_a_verdict_may_turn_is_asked_for(archive: Service, tmp_path: Path, number: int) -> None:
    _, changed, text = TURNS[number]
    old, new = (load_rules(extra=written(tmp_path, file)) for file in (small(), small(**changed)))
    article = next(one for one in texts() if one.title == text)
    before, after = (verdict_of(rules, article, country="CN") for rules in (old, new))
    assert _said(before) != _said(after), "the case shows something"
    found = archive.index.candidates(differing(old, new)).ids
    assert article.canonical_id in found
    assert len(found) < len(texts()) / 2, "and few beside it"


def test_the_same_rules_need_no_reading(archive: Service) -> None:
    assert differing(archive.rules, archive.rules) == AnyOf()
    assert candidates(archive, judging(archive, archive.rules)) == []


def test_a_form_more_is_asked_for_and_nothing_else(archive: Service, tmp_path: Path) -> None:
    file = written(tmp_path, a_concept("china", en=[*our("china").get("en", []), "Xylophone"]))
    found = candidates(archive, judging(archive, load_rules(extra=file)))
    assert len(found) < len(texts()) / 2


FORMS = ("en", "ru", "zh", "capitals")
CONCEPTS = sorted(
    name for file in OURS.values() for name, its in file.get("concepts", {}).items() if set(its) & set(FORMS)
)
WORDS = sorted(
    {word for article in texts() for word in article.text.split() if word.isascii() and len(word.strip(".,")) > 3}
)


@st.composite
def edits(draw: st.DrawFn) -> str:
    """A file that puts one of our concepts or topics differently: forms gone, forms added, rules gone or rewritten."""
    if draw(st.booleans()):
        name = draw(st.sampled_from(CONCEPTS))
        concept = our(name)
        for key in FORMS:
            if concept.get(key):
                concept[key] = [form for form in concept[key] if draw(st.booleans())]
        concept["en"] = [*concept.get("en", []), draw(st.sampled_from(WORDS)).strip(".,")]
        return yaml.safe_dump({"concepts": {name: concept}}, allow_unicode=True)
    topic = draw(st.sampled_from(["china-russia", "sco"]))
    rules = [dict(rule) for rule in OURS[topic]["rules"] if draw(st.integers(0, 3))]
    for rule in rules[:: draw(st.integers(2, 5))]:
        rule["points"] = draw(st.sampled_from([1, 2, 8]))
        rule["near"] = draw(st.sampled_from(["sentence", "window", "paragraph", "text"]))
    return yaml.safe_dump({**OURS[topic], "rules": rules or OURS[topic]["rules"]}, allow_unicode=True)


@given(edits())
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_whatever_is_edited_nothing_that_changes_is_missed(archive: Service, tmp_path: Path, file: str) -> None:
    try:
        rules = load_rules(extra=written(tmp_path, file))
    except TopicFileError:
        reject()
    assert changed_by(archive, rules) <= set(candidates(archive, judging(archive, rules)))


# ------------------------------------------------------------------ what is told


def test_gains_losses_and_changes_are_told_with_their_evidence(archive: Service, tmp_path: Path) -> None:
    rules = load_rules(extra=written(tmp_path, LOUD + a_topic(vetoes=["loud"])))
    before = archive.archive.articles.last_change()
    result = run_backtest(archive, judging(archive, rules), limit=1000)
    assert result.tested == len(texts())
    assert result.total("lost") > 0
    for shift in (shift for kind in KINDS for shift in result.shown[kind]):
        article = archive.archive.articles.get(shift.id)
        assert article
        assert article.verdict.strength.get(shift.topic) is shift.before
        assert shift.article == replace(article.article, text="")
        assert {piece.topic for piece in shift.evidence} == {shift.topic}
    assert archive.archive.articles.last_change() == before, "nothing was written"


def test_only_so_many_are_shown_and_all_are_counted(archive: Service, tmp_path: Path) -> None:
    rules = load_rules(extra=written(tmp_path, LOUD + ALONE))
    full, few = (run_backtest(archive, judging(archive, rules), limit=limit) for limit in (1000, 2))
    assert few.counts == full.counts
    assert few.shown["gained"] == full.shown["gained"][:2]
    assert full.counts["mine", "gained", "tie"] == len(full.shown["gained"]) > 2


def test_several_processes_find_what_one_finds(archive: Service, tmp_path: Path) -> None:
    file = written(tmp_path, LOUD + ALONE)
    ids = [article.canonical_id for article in texts()]
    one, two = (
        [
            made
            for _, batch in judged(judging(archive, load_rules(extra=file), file), ids, by_topic, processes=count)
            for made in batch
        ]
        for count in (1, 2)
    )
    assert one == two
    assert len(one) > 2


def by_topic(kept: Any, verdict: Any) -> tuple[str, tuple[str, ...]] | None:
    return (kept.id, verdict.topics) if "mine" in verdict.topics else None


def test_only_articles_since_a_day_are_tried(service: Service, tmp_path: Path) -> None:
    days = [datetime(2026, month, 3, 12, tzinfo=UTC) for month in (9, 10)]
    fill(service, [replace(_article(n, "", "Xylophone."), published=Published(at=day)) for n, day in enumerate(days)])
    rules = load_rules(extra=written(tmp_path, LOUD + ALONE))
    result = run_backtest(service, judging(service, rules), since=date(2026, 10, 1))
    assert (result.tested, result.candidates, [s.id for s in result.shown["gained"]]) == (1, 1, ["1"])


def test_articles_judged_by_older_rules_are_read_too(service: Service) -> None:
    fill(service, [_article(1, "", "Nothing of note.")])
    service.index.catch_up()
    [kept] = service.archive.articles.many(["1"]).values()
    older = replace(kept.verdict, rules_version="older", strength={"sco": Strength.TIE})
    rejudge(service.archive, "1", older, NOW)
    result = run_backtest(service, judging(service, service.rules))
    assert [(shift.id, shift.topic, shift.kind) for shift in result.shown["lost"]] == [("1", "sco", "lost")]


# ------------------------------------------------------------------ applied

DRILL = (
    "The China-Pakistan naval drill began. Both navies hold the exercise near Karachi. China-Pakistan exercises go on."
)


def subscribed(service: Service, name: str, query: str) -> None:
    asked = Subscription(name=name, email=f"{name}@example.org", query=query)
    dated = replace(asked, since=NOW - timedelta(days=1), next_due=next_slot(asked, after=NOW))
    service.archive.subscriptions.add(dated)


def told(service: Service) -> dict[str, list[str]]:
    """What the next digest of each subscription tells."""
    service.clock.now += timedelta(days=1)  # type: ignore[attr-defined]
    return {r.digest.subscription: [id for id, _ in r.digest.told] for r in run_alerting(service.alerting())}


def apply(service: Service) -> Any:
    return run_reclassifying(service, judging(service, load_rules(extra=EXAMPLE), EXAMPLE))


def test_what_gains_a_topic_by_applying_is_told_to_nobody(service: Service) -> None:
    fill(service, [_article(1, "", DRILL)])
    subscribed(service, "pakistan", "topic:china-pakistan")
    done = apply(service)
    assert (done.judged, done.changed, done.left) == (1, 1, 0)
    [kept] = service.archive.articles.many(["1"]).values()
    assert "china-pakistan" in kept.verdict.strength
    assert told(service) == {"pakistan": []}


def test_what_was_waiting_to_be_told_is_still_told(service: Service) -> None:
    fill(service, [_article(1, "", DRILL)])
    subscribed(service, "words", "karachi")
    subscribed(service, "pakistan", "topic:china-pakistan")
    apply(service)
    assert told(service) == {"pakistan": [], "words": ["1"]}


def test_news_that_comes_after_applying_is_told(service: Service) -> None:
    fill(service, [_article(1, "", DRILL)])
    subscribed(service, "pakistan", "topic:china-pakistan")
    apply(service)
    newer = load_rules(extra=EXAMPLE)
    keep(service.archive, newer, _article(2, "", DRILL), now=NOW, id="2")
    keep(service.archive, newer, _article(1, "", f"{DRILL} Twelve ships took part, Karachi said."), now=NOW, id="1")
    assert {name: set(ids) for name, ids in told(service).items()} == {"pakistan": {"1", "2"}}, (
        "what changed in 1 matters"
    )


def test_a_subscription_that_comes_after_applying_finds_what_is_there(service: Service) -> None:
    fill(service, [_article(1, "", DRILL)])
    apply(service)
    subscribed(service, "pakistan", "topic:china-pakistan")
    assert told(service) == {"pakistan": ["1"]}


def test_an_interrupted_apply_goes_on_where_it_stopped(service: Service) -> None:
    fill(service, [_article(number, "", f"{DRILL} Day {number}.") for number in range(600)])
    subscribed(service, "pakistan", "topic:china-pakistan")

    def stop(done: int, _all: int) -> None:
        if done:
            service.stop.set()

    rules = load_rules(extra=EXAMPLE)
    first = run_reclassifying(service, judging(service, rules, EXAMPLE), told=stop)
    assert 0 < first.judged < 600
    assert first.left == 600 - first.judged
    service.stop.clear()
    second = apply(service)
    assert (second.judged, second.left) == (first.left, 0)
    assert apply(service).judged == 0, "nothing is judged twice"
    assert told(service) == {"pakistan": []}


def test_seeds_keep_the_topics_of_their_manifest(service: Service) -> None:
    run_seeding(service.archive, service.rules, service.settings.seed_dir, now=NOW)
    before = {kept.id: kept.verdict for kept in service.archive.articles.newest(limit=9)}
    assert len(before) == 5
    apply(service)
    assert {kept.id: kept.verdict for kept in service.archive.articles.newest(limit=9)} == before


def test_the_example_judges_as_its_reader_would_expect() -> None:
    rules = load_rules(extra=EXAMPLE)
    assert "china-pakistan" not in load_rules().topics
    drill = verdict_of(rules, an_article(title="Sea Guardian-3 exercise opens off Karachi", text=DRILL), country="")
    corridor = verdict_of(
        rules, an_article(title="Pakistan and China widen the economic corridor", text="A road is built."), country=""
    )
    assert (drill.strength["china-pakistan"], dict(corridor.strength)) == (Strength.TIE, {})


def test_a_backtest_of_an_empty_archive_finds_nothing(service: Service) -> None:
    result = run_backtest(service, judging(service, load_rules(extra=EXAMPLE), EXAMPLE))
    assert (result.tested, result.candidates, result.counts) == (0, 0, Backtest().counts)
