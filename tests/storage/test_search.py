"""What a search finds: words in three languages, phrases, beginnings, fields, days; and what it must not find."""

import json
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from storage.records import Attachment, Confidence, How, Kept, Published, Strength
from storage.search.index import SearchIndex
from storage.search.query import parse_query
from storage.search.snippets import marks
from tests.fakes.articles import NOW, KeptInMemory, kept

Find = Callable[..., list[str]]


def finder(folder: Path, *articles: Kept) -> Find:
    """Indexes the articles and answers a query with the ids found, in order of id."""
    index = SearchIndex(folder, KeptInMemory(*articles))
    index.catch_up()

    def find(query: str) -> list[str]:
        results = index.search(parse_query(query), limit=1000, now=NOW)
        assert results.total == len(results.hits)
        return sorted(hit.id for hit in results.hits)

    return find


TEXTS = {
    "zh": "7月15日，中俄两国海军在日本海举行联合军演。据国防部新闻发言人介绍，歼-20战机和轰-6K参加了演练。",
    "zh-hant": "兩國海軍舉行聯合軍演，國防部長出席。",
    "zh-spun": "中俄举行聯(lián)合反導(dǎo)演习",
    "zh-trap": "中国与东盟加强海上合作，组织联合。军演未举行",
    "ru": "Начались совместные учения «Морское взаимодействие». Самолёты Су-35 и учебно-боевые корабли.",
    "ru-2": "Совместное учение военно-морского флота завершено.",
    "en": "The exercises began. China’s H-6K bombers and U.S. observers met AT&T at Joint Sea-2025, a Sino-Russian drill.",
    "en-2": "Defense ministers met. A smart start for the organisation’s attaché at the centre.",
    "en-3": "Sea, joint work. Russian and Sino H. The 6K run.",
}


