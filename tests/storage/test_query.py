"""The query language: what is understood, how it is written down again, and what is said of what is not."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.search.query import DEEPEST, LONGEST, MOST_STARS, QueryError, parse_query
from storage.search.tree import And, Days, Fact, InTitle, Not, Or, Part, Phrase, Prefix, Query, Words

A, B, C = Words("a"), Words("b"), Words("c")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        pytest.param("", None, id="nothing asks for everything"),
        pytest.param(" \u3000\n", None, id="spaces ask for everything"),
        pytest.param("a b", And((A, B)), id="words are all wanted"),
        pytest.param("a AND b", And((A, B)), id="and may be said"),
        pytest.param("a OR b", Or((A, B)), id="either will do"),
        pytest.param("a or b", And((A, Words("or"), B)), id="small or is a word"),
        pytest.param("a b OR c", Or((And((A, B)), C)), id="words bind before OR"),
        pytest.param("a (b OR c)", And((A, Or((B, C)))), id="brackets bind first"),
        pytest.param("(((a)))", A, id="brackets around one word change nothing"),
        pytest.param("-a", Not(A), id="a dash excludes"),
        pytest.param("－a", Not(A), id="a full-width one too"),
        pytest.param("NOT a", Not(A), id="and so does NOT"),
        pytest.param("-(a OR b) c", And((Not(Or((A, B))), C)), id="a bracket is excluded whole"),
        pytest.param('-"a b"', Not(Phrase("a b")), id="a phrase is excluded whole"),
        pytest.param('"joint patrol"', Phrase("joint patrol"), id="a phrase"),
        pytest.param("«joint patrol»", Phrase("joint patrol"), id="a phrase in Russian quotes"),
        pytest.param(
            "“中俄”（军演　OR　演习）",
            And((Phrase("中俄"), Or((Words("军演"), Words("演习"))))),
            id="as Chinese keyboards write",
        ),
        pytest.param("exerc*", Prefix("exerc"), id="a beginning"),
        pytest.param("中俄 联合军演", And((Words("中俄"), Words("联合军演"))), id="pasted Chinese"),
        pytest.param("H-6K Су-35", And((Words("H-6K"), Words("Су-35"))), id="a dash inside a word excludes nothing"),
        pytest.param("Joint Sea-2025", And((Words("Joint"), Words("Sea-2025"))), id="a name with its year"),
        pytest.param(
            "U.S. AT&T C++", And((Words("U.S."), Words("AT&T"), Words("C++"))), id="signs belong to their word"
        ),
        pytest.param("China - Russia — & *", And((Words("China"), Words("Russia"))), id="signs alone ask for nothing"),
        pytest.param("a OR —", A, id="nor do they beside OR"),
        pytest.param("a OR *", A, id="nor does a star"),
        pytest.param("+a ~a^2", And((Words("+a"), Words("~a^2"))), id="signs of other engines are signs"),
        pytest.param('"joint exerc*"', Phrase("joint exerc*"), id="a phrase may end in a beginning"),
        pytest.param("like:0123456789ab", Fact("like", "0123456789ab"), id="what is like an article"),
        pytest.param(
            "after:2023 before:2023-02",
            And(
                (
                    Days("after", date(2023, 1, 1), date(2024, 1, 1), "2023"),
                    Days("before", date(2023, 2, 1), date(2023, 3, 1), "2023-02"),
                )
            ),
            id="a month is left",
        ),
        pytest.param("() a", A, id="nor do empty brackets"),
        pytest.param("10:30", Words("10:30"), id="a time of day is no field"),
        pytest.param("Analysis: a", And((Words("Analysis:"), A)), id="a pasted headline is no field"),
        pytest.param("习近平：讲话", Words("习近平：讲话"), id="nor is a Chinese one"),
        pytest.param('"OR"', Phrase("OR"), id="an operator in quotes is a word"),
        pytest.param("https://a.org/b?c=d", Fact("url", "https://a.org/b?c=d"), id="a pasted address"),
        pytest.param("topic:sco", Fact("topic", "sco"), id="a field"),
        pytest.param("Topic：SCO", Fact("topic", "sco"), id="a field in full width and capitals"),
        pytest.param("topic: sco", Fact("topic", "sco"), id="a field with a space"),
        pytest.param('outlet:"Global Times"', Fact("outlet", "global times"), id="a value in quotes"),
        pytest.param("activity:joint_exercise", Fact("activity", "joint-exercise"), id="a value with underscores"),
        pytest.param("lang:zh-CN", Fact("lang", "zh"), id="a language with its region"),
        pytest.param("seed:true", Fact("seed", "yes"), id="another yes"),
        pytest.param("strength:tie", Fact("strength", "tie"), id="a strength"),
        pytest.param("title:军演", InTitle(Words("军演")), id="a word in the title"),
        pytest.param('title:"joint patrol"', InTitle(Phrase("joint patrol")), id="a phrase in the title"),
        pytest.param("title:exerc*", InTitle(Prefix("exerc")), id="a beginning in the title"),
        pytest.param("-topic:sco", Not(Fact("topic", "sco")), id="a field excluded"),
    ],
)
def test_what_is_understood(text: str, root: Part | None) -> None:
    assert parse_query(text) == Query(root)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        pytest.param("on:2023-04-18", date(2023, 4, 18), date(2023, 4, 19), id="on a day"),
        pytest.param("on:2023-12", date(2023, 12, 1), date(2024, 1, 1), id="in a month"),
        pytest.param("on:2024-02-29", date(2024, 2, 29), date(2024, 3, 1), id="on a leap day"),
        pytest.param("on:2023", date(2023, 1, 1), date(2024, 1, 1), id="in a year"),
        pytest.param("on:２０２３-4-8", date(2023, 4, 8), date(2023, 4, 9), id="in full-width and single figures"),
        pytest.param("after:2023-04-18", date(2023, 4, 18), None, id="after counts the day itself"),
        pytest.param("after:2023", date(2023, 1, 1), None, id="after a year counts the year"),
        pytest.param("before:2023-04-18", None, date(2023, 4, 18), id="before leaves the day out"),
    ],
)
def test_days(text: str, since: date | None, until: date | None) -> None:
    root = parse_query(text).root
    assert isinstance(root, Days)
    assert (root.since, root.until) == (since, until)


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        pytest.param('a "b c', 2, "quotation mark has no partner", id="a phrase left open"),
        pytest.param("a (b", 2, "bracket is not closed", id="a bracket left open"),
        pytest.param("a) b", 1, "closing bracket has no partner", id="a bracket never opened"),
        pytest.param("OR", 0, "OR needs a word on both sides", id="OR alone"),
        pytest.param("OR a", 0, "OR needs a word on both sides", id="OR first"),
        pytest.param("a OR ", 2, "OR needs a word on both sides", id="OR last"),
        pytest.param("(a OR) b", 3, "OR needs a word on both sides", id="OR last in brackets"),
        pytest.param("a OR OR b", 2, "OR needs a word on both sides", id="OR twice"),
        pytest.param("a AND", 2, "AND needs a word on both sides", id="AND last"),
        pytest.param("a NOT", 2, "NOT needs a word after it", id="NOT last"),
        pytest.param("a:b", 0, 'Put it in quotes to search for the words: "a:b"', id="a field there is none of"),
        pytest.param("x langage:ru", 2, "Did you mean lang:", id="a field misspelled"),
        pytest.param('foo:"a b"', 0, 'quotes to search for the words: "foo:a b"', id="an unknown field with a phrase"),
        pytest.param("on:2023-02-30", 3, "'2023-02-30' is no date. Write", id="a day no month has"),
        pytest.param("after:yesterday", 6, "Write a day, month or year: after:2023-04-18", id="a day in words"),
        pytest.param("on:0000", 3, "is no date", id="a year no calendar has"),
        pytest.param(
            "strength:strong", 9, "strength: is tie or mention, not 'strong'", id="a strength there is none of"
        ),
        pytest.param("after:2024 before:2023", 18, "both after:2024 and before:2023", id="days the wrong way round"),
        pytest.param("a before:2023-05 x after:2023-05", 25, "before:2023-06-01)", id="days that leave none"),
        pytest.param("on:2023 on:2024-02", 11, "No day is both", id="two years at once"),
        pytest.param("a OR (after:2024 before:2023)", 24, "No day is both", id="days in brackets"),
        pytest.param("-(after:2024 before:2023)", 20, "No day is both", id="even excluded"),
        pytest.param("*", 0, "Write exerc*", id="a star alone"),
        pytest.param("** — *", 0, "here is no word", id="stars alone"),
        pytest.param('"*"', 1, "here is no word", id="a star in quotes"),
        pytest.param('a "joint exerc* x"', 14, "only the last word may end in a star", id="a star inside a phrase"),
        pytest.param('title:"a* b"', 8, "only the last word may end in a star", id="a star inside a title"),
        pytest.param("exact:maybe", 6, "exact: is yes or no", id="neither exact nor not"),
        pytest.param("a OR exact:yes", 5, "exact: speaks of the whole query", id="exact beside OR"),
        pytest.param("(a exact:yes) b", 3, "exact: speaks of the whole query", id="exact in brackets"),
        pytest.param("a -exact:yes", 3, "exact: speaks of the whole query", id="not exact"),
        pytest.param("like:", 0, "like: has no value", id="like nothing"),
        pytest.param("stems:patrol", 0, "There is no field 'stems'", id="a field of the engine's own"),
        pytest.param("title_exact:[a TO b]", 0, "There is no field 'title_exact'", id="a range of the engine's own"),
        pytest.param("seed:maybe", 5, "seed: is yes or no, not 'maybe'", id="neither seed nor not"),
        pytest.param("a outlet:", 2, "outlet: has no value. Write outlet:tass-en.", id="a field without value"),
        pytest.param("outlet:*", 7, "outlet: has no value", id="a field with only a star"),
        pytest.param("title:—", 6, "title: has no word to look for", id="a title without words"),
        pytest.param("topic:(sco OR x)", 6, "topic: takes one value, not a bracket", id="a field with a bracket"),
        pytest.param("(" * (DEEPEST + 1), DEEPEST, "brackets stand more than", id="brackets too deep"),
        pytest.param("a " * LONGEST, LONGEST, "has 20000 characters", id="a whole book"),
        pytest.param(
            " ".join(["a*"] * (MOST_STARS + 1)), 61, "words end in a star", id="more beginnings than any index likes"
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, position: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    message = str(caught.value).replace(f" (at character {position + 1})", "")
    assert (caught.value.position, says.lower() in message.lower(), message) == (position, True, message)


def test_exact_is_of_the_whole_query() -> None:
    assert parse_query("a exact:yes") == parse_query("exact:true a") == Query(Words("a"), exact=True)
    assert parse_query("a exact:no") == Query(Words("a"))
    assert parse_query("exact:yes") == Query(None, exact=True)
    assert str(parse_query("exact:yes (a OR b)")) == "(a OR b) exact:yes"


def test_an_error_shows_where_counted_as_people_count() -> None:
    with pytest.raises(QueryError, match=r"at character 3\). Close the phrase"):
        parse_query('a "b')


PIECES = st.sampled_from(
    [
        *[
            "a",
            "军演",
            "учения",
            "OR",
            "AND",
            "NOT",
            "-",
            "--x",
            "(",
            ")",
            "（",
            "）",
            '"',
            "“",
            "”",
            "«",
            "»",
            "*",
            "x*",
            ":",
            "：",
            "—",
            "…",
            "'",
            "''",
            "|",
            "é",
            "İ",
            "½",
        ],
        *[
            "title:",
            "topic:sco",
            "on:2023",
            "before:2023-1-5",
            "seed:no",
            "outlet:",
            "outlet:tass*",
            "abc:",
            "https://",
            "http://x.y/(z)",
        ],
        *(" ", "－", "\u3000", "\x00", "\ud800"),
    ]
)


def answer(text: str) -> Query | QueryError:
    try:
        return parse_query(text)
    except QueryError as why:
        return why


@given(
    st.one_of(
        st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join), st.lists(PIECES, max_size=9).map(" ".join)
    )
)
@example('"x"-OR')
@example("--OR a")
@example("-(--x)")
@example("-(-x)")
@example("outlet:´a")
@example("outlet:（")
def test_any_text_is_understood_or_refused_and_what_is_understood_can_be_written_down(text: str) -> None:
    said = answer(text)
    if isinstance(said, QueryError):
        assert 0 <= said.position <= len(text)
        assert said.hint
    else:
        assert parse_query(str(said)) == said
