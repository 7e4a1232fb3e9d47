"""What a search answers beside its hits: counts a click agrees with, a timeline, steady pages, what is alike, and help."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.glossary import read_glossary
from service.web.narrowing import narrowed
from storage.records import Kept, Strength
from storage.search.index import SearchIndex
from storage.search.query import parse_query
from storage.search.results import Nothing, Timeline, Without
from tests.fakes.articles import NOW, KeptInMemory, kept

TIE, MENTION = Strength.TIE, Strength.MENTION


def made(folder: Path, *articles: Kept) -> SearchIndex:
    index = SearchIndex(folder, KeptInMemory(*articles), names=read_glossary)
    index.catch_up()
    return index


def total(index: SearchIndex, query: str) -> int:
    return index.search(parse_query(query), limit=0, now=NOW).total


# ------------------------------------------------------------------ counts

STRENGTHS: tuple[Mapping[str, Strength], ...] = (
    {"sco": TIE, "china-russia": MENTION},
    {"sco": MENTION, "china-russia": TIE},
    {"sco": MENTION},
    {"china-russia": TIE},
    {},
)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "patrol",
        "topic:sco",
        "strength:tie",
        "topic:sco strength:mention",
        "topic:sco topic:china-russia",
        "topic:sco OR topic:china-russia",
        "(topic:sco OR lang:en) strength:tie",
        "-topic:sco",
        "-strength:tie",
        "strength:tie strength:mention",
    ],
)
def test_each_count_is_what_a_click_finds(tmp_path: Path, query: str) -> None:
    index = made(
        tmp_path,
        *(
            kept(f"{number}", "a patrol", strength=strength, outlet=f"outlet-{number}", language=language)
            for number, strength in enumerate(STRENGTHS)
            for language in ["en" if number % 2 else "zh-Hant"]
        ),
    )
    fields = {"year": "on", "language": "lang"}
    facets = index.search(parse_query(query), limit=0, now=NOW).facets
    assert set(facets["language"]) <= {"en", "zh"}
    for facet, counts in facets.items():
        for value, count in counts.items():
            clicked = narrowed(query, parse_query(query), fields.get(facet, facet), value)
            assert total(index, clicked) == count, clicked


# ------------------------------------------------------------------ timeline


def on(day: str) -> Kept:
    return kept(day, "a patrol", published=datetime.fromisoformat(day).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("days", "per", "counts"),
    [
        pytest.param([], "month", {}, id="nothing"),
        pytest.param(["2025-08-01", "2025-08-20"], "day", {"2025-08-01": 1, "2025-08-20": 1}, id="a month, day by day"),
        pytest.param(["2025-07-31", "2025-08-01"], "day", {"2025-07-31": 1, "2025-08-01": 1}, id="two that meet"),
        pytest.param(["2024-12-31", "2025-08-01"], "month", {"2024-12": 1, "2025-08": 1}, id="more, month by month"),
        pytest.param(["1999-12-31", "2000-01-01", "2000-03-01"], "month", {"1999-12": 1, "2000-01": 1, "2000-03": 1}, id="over a turn of years"),
    ],
)  # fmt: skip
def test_a_timeline_counts_days_or_months(tmp_path: Path, days: list[str], per: str, counts: dict[str, int]) -> None:
    index = made(tmp_path, *map(on, days), kept("other", "an exercise", published=NOW - timedelta(days=9999)))
    found = index.search(parse_query("patrol"), limit=0, now=NOW)
    assert found.timeline == Timeline(per, counts)  # type: ignore[arg-type]
    for when, count in counts.items():
        assert total(index, f"patrol on:{when}") == count, "and a click agrees"


def test_a_timeline_can_be_asked_for_either_way(tmp_path: Path) -> None:
    index = made(tmp_path, on("2025-08-01"), on("2003-08-06"))
    asked = parse_query("patrol")
    assert index.search(asked, now=NOW, per="day").timeline.counts == {"2003-08-06": 1, "2025-08-01": 1}
    assert index.search(asked, now=NOW, per="month").timeline.counts == {"2003-08": 1, "2025-08": 1}
    uncounted = index.search(asked, now=NOW, counts=False)
    assert (uncounted.total, uncounted.facets, uncounted.timeline.counts) == (2, {}, {})


# ------------------------------------------------------------------ steady pages


@pytest.mark.parametrize("sort", ["relevance", "date"])
@pytest.mark.parametrize("elsewhere", [False, True], ids=["in the same process", "in another process"])
def test_pages_stay_steady_while_articles_arrive(tmp_path: Path, sort: str, elsewhere: bool) -> None:
    articles = KeptInMemory(
        *(kept(f"{n:03}", "a patrol at sea", published=NOW - timedelta(hours=n)) for n in range(60))
    )
    index = SearchIndex(tmp_path, articles)
    index.catch_up()
    first = index.search(parse_query("patrol"), limit=20, now=NOW, sort=sort)  # type: ignore[arg-type]
    turned = [hit.id for hit in first.hits]
    for page in (1, 2):
        articles.keep(*(kept(f"new-{page}-{n}", "patrol patrol", title="Patrol", published=NOW) for n in range(7)))
        index.catch_up()
        reader = SearchIndex(tmp_path, articles) if elsewhere else index
        later = reader.search(
            parse_query("patrol"),
            limit=20,
            offset=20 * page,
            now=NOW,
            sort=sort,
            as_of=first.as_of,  # type: ignore[arg-type]
        )
        assert (later.total, later.as_of) == (60, first.as_of)
        turned += [hit.id for hit in later.hits]
    assert turned == [f"{n:03}" for n in range(60)]
    assert total(index, "patrol") == 74


def test_an_article_revised_between_two_pages_stays_in_its_place(tmp_path: Path) -> None:
    articles = KeptInMemory(*(kept(f"{n:03}", "a patrol", published=NOW - timedelta(hours=n)) for n in range(9)))
    index = SearchIndex(tmp_path, articles)
    index.catch_up()
    as_of = index.search(parse_query("patrol"), limit=3, now=NOW).as_of
    articles.keep(kept("004", "no longer one", published=NOW))
    index.catch_up()
    later = index.search(parse_query("patrol"), limit=3, offset=3, now=NOW, as_of=as_of)
    assert [hit.id for hit in later.hits] == ["003", "004", "005"]


# ------------------------------------------------------------------ more like this

FILLER = [
    kept(f"f{n}", f"Grain prices rose again in district {n}, said the market office.", published=NOW) for n in range(30)
]
ABOUT = (
    kept("en", "Dong Jun met Andrei Belousov in Qingdao and spoke of joint training of both armies.", title="Ministers meet", published=NOW),
    kept("en2", "In Qingdao Dong Jun and his guest spoke of joint training; both armies will profit, said Belousov.", published=NOW),
    kept("ru", "Дун Цзюнь принял Белоусова в Циндао.", title="Встреча министров", language="ru", published=NOW - timedelta(days=1)),
    kept("zh", "董军在青岛会见别洛乌索夫", language="zh", published=NOW + timedelta(days=1)),
    kept("old", "Дун Цзюнь и Белоусов", language="ru", published=NOW - timedelta(days=400)),
    kept("event", "演习开幕", language="zh", published=NOW, events=["joint_sea-2025"]),
    kept("event2", "Учение началось", language="ru", published=NOW - timedelta(days=90), events=["joint_sea-2025"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return made(tmp_path_factory.mktemp("alike"), *FILLER, *ABOUT)


def alike(index: SearchIndex, query: str) -> list[str]:
    return [hit.id for hit in index.search(parse_query(query), now=NOW).hits]


def test_what_is_like_an_article_is_found_across_languages(press: SearchIndex) -> None:
    assert sorted(alike(press, "like:en")) == ["en2", "ru", "zh"], "not itself, not what was said a year before"
    assert alike(press, "like:en")[0] == "en2"
    assert sorted(alike(press, "like:zh")) == ["en", "en2", "ru"]
    assert alike(press, "like:event") == ["event2"], "one event, whatever the day"
    assert alike(press, "like:en lang:zh") == ["zh"], "and may be narrowed"
    assert set(alike(press, "like:f1")) <= {article.id for article in FILLER}
    assert alike(press, "like:nobody") == []


# ------------------------------------------------------------------ nothing found


@pytest.mark.parametrize(
    ("query", "nothing"),
    [
        pytest.param("Qingdoa", Nothing(nowhere=("Qingdoa",), instead=("Qingdao", "qingdao")[:1]), id="letters swapped"),
        pytest.param("trainimg", Nothing(nowhere=("trainimg",), instead=("training",)), id="a letter wrong"),
        pytest.param("Шойг lang:ru", Nothing(nowhere=("Шойг",), without=(Without("Шойг", "lang:ru", 3),)), id="a name nobody wrote"),
        pytest.param("Белусов", Nothing(nowhere=("Белусов",), instead=("Белоусов",)), id="a Russian name"),
        pytest.param("ltym", Nothing(nowhere=("ltym",)), id="a keyboard left in Latin, and no such day"),
        pytest.param("dcnhtxf", Nothing(nowhere=("dcnhtxf",), instead=("встреча",)), id="a keyboard left in Latin"),
        pytest.param("董军在会见", Nothing(nowhere=("董军在会见",), instead=("董军在 会见",)), id="Chinese words not side by side"),
        pytest.param('"both training"', Nothing(nowhere=('"both training"',), instead=("both training",)), id="a phrase nobody wrote"),
        pytest.param("title:armies", Nothing(nowhere=("title:armies",), instead=("armies",)), id="a word in no title"),
        pytest.param("armies exact:yes lang:zh", Nothing(without=(Without("armies", "lang:zh exact:yes", 2), Without("lang:zh", "armies exact:yes", 2))), id="each there, but not together"),
        pytest.param("army exact:yes", Nothing(nowhere=("army",), instead=("army",)), id="only in another form"),
        pytest.param("armies outlet:tas", Nothing(nowhere=("outlet:tas",), without=(Without("outlet:tas", "armies", 2),), instead=("armies outlet:tass-en",)), id="a value misspelt"),
        pytest.param("Qingdao grain", Nothing(without=(Without("Qingdao", "grain", 30), Without("grain", "Qingdao", 4)), instead=("Qingdao OR grain",)), id="two words never together"),
        pytest.param("trainimg lang:fa", Nothing(nowhere=("trainimg", "lang:fa"), instead=("training",)), id="two things wrong at once"),
        pytest.param("before:1900", Nothing(nowhere=("before:1900",)), id="days without news"),
        pytest.param("NOT (grain OR Qingdao OR 演习 OR учение OR Белоусов)", Nothing(nowhere=("-(grain OR Qingdao OR 演习 OR учение OR Белоусов)",)), id="all but everything"),
    ],
)  # fmt: skip
def test_an_empty_answer_says_why_and_what_to_try(press: SearchIndex, query: str, nothing: Nothing) -> None:
    assert total(press, query) == 0
    assert press.nothing(parse_query(query)) == nothing


@pytest.mark.parametrize(
    "query", ["x" * 9_000, "军" * 5_000, " ".join(f"w{n}" for n in range(1_500)), '"' + "zz " * 3_000 + '"']
)
def test_any_empty_answer_is_explained(press: SearchIndex, query: str) -> None:
    assert press.nothing(parse_query(query)).nowhere


def test_what_is_proposed_finds_something(press: SearchIndex) -> None:
    for query in ("Qingdoa", "armys", "Dong Jum", "Qingdao grain", "董军青岛"):
        for instead in press.nothing(parse_query(query)).instead:
            assert total(press, instead), (query, instead)


# ------------------------------------------------------------------ while typing


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("don", ["Dong Jun"], id="a name in Latin script"),
        pytest.param("Бело", ["Белоусов"], id="in Cyrillic"),
        pytest.param("青", ["青岛"], id="in Chinese, from one character"),
        pytest.param("patrol dong j", ["patrol Dong Jun"], id="behind other words"),
        pytest.param("Shoig", [], id="nobody the archive speaks of"),
        pytest.param("outlet:t", ["outlet:tass-en"], id="an outlet"),
        pytest.param("grain outlet:t", ["grain outlet:tass-en"], id="beside other words"),
        pytest.param("-lang:z", ["-lang:zh"], id="excluded"),
        pytest.param("event:", ["event:joint-sea-2025"], id="an event"),
        pytest.param("joint_s", ["event:joint-sea-2025"], id="by its bare id"),
        pytest.param("top", ["topic:"], id="a field"),
        pytest.param("nothing:", [], id="no field"),
        pytest.param("", [], id="nothing typed"),
        pytest.param('"joint', [], id="an open quotation mark"),
        pytest.param("(", [], id="a bracket"),
        pytest.param("\x00\ud800", [], id="no characters at all"),
    ],
)
def test_suggestions(press: SearchIndex, typed: str, expected: list[str]) -> None:
    assert [one.query for one in press.suggestions(typed)] == expected


def test_suggestions_say_what_they_are(press: SearchIndex) -> None:
    assert [one.said for one in press.suggestions("董")] == ["Dong Jun, person"]
    assert [one.said for one in press.suggestions("lang:zh")] == ["2 articles"]
    assert [one.said for one in press.suggestions("seed")] == ["field, as in seed:yes"]