@pytest.fixture(scope="module")
def find(tmp_path_factory: pytest.TempPathFactory) -> Find:
    return finder(tmp_path_factory.mktemp("search"), *(kept(id, text) for id, text in TEXTS.items()))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("军演", ["zh", "zh-hant", "zh-trap"], id="a Chinese word inside a sentence"),
        pytest.param("国防部", ["zh", "zh-hant"], id="three characters inside a sentence, in either script"),
        pytest.param("國防部", ["zh", "zh-hant"], id="asked in traditional script"),
        pytest.param("联合军演", ["zh", "zh-hant"], id="four characters, and not across a full stop"),
        pytest.param("联合反导演习", ["zh-spun"], id="past pinyin that a spun page put between"),
        pytest.param("上合组织", [], id="no characters gathered from here and there"),
        pytest.param("合军", ["zh", "zh-hant"], id="no pair across a full stop"),
        pytest.param("演军", [], id="no pair backwards"),
        pytest.param("导", ["zh-spun"], id="one character"),
        pytest.param("东盟 合作", ["zh-trap"], id="two Chinese words apart"),
        pytest.param("歼-20", ["zh"], id="an aircraft of mixed script"),
        pytest.param("轰6K", ["zh"], id="and one spelled without its dash"),
        pytest.param("учение", ["ru", "ru-2"], id="Russian endings move"),
        pytest.param("совместный", ["ru", "ru-2"], id="adjectives decline"),
        pytest.param("самолет", ["ru"], id="е finds ё"),
        pytest.param("самолёт", ["ru"], id="ё finds ё"),
        pytest.param("Су-35", ["ru"], id="a Russian aircraft"),
        pytest.param("военно-морской", ["ru-2"], id="a compound declines as a whole"),
        pytest.param("exercise", ["en"], id="English plurals"),
        pytest.param("China", ["en"], id="a possessive is the word"),
        pytest.param("defence", ["en-2"], id="two spellings of English"),
        pytest.param("organizations", ["en-2"], id="both at once"),
        pytest.param("attache", ["en-2"], id="accents do not divide"),
        pytest.param("art", [], id="a word is not a piece of a word"),
        pytest.param("H-6K", ["en"], id="the parts of a name stand side by side"),
        pytest.param("Sino-Russian", ["en"], id="in their order"),
        pytest.param("sea-2025", ["en"], id="with a year"),
        pytest.param("U.S.", ["en"], id="an abbreviation with points"),
        pytest.param("AT&T", ["en"], id="a name with a sign"),
        pytest.param("joint sea", ["en", "en-3"], id="words anywhere"),
        pytest.param('"joint sea"', ["en"], id="a phrase side by side"),
        pytest.param('"sea joint"', ["en-3"], id="a phrase past punctuation"),
        pytest.param('"the exercise"', [], id="a phrase is exact"),
        pytest.param('"THE EXERCISES"', ["en"], id="but for capitals"),
        pytest.param('"совместные учения"', ["ru"], id="exact in Russian too"),
        pytest.param('"совместное учения"', [], id="whose endings count"),
        pytest.param('"морское взаимодействие"', ["ru"], id="a name in its own quotes"),
        pytest.param('"联合军演"', ["zh", "zh-hant"], id="a Chinese phrase"),
        pytest.param('"联合 军演"', ["zh", "zh-hant", "zh-trap"], id="a Chinese phrase with a break, joined or broken"),
        pytest.param('"and U.S. observers"', ["en"], id="a phrase with signs inside"),
        pytest.param("exerc*", ["en"], id="a beginning in English"),
        pytest.param("взаимодейств*", ["ru"], id="a beginning in Russian"),
        pytest.param("国防*", ["zh", "zh-hant"], id="a beginning in Chinese"),
        pytest.param("sino-rus*", ["en"], id="a beginning after a dash"),
        pytest.param("xerc*", [], id="a beginning is no middle"),
        pytest.param('"joint se*"', ["en"], id="a phrase whose last word is a beginning"),
        pytest.param('"举行联合军*"', ["zh", "zh-hant"], id="a Chinese phrase and whatever follows"),
        pytest.param("c.*", ["en", "en-2"], id="signs mean nothing to a beginning"),
        pytest.param("учение OR exercise", ["en", "ru", "ru-2"], id="either of two languages"),
        pytest.param("учение -самолет", ["ru-2"], id="without a word"),
        pytest.param("-учение -军演 -met -sea", ["zh-spun"], id="all but"),
        pytest.param("-(учение OR 军演 OR met OR sea)", ["zh-spun"], id="all but those of a bracket"),
        pytest.param("(учение OR exercise) -флот", ["en", "ru"], id="brackets"),
        pytest.param("", sorted(TEXTS), id="everything"),
        pytest.param("— ！", sorted(TEXTS), id="signs alone"),
    ],
)
def test_words_are_found(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


def test_a_phrase_does_not_reach_from_the_title_into_the_text(tmp_path: Path) -> None:
    find = finder(tmp_path, kept("a", "patrol 军演 begins", title="Joint 联合"))
    assert find('"joint 联合 patrol"') == find('"联合 patrol"') == []
    assert find("joint patrol") == find('"patrol 军演 begins"') == ["a"]


def test_a_title_field_looks_in_titles(tmp_path: Path) -> None:
    find = finder(
        tmp_path, kept("a", "Nothing here", title="Joint patrol"), kept("b", "A joint patrol", title="国防部声明")
    )
    assert find("title:patrols") == find('title:"joint patrol"') == find("title:patr*") == ["a"]
    assert find("title:国防部") == ["b"]
    assert find("patrol -title:patrol") == ["b"]


# ------------------------------------------------------------------ fields

TIE, MENTION = Strength.TIE, Strength.MENTION
FACTS = (
    kept(
        "a",
        outlet="tass-en",
        strength={"sco": TIE, "china-russia": MENTION},
        activities=["joint_exercise"],
        events=["joint_sea-2015II"],
        country="RU",
    ),
    kept(
        "b",
        outlet="tass-ru",
        language="ru",
        strength={"sco": MENTION, "china-russia": TIE},
        activities=["patrol"],
        attached=[
            Attachment(event="naval_patrol-6", how=How.TELLING, confidence=Confidence.MED, reason="the place"),
            Attachment(event="joint_sea-2015II", how=How.NAME, confidence=Confidence.HIGH, reason="its name"),
        ],
    ),
    kept("c", outlet="china-daily", country="CN", outlet_name="China Daily", strength={"china-russia": MENTION}),
    kept("d", outlet="china-daily-hk", country="HK", language="zh", seed=True),
)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Find:
    return finder(tmp_path_factory.mktemp("facts"), *FACTS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("outlet:tass-en", "a", id="an outlet by key"),
        pytest.param("outlet:TASS", "ab", id="a family of outlets by the first part of their keys"),
        pytest.param("outlet:china-daily", "c", id="a key that is a family too means the outlet"),
        pytest.param("outlet:china-daily*", "cd", id="a star means the family"),
        pytest.param('outlet:"china daily"', "c", id="an outlet by name"),
        pytest.param("outlet:nobody", "", id="an unknown outlet finds nothing"),
        pytest.param("country:cn", "c", id="a country"),
        pytest.param("lang:ru", "b", id="a language"),
        pytest.param("topic:sco", "ab", id="a topic in any strength"),
        pytest.param("topic:weather", "", id="an unknown topic finds nothing"),
        pytest.param("topic:s*", "ab", id="topics by their beginning"),
        pytest.param("activity:joint-exercise", "a", id="an activity"),
        pytest.param("activity:joint_exercise", "a", id="an activity as its key is spelled"),
        pytest.param("event:joint_sea-2015II", "ab", id="an event named, or attached to"),
        pytest.param("event:Joint-Sea-2015ii", "ab", id="an event however its id is spelled"),
        pytest.param("event:naval_patrol-6", "b", id="an event attached to without its name"),
        pytest.param("event:joint_sea*", "ab", id="all editions of an exercise"),
        pytest.param("strength:tie", "ab", id="a tie to any topic"),
        pytest.param("topic:sco strength:tie", "a", id="a tie to this topic"),
        pytest.param("strength:mention topic:china-russia", "ac", id="a mention of that one, in either order"),
        pytest.param("strength:tie (topic:sco OR country:cn)", "a", id="a tie to a topic of a bracket"),
        pytest.param(
            "(topic:sco strength:tie) topic:china-russia", "a", id="a strength counts in its own bracket only"
        ),
        pytest.param("strength:mention -topic:sco", "c", id="what is excluded is excluded in any strength"),
        pytest.param("seed:yes", "d", id="the seed archive"),
        pytest.param("seed:no", "abc", id="the news"),
        pytest.param("id:b", "b", id="an id"),
        pytest.param("story:b", "b", id="a story nobody else tells"),
        pytest.param("story:nobody", "", id="a story there is none of"),
        pytest.param("url:https://www.example.org/b/", "b", id="an address"),
        pytest.param("http://example.org/b", "b", id="a pasted address, near enough"),
        pytest.param("-topic:sco", "cd", id="all but a topic"),
        pytest.param("topic:sco OR seed:yes", "abd", id="fields either way"),
    ],
)
def test_fields(facts: Find, query: str, found: str) -> None:
    assert facts(query) == list(found)


