"""Articles find their stories on the walks: own texts, real ones, three languages, and the digest groups by them."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.stories import Pair, corpus, headlines, labelled, score, stories_of
from scrapers.classifying.loading import load_rules
from scrapers.classifying.rules import Rules
from scrapers.reading.traits import FORM
from service.assembly import Service
from service.runs.alerting import digest_for
from service.runs.keeping import keep
from service.runs.placing import place_due, placed
from service.stories import Role, telling
from storage.archive.archive import Archive, open_archive
from storage.records import Article, Kept, Published, Subscription
from tests.fakes.house import Clock, a_service
from tests.fakes.texts import NOON

RULES = cache(load_rules)


def rules() -> Rules:
    return RULES()


def kept(archive: Archive, key: str) -> Kept:
    found = archive.articles.find(key.split("/")[0], key)
    assert found is not None
    return found


def an_article(
    outlet: str, title: str, text: str, *, language: str = "en", hours: float = 0, origin: str = ""
) -> Article:
    return Article(
        outlet=outlet,
        canonical_id=f"{outlet}/{title}",
        url=f"https://{outlet}.test/{abs(hash(title))}",
        title=title,
        text=text,
        language=language,
        published=Published(at=NOON + timedelta(hours=hours)),
        origin=origin,
    )


# ------------------------------------------------------------------ how well


def test_our_own_reprints_are_joined_and_no_look_alike() -> None:
    found = score(corpus()[1], in_their_order())
    assert found.recall >= 0.98
    assert found.wrong == 0


@cache
def in_their_order() -> dict[str, str]:
    return stories_of(corpus()[0], rules)


@given(data=st.data())
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_arrival_changes_nothing(data: st.DataObject) -> None:
    articles, order = corpus()[0], data.draw(st.permutations(sorted(corpus()[0])))
    assert together(stories_of({key: articles[key] for key in order}, rules)) == together(in_their_order())


def together(story: Mapping[str, str]) -> set[frozenset[str]]:
    return {frozenset(key for key in story if story[key] == one) for one in story.values()}


def test_real_reprints_are_joined_and_no_look_alike(shared: Path) -> None:
    articles, pairs = headlines(shared)
    # A part, for the sake of time; benchmarks/stories.py tells of all.
    pairs = pairs[::6]
    found = score(pairs, stories_of({key: articles[key] for pair in pairs for key in (pair.one, pair.other)}, rules))
    assert found.right > 100
    assert found.recall >= 0.98
    assert found.wrong == 0


def test_pairs_that_people_labelled(shared: Path) -> None:
    articles, pairs = labelled(shared)
    assert score(pairs, stories_of(articles, rules)).f1 >= 0.75


def test_a_score_counts_what_was_joined_and_what_was_not() -> None:
    pairs = [Pair("a", "b", True), Pair("a", "c", True), Pair("a", "d", False), Pair("c", "d", None)]
    found = score(pairs, {"a": "1", "b": "1", "c": "2", "d": "1"})
    assert (found.right, found.missed, found.wrong, found.recall, found.f1) == (1, 1, 1, 0.5, 0.5)


# ------------------------------------------------------------------ three languages


EVENT = {
    "en": ("Joint Sea-2025 exercise opens", "Chinese and Russian warships opened the joint naval exercise Joint Sea-2025 near Vladivostok on Friday, the defense ministries said. Destroyers of both navies will train air defence for five days."),
    "ru": ("Началось учение «Морское взаимодействие-2025»", "Корабли ВМС Китая и ВМФ России начали совместное военно-морское учение «Морское взаимодействие-2025» у Владивостока, сообщило Минобороны. Эсминцы двух флотов пять дней будут отрабатывать противовоздушную оборону."),
    "zh": ("中俄“海上联合-2025”演习开幕", "中俄两国海军“海上联合-2025”联合演习在符拉迪沃斯托克附近海域开幕，国防部发布消息说，两国驱逐舰将开展为期五天的防空等课目训练。"),
}  # fmt: skip
MEETING = {
    "en": ("Dong Jun, Belousov hold video call", "Chinese Defense Minister Dong Jun and Russian Defense Minister Andrei Belousov held a video call on military cooperation between the two armies, the ministry said."),
    "zh": ("董军同别洛乌索夫视频通话", "中国国防部长董军同俄罗斯国防部长别洛乌索夫举行视频通话，就两军合作交换意见。"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("here", "there", "hours", "same"),
    [
        pytest.param(EVENT["en"], ("zh", EVENT["zh"]), 5, True, id="an exercise in English and Chinese"),
        pytest.param(EVENT["en"], ("ru", EVENT["ru"]), 20, True, id="an exercise in English and Russian"),
        pytest.param(EVENT["en"], ("zh", EVENT["zh"]), 75, False, id="the same exercise three days later"),
        pytest.param(MEETING["en"], ("zh", MEETING["zh"]), 2, True, id="a call between two ministers"),
        pytest.param(MEETING["en"], ("zh", EVENT["zh"]), 2, False, id="a call and an exercise"),
    ],
)
def test_stories_cross_languages_by_event_day_and_people(
    here: tuple[str, str], there: tuple[str, tuple[str, str]], hours: float, same: bool
) -> None:
    language, (title, text) = there
    articles = {
        "one": an_article("a", *here),
        "other": an_article("b", title, text, language=language, hours=hours),
    }
    story = stories_of(articles, rules)
    assert (story["one"] == story["other"]) is same


# ------------------------------------------------------------------ told


TEXT = (
    "Three frigates of two navies left the outer harbour on Monday morning under one command, the naval press office said. "
    "They will escort grain ships through the gulf for forty days and call at two ports on the way back. Captain Orlan Veit, "
    "who leads the group, said the crews had practised signals, refuelling and boarding since January."
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterable[Archive]:
    with open_archive(tmp_path / "archive.db") as opened:
        yield opened


def keep_all(archive: Archive, *articles: Article) -> list[Kept]:
    for article in articles:
        keep(archive, rules(), article, now=NOON + timedelta(days=1, minutes=archive.articles.count()))
    place_due(archive, rules)
    return [kept(archive, article.canonical_id) for article in articles]


def test_an_original_found_late_is_the_first_publisher_from_then_on(archive: Archive) -> None:
    copy, part = keep_all(
        archive,
        an_article("copier", "Frigates leave", TEXT + " A band played.", hours=3, origin="Harbour"),
        an_article("brief", "Frigates leave", TEXT[: TEXT.index(". ") + 1], hours=5),
    )
    assert [one.kept.id for one in telling(archive, copy).copies] == [part.id, copy.id], (
        "its own copy before a credited one"
    )
    (original,) = keep_all(archive, an_article("harbour", "Frigates leave", TEXT))
    told = telling(archive, kept(archive, copy.article.canonical_id))
    assert [(one.kept.id, one.role, one.delay) for one in told.copies] == [
        (original.id, Role.FIRST, timedelta(0)),
        (copy.id, Role.COPY, timedelta(hours=3)),
        (part.id, Role.SHORTENED, timedelta(hours=5)),
    ]
    assert told.id == copy.id, "the name of a story stays"
    _, first_copy, shortened = told.copies
    assert (first_copy.added, first_copy.cut, first_copy.words_added) == (["A band played."], [], 3)
    assert (shortened.added, shortened.words_added) == ([], 0)
    assert shortened.words_cut > 20
    assert "Captain Orlan Veit" in " ".join(shortened.cut)


def test_a_revision_finds_another_story(archive: Archive) -> None:
    one, other = keep_all(
        archive, an_article("a", "Frigates leave", TEXT), an_article("b", "Frigates leave port", TEXT, hours=1)
    )
    assert one.story == other.story
    changed = an_article(
        "b", "Frigates leave port", "A lighthouse keeper retired after forty years; his daughter follows him. " * 3
    )
    (other,) = keep_all(archive, changed)
    assert (other.revision, other.story) == (2, other.id)
    assert telling(archive, one).is_alone


def test_what_is_found_before_its_place_gets_one_at_once(archive: Archive) -> None:
    for outlet in ("a", "b"):
        keep(archive, rules(), an_article(outlet, "Frigates leave", TEXT), now=NOON)
    waiting = archive.articles.newest(limit=5, matched_only=False)
    assert {one.story for one in waiting} == {""}
    found = placed(archive, rules, waiting)
    assert [one.id for one in found] == [one.id for one in waiting]
    assert len({one.story for one in found}) == 1
    assert placed(archive, rules, found) == found


def test_places_of_an_older_form_are_made_anew(archive: Archive) -> None:
    keep_all(archive, an_article("a", "Frigates leave", TEXT), an_article("b", "Frigates leave", TEXT))
    assert (archive.stories.form(), place_due(archive, rules)) == (FORM, 0)
    archive.stories.forget(form=FORM + 1)
    heard: list[int] = []
    assert place_due(archive, rules, told=heard.append) == 2
    assert (archive.stories.form(), archive.stories.count(), heard) == (FORM, (1, 2), [2])


def test_a_stop_leaves_the_rest_to_the_next_time(archive: Archive) -> None:
    for number in range(3):
        keep(archive, rules(), an_article(f"o{number}", "Frigates leave", TEXT), now=NOON)
    assert place_due(archive, rules, stopping=lambda: True) == 0
    assert place_due(archive, rules) == 3


# ------------------------------------------------------------------ the digest


def test_a_digest_tells_one_story_once(tmp_path: Path) -> None:
    with a_service(tmp_path, clock=Clock(NOON)) as service:
        title, text = EVENT["en"]
        for outlet, hours in (("harbour", 0.0), ("copier", 2.0)):
            keep(service.archive, rules(), an_article(outlet, title, text, hours=hours - 4), now=NOON)
        body = digest_text(service)
    assert body.count("Joint Sea-2025 exercise opens") == 1
    assert body.index("harbour") < body.index("Same story") < body.index("copier")


def digest_text(service: Service) -> str:
    subscription = Subscription(name="morning", email="a@b.test", since=NOON - timedelta(days=2))
    digest = digest_for(service.alerting(), subscription, due=NOON, now=NOON)
    assert digest is not None
    # A title may be broken over lines, and its marks are asterisks.
    return " ".join(digest.text.replace("*", "").split())