def at(text: str, *, hours: int = 0, has_time: bool = True) -> Published:
    return Published(at=datetime.fromisoformat(text).astimezone(UTC), offset_minutes=hours * 60, has_time=has_time)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("on:2023-04-18", "bc", id="a day, in UTC"),
        pytest.param("on:2023-04", "abc", id="a month"),
        pytest.param("on:2025", "e", id="a year; what has no date counts as first seen"),
        pytest.param("after:2023-04-18", "bcde", id="after counts the day"),
        pytest.param("before:2023-04-18", "af", id="before does not"),
        pytest.param("after:2023-04-17 before:2023-05", "abc", id="between"),
        pytest.param("-on:2023", "def", id="all but a year"),
        pytest.param("before:1900", "", id="before there was news"),
    ],
)
def test_days(tmp_path: Path, query: str, found: str) -> None:
    find = finder(
        tmp_path,
        kept("a", published=at("2023-04-18T01:00+08:00", hours=8)),
        kept("b", published=at("2023-04-18T09:00+08:00", hours=8)),
        kept("c", published=at("2023-04-18T00:00+08:00", hours=8, has_time=False)),
        kept("d", published=at("2024-01-01T00:00+00:00")),
        kept("e", first_seen=NOW),
        kept("f", published=at("2002-10-28T00:00+00:00")),
    )
    assert find(query) == list(found)


# ------------------------------------------------------------------ order, pages, counts


def ordered(index: SearchIndex, query: str, **how: object) -> str:
    return "".join(hit.id for hit in index.search(parse_query(query), now=NOW, **how).hits)


def test_relevance_puts_titles_before_leads_before_the_rest(tmp_path: Path) -> None:
    filler = "Ministers spoke of trade and of many other things at length. " * 12
    old = NOW - timedelta(days=4000)
    index = SearchIndex(
        tmp_path,
        KeptInMemory(
            kept("e", f"{filler} A patrol.", title="Ministers spoke", published=NOW),
            kept("l", f"A patrol. {filler}", title="Ministers spoke", published=old),
            kept("t", f"{filler} A patrol.", title="Joint patrol", published=old),
            kept("x", filler, title="Ministers spoke", published=NOW),
        ),
    )
    index.catch_up()
    assert ordered(index, "patrol") == "tle"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("story:Import/A", ["Import/A", "b"], id="by an article of it"),
        pytest.param("story:b", ["Import/A", "b"], id="by any other of them"),
        pytest.param("patrol -story:b", ["c"], id="left out"),
        pytest.param("story:c", ["c"], id="alone"),
    ],
)
def test_a_story_is_found_whole(tmp_path: Path, query: str, found: list[str]) -> None:
    members = dict.fromkeys(("Import/A", "b"), ("Import/A", "b"))
    articles = KeptInMemory(*(kept(id, "a patrol", published=NOW) for id in ("Import/A", "b", "c")))
    index = SearchIndex(tmp_path, articles, members=lambda id: members.get(id, ()))
    index.catch_up()
    assert sorted(hit.id for hit in index.search(parse_query(query), now=NOW).hits) == found


def test_of_equals_the_newer_comes_first_and_only_then(tmp_path: Path) -> None:
    text = "Ministers spoke of a patrol."
    index = SearchIndex(
        tmp_path,
        KeptInMemory(
            kept("o", text, published=NOW - timedelta(days=900)),
            kept("n", text, published=NOW - timedelta(days=1)),
            kept("m", text, published=NOW - timedelta(days=30)),
            kept("b", "A patrol, a patrol, a joint patrol.", published=NOW - timedelta(days=3000)),
        ),
    )
    index.catch_up()
    assert ordered(index, "patrol") == "bnmo"
    assert ordered(index, "patrol", sort="date") == "nmob"
    assert ordered(index, "-nothing") == "nmob"


@pytest.mark.parametrize("sort", ["relevance", "date"])
@pytest.mark.parametrize("query", ["patrol", "lang:en", ""])
def test_pages_neither_overlap_nor_skip(tmp_path: Path, query: str, sort: str) -> None:
    index = SearchIndex(tmp_path, KeptInMemory(*(kept(f"{n:03}", "a patrol", published=NOW) for n in range(450))))
    index.catch_up()
    whole = index.search(parse_query(query), limit=1000, now=NOW, sort=sort)
    pages = [
        hit.id
        for offset in range(0, 500, 37)
        for hit in index.search(parse_query(query), limit=37, offset=offset, now=NOW, sort=sort).hits
    ]
    assert pages == [hit.id for hit in whole.hits]
    assert sorted(pages) == [f"{n:03}" for n in range(450)]


def test_counts_are_of_the_whole_result_whatever_the_page(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path, KeptInMemory(*FACTS))
    index.catch_up()
    results = index.search(parse_query("-country:hk"), limit=1, offset=1, now=NOW)
    assert (results.total, len(results.hits)) == (3, 1)
    assert results.facets == {
        "outlet": {"china-daily": 1, "tass-en": 1, "tass-ru": 1},
        "country": {"RU": 2, "CN": 1},
        "language": {"en": 2, "ru": 1},
        "topic": {"china-russia": 3, "sco": 2},
        "activity": {"joint_exercise": 1, "patrol": 1},
        "event": {"joint_sea-2015II": 2, "naval_patrol-6": 1},
        "strength": {"mention": 3, "tie": 2},
        "year": {"2025": 3},
        "seed": {"no": 3},
    }
    assert index.search(parse_query("-country:hk"), limit=0, now=NOW).hits == ()
    assert index.search(parse_query("-country:hk"), offset=7, now=NOW).hits == ()


# ------------------------------------------------------------------ what nobody means to ask or keep


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="no text"),
        pytest.param("\ud800 half a character \udfff", id="halves of characters"),
        pytest.param("nul \x00 inside", id="a NUL"),
        pytest.param("a" * 1_000_000, id="a megabyte of one letter"),
        pytest.param("军" * 200_000, id="one Chinese character without end"),
        pytest.param("a " * 200_000, id="one word without end"),
        pytest.param("\u0301" * 50_000, id="accents on nothing"),
    ],
)
def test_any_text_can_be_kept_and_its_neighbours_found(tmp_path: Path, text: str) -> None:
    find = finder(tmp_path, kept("odd\ud800", text, title=text[:100]), kept("even", "a joint patrol"))
    assert find("patrol") == ["even"]
    assert find("-patrol") == ["odd?"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(" ".join(f"w{n}" for n in range(1500)), id="a thousand words"),
        pytest.param(" OR ".join(f"w{n}" for n in range(1000)), id="a thousand alternatives"),
        pytest.param(f'"{"a b " * 2000}"', id="an endless phrase"),
        pytest.param("联合军演" * 2000, id="an endless Chinese word"),
        pytest.param("-".join(["a"] * 4000), id="an endless name"),
        pytest.param("a\ud800b \x00 title:\ud800c", id="halves of characters"),
    ],
)
def test_any_query_has_an_answer(find: Find, query: str) -> None:
    assert find(query) == []


def test_real_headlines_find_their_articles(tmp_path: Path, shared: Path) -> None:
    """Every headline of the labelled texts, asked as a phrase, finds its article and is marked in its title."""
    rows = [json.loads(line) for line in (shared / "eval" / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    titles = {row["id"]: re.sub(r'["“”„«»＂]', " ", row["title"]) for row in rows if row["title"]}
    find = finder(tmp_path, *(kept(row["id"], row["text"] or "", title=row["title"] or "") for row in rows))
    missed = [title for id, title in titles.items() if id not in find(f'title:"{title}"')]
    assert (len(titles) > 50, missed) == (True, [])
    assert all(marks(title, parse_query(f'title:"{title}"'), in_title=True) for title in titles.values())


PIECES = [
    "a",
    "b",
    "ab",
    "军",
    "演",
    "军演",
    "联",
    "合",
    "учения",
    "учение",
    "exercises",
    "exercise",
    "20",
    "歼",
    "演習",
]
SIGNS = ["", "", " ", " ", "-", "。", "’s ", ", ", "(lián)"]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[SearchIndex, list[Kept]]:
    chance = random.Random(5)
    texts = [
        "".join(chance.choice(PIECES) + chance.choice(SIGNS) for _ in range(chance.randint(1, 7))) for _ in range(400)
    ]
    articles = [kept(f"{n:03}", text) for n, text in enumerate(texts)]
    index = SearchIndex(tmp_path_factory.mktemp("many"), KeptInMemory(*articles))
    index.catch_up()
    return index, articles


@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([*SIGNS[:-1], "*"])), min_size=1, max_size=3),
    st.booleans(),
)
def test_what_is_found_is_what_is_marked(
    many: tuple[SearchIndex, list[Kept]], pieces: list[tuple[str, str]], quoted: bool
) -> None:
    index, articles = many
    text = "".join(piece + sign for piece, sign in pieces)
    assume(not quoted or "*" not in text.rstrip("*"))
    query = parse_query(f'"{text}"' if quoted else text.replace(" ", "-"))
    # Only one term can be compared: of several, one alone is marked but not found.
    assume(len(list(query.terms())) == 1)
    found = {hit.id for hit in index.search(query, limit=1000, now=NOW).hits}
    assert found == {article.id for article in articles if marks(article.article.text, query)}
