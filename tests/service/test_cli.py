"""What scripts rely on: one JSON document on standard output with the promised keys, messages beside it, exit 0, 1 or 2."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.commands import entente, run, start
from tests.fakes.house import a_feed, a_page, drill
from tests.fakes.outlet_server import OutletServer
from tests.fakes.warc import write_warc

HOST = "gazette.test"
OUTLET = f"""
id: gazette
name: The Gazette
country: CN
languages: [en]
hosts: [{HOST}]
timezone: Asia/Shanghai
delay_seconds: 0
feeds:
  - url: http://{HOST}/feed.xml
article_url_pattern: '/news/\\d+'
"""

TEXTS = (
    {
        "id": "drill",
        "url": f"http://{HOST}/news/1",
        "outlet": "gazette",
        "language": "en",
        "title": "China and Russia hold joint exercises",
        "text": "\n".join(drill(1)),
        "published": "2026-03-01T09:00:00+08:00",
        "byline": "A. Writer",
    },
    {
        "id": "uchenie",
        "outlet": "gazette",
        "title": "Начались совместные учения флотов России и Китая",
        "text": "Корабли России и Китая вышли в Японское море, где начались совместные военно-морские учения.",
    },
    {
        "id": "yanxi",
        "outlet": "gazette",
        "title": "中俄举行海上联合军演",
        "text": "国防部新闻发言人说,中俄两国海军在日本海举行海上联合军演,双方派出驱逐舰和潜艇。",
    },
    {"id": "bread", "outlet": "gazette", "title": "Bread is dearer", "text": "Bakers raised the price of bread."},
    {
        "id": "fresh",
        "outlet": "gazette",
        "title": "Chinese and Russian bombers fly together",
        "text": "Chinese and Russian bombers flew a joint patrol over the Sea of Japan, both defence ministries said.",
        "published": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
    },
)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an outlet file, documents of every kind, an archive of five articles and one subscription."""
    folder = tmp_path_factory.mktemp("stocked")
    (folder / "outlets").mkdir()
    (folder / "outlets" / "gazette.yaml").write_text(OUTLET, encoding="utf-8")
    (folder / "texts.jsonl").write_text("".join(json.dumps(text) + "\n" for text in TEXTS), encoding="utf-8")
    (folder / "page.html").write_bytes(
        a_page("China and Russia begin joint exercise", *drill(2), published="2026-11-21T05:00:00Z")
    )
    feed = a_feed((f"http://{HOST}/news/2", "Joint exercise begins"))
    (folder / "feed.xml").write_bytes(feed)
    (folder / "note.txt").write_text("A note\nChina and Russia hold joint naval exercises.", encoding="utf-8")
    html = {"Content-Type": "text/html; charset=utf-8"}
    pages = [
        (f"http://{HOST}/feed.xml", 200, {"Content-Type": "application/rss+xml"}, feed),
        (f"http://{HOST}/news/2", 200, html, (folder / "page.html").read_bytes()),
    ]
    write_warc(folder / "capture.warc.gz", pages)
    assert command(folder, "import", folder / "texts.jsonl").code == 0
    assert command(folder, "subscription", "add", "--name", "desk", "--email", "desk@example.org").code == 0
    return folder


@pytest.fixture
def folder(stocked: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed at will."""
    return Path(shutil.copytree(stocked, tmp_path / "house"))


def command(folder: Path, *words: object, **settings: object) -> Any:
    return entente(
        *(str(word).replace("{folder}", str(folder)) for word in words),
        folder=folder,
        **{"outlets_dir": folder / "outlets", "only_outlets": "gazette", **settings},
    )


# ------------------------------------------------------------------ documents

ARTICLE = "url outlet title text byline published published_basis language"
VERDICT = "topics strength activities events evidence"
SUBSCRIPTION = "name email query at zone days when_empty paused next_due"
DIGEST = "number subscription email subject message_id due composed items late state attempts sent via why"

PROMISES = [
    pytest.param("search exercise", "total took_ms hits facets timeline as_of", id="search"),
    pytest.param("search exersize", "total took_ms hits facets timeline as_of nothing", id="search in vain"),
    pytest.param("search --like drill", "total took_ms hits facets timeline as_of", id="search what is alike"),
    pytest.param("show drill", f"id {ARTICLE} {VERDICT} revisions story seed first_seen captured", id="show"),
    pytest.param("show drill --why", f"id {ARTICLE} {VERDICT} why", id="show, and why"),
    pytest.param("import {folder}/note.txt", "added known revised failed", id="import"),
    pytest.param(
        "fetch gazette --replay {folder}/capture.warc.gz", "visits new revised same failed", id="fetch from a capture"
    ),
    pytest.param(f"read {{folder}}/page.html --url http://{HOST}/news/2", f"path {ARTICLE}", id="read"),
    pytest.param(f"parse {{folder}}/feed.xml --url http://{HOST}/feed.xml", "path kind title entries", id="parse"),
    pytest.param("digest preview desk", "digests", id="digest preview"),
    pytest.param("digest send desk", "digests", id="digest send"),
    pytest.param("digest list", "digests", id="digest list"),
    pytest.param("subscription add --name new --email new@example.org", SUBSCRIPTION, id="subscription add"),
    pytest.param("subscription list", "subscriptions", id="subscription list"),
    pytest.param("subscription pause desk", "name done", id="subscription pause"),
    pytest.param("subscription remove desk", "name done", id="subscription remove"),
    pytest.param("outlets list", "outlets", id="outlets list"),
    pytest.param("outlets show gazette", "key name country languages entry_points notes", id="outlets show"),
    pytest.param("doctor", "findings", id="doctor"),
]


@pytest.mark.parametrize("place", ["before", "behind"])
@pytest.mark.parametrize(("words", "keys"), PROMISES)
def test_json_is_one_document_with_the_promised_keys(folder: Path, words: str, keys: str, place: str) -> None:
    typed = ["--json", *words.split()] if place == "before" else [*words.split(), "--json"]
    told = command(folder, *typed)
    assert (told.code, told.err) == (0, "")
    assert told.out.count("\n") == 1
    assert set(keys.split()) <= told.document.keys()


@pytest.mark.parametrize(
    ("words", "part", "keys"),
    [
        pytest.param(
            "search exercise",
            "hits",
            "id url title outlet published language topics activities snippet seed",
            id="a hit",
        ),
        pytest.param("show drill", "evidence", "topic rule form field start end sentence", id="a piece of evidence"),
        pytest.param("show drill", "revisions", "number title text captured", id="a revision"),
        pytest.param(
            "fetch --replay {folder}/capture.warc.gz",
            "visits",
            "outlet url outcome entries new revised same why",
            id="a visit",
        ),
        pytest.param("parse {folder}/feed.xml", "entries", "url title published summary", id="an entry"),
        pytest.param("digest preview", "digests", "subscription email subject text html items", id="a digest to come"),
        pytest.param("digest send", "digests", DIGEST, id="a digest sent"),
        pytest.param("subscription list", "subscriptions", SUBSCRIPTION, id="a subscription"),
        pytest.param("doctor", "findings", "what state says", id="a finding"),
    ],
)
def test_what_a_document_lists_has_the_promised_keys(folder: Path, words: str, part: str, keys: str) -> None:
    [*listed] = command(folder, *words.split(), "--json").document[part]
    assert listed
    assert all(set(keys.split()) <= one.keys() for one in listed)


TIMES = {"published", "first_seen", "captured", "due", "composed", "sent", "next_due", "last_ok"}


def test_every_time_is_rfc_3339(folder: Path) -> None:
    command(folder, "digest", "send", "desk")
    documents = [
        command(folder, *words.split(), "--json").document
        for words in (
            "show drill",
            "search exercise",
            "digest list",
            "subscription list",
            "fetch --replay {folder}/capture.warc.gz",
            "outlets show gazette",
        )
    ]
    times = [value for name, value in _named(documents) if name in TIMES and value is not None]
    assert {name for name, _ in _named(documents)} >= TIMES
    assert len(times) > 10
    for time in times:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", time), time
        assert datetime.fromisoformat(time).tzinfo is not None
    assert command(folder, "show", "drill", "--json").document["published"] == "2026-03-01T09:00:00+08:00"


def _named(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for inner, part in value.items():
            yield from _named(part, inner)
    elif isinstance(value, list):
        for part in value:
            yield from _named(part, name)
    else:
        yield name, value


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        pytest.param(["exercise"], {"drill"}, id="exercise finds exercises"),
        pytest.param(["учение"], {"uchenie"}, id="учение finds учения"),
        pytest.param(["军演"], {"yanxi"}, id="军演 inside a sentence"),
        pytest.param(["国防部"], {"yanxi"}, id="国防部 inside a sentence"),
        pytest.param(["outlet:gazette", "-topic:china-russia"], {"bread"}, id="a word to leave out is no option"),
        pytest.param(
            ["-bread", "outlet:gazette"], {"drill", "uchenie", "yanxi", "fresh"}, id="nor where it comes first"
        ),
        pytest.param(['"price of bread"'], {"bread"}, id="a phrase"),
        pytest.param(["outlet:gazette", "on:2026-03"], {"drill"}, id="a field"),
        pytest.param(["outlet:gazette (bread OR 军演)"], {"bread", "yanxi"}, id="a choice, typed as one word"),
    ],
)
def test_search_finds(stocked: Path, words: list[str], ids: set[str]) -> None:
    found = command(stocked, "search", *words, "--json").document
    assert {hit["id"] for hit in found["hits"] if not hit["seed"]} == ids


def test_search_turns_pages_and_sorts(stocked: Path) -> None:
    def ids(*options: object) -> list[str]:
        hits = command(stocked, "search", "outlet:gazette OR seed:yes", "--json", *options).document["hits"]
        return [hit["id"] for hit in hits]

    everything = ids("--sort", "date")
    assert len(everything) == 10
    assert [*ids("--sort", "date", "--limit", 4), *ids("--sort", "date", "--offset", 4)] == everything
    assert command(stocked, "search", "", "--limit", 0, "--json").document["total"] == 10


def test_a_search_counts_the_time_marks_its_hits_and_says_where_it_stood(stocked: Path) -> None:
    found = command(stocked, "search", "bombers", "--json", "--timeline", "day").document
    assert found["timeline"]["per"] == "day"
    assert sum(found["timeline"]["counts"].values()) == found["total"] == len(found["hits"])
    assert {hit["snippet"][a:b].lower() for hit in found["hits"] for a, b in hit["marks"]} <= {"bombers", "bomber"}
    again = command(stocked, "search", "bombers", "--json", "--as-of", found["as_of"]).document
    assert [hit["id"] for hit in again["hits"]] == [hit["id"] for hit in found["hits"]]
    assert command(stocked, "search", "", "--json", "--as-of", 0).document["total"] == 0


def test_a_search_in_vain_says_why_and_what_to_try(stocked: Path) -> None:
    found = command(stocked, "search", "bombrs outlet:gazette", "--json").document
    assert found["nothing"]["nowhere"] == ["bombrs"]
    assert found["nothing"]["instead"] == ["bombers outlet:gazette"]
    assert [one["part"] for one in found["nothing"]["without"]] == ["bombrs"]
    said = command(stocked, "search", "bombrs", "outlet:gazette").out
    assert "Nowhere in the archive: bombrs" in said
    assert "Did you mean: bombers outlet:gazette" in said


def test_an_outlet_is_checked_live_and_nothing_is_kept(folder: Path) -> None:
    with OutletServer() as server:
        outlet = (
            OUTLET.replace(HOST, server.host).replace("hosts: [", 'hosts: ["').replace("]\ntimezone", '"]\ntimezone')
        )
        (folder / "outlets" / "gazette.yaml").write_text(outlet, encoding="utf-8")
        server.answer("/feed.xml", a_feed((server.url("/news/2"), "Joint exercise begins")))
        server.answer("/news/2", a_page("Joint exercise begins", *drill(2)))
        told = command(folder, "outlets", "check", "gazette", "--json", allow_hosts=server.host)
        refused = command(folder, "outlets", "check", "gazette", "--json")
    [check] = told.document["checks"]
    assert (told.code, check["works"], check["entries"], check["title"]) == (0, True, 1, "Joint exercise begins")
    assert check["characters"] > 200
    assert (refused.code, refused.document["checks"][0]["works"]) == (1, False)
    assert "ENTENTE_ALLOW_HOSTS" in refused.document["checks"][0]["why"]
    assert command(folder, "search", "", "--json").document["total"] == 10


# ------------------------------------------------------------------ for people


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param("search 军演", "中俄举行海上联合军演", id="search"),
        pytest.param("show drill", "not aimed at any third party", id="show"),
        pytest.param("subscription list", "topic:china-russia OR topic:sco", id="subscription list"),
        pytest.param("digest preview", "Chinese and Russian bombers fly together", id="digest preview"),
        pytest.param("outlets list", "The Gazette", id="outlets list"),
        pytest.param("outlets show gazette", f"http://{HOST}/feed.xml", id="outlets show"),
        pytest.param("fetch --replay {folder}/capture.warc.gz", f"http://{HOST}/feed.xml", id="fetch"),
        pytest.param("read {folder}/page.html", "not aimed at any third party", id="read"),
        pytest.param("parse {folder}/feed.xml", f"http://{HOST}/news/2", id="parse"),
        pytest.param("doctor", "findable", id="doctor"),
    ],
)
def test_people_get_words_on_standard_output_and_no_line_is_cut(folder: Path, words: str, told: str) -> None:
    said = command(folder, *words.split())
    assert said.code == 0
    assert told in said.out
    assert "…" not in said.out.replace("…\n", "")


def test_what_outlets_write_is_printed_as_it_stands_and_steers_no_terminal(folder: Path) -> None:
    title = "[bold]Drill[/x] :smile: \x1b]0;owned\x07 ends"
    line = {"id": "odd", "title": title, "text": " ".join(drill(3)), "published": TEXTS[-1]["published"]}
    (folder / "odd.jsonl").write_text(json.dumps(line), encoding="utf-8")
    command(folder, "import", folder / "odd.jsonl")
    for words in (["search", "title:drill"], ["show", "odd"], ["digest", "preview"]):
        said = command(folder, *words).out
        assert "[bold]Drill[/x] :smile: " in said
        assert "\x1b" not in said
    command(folder, "subscription", "add", "--name", "x", "--email", "x@example.org", "--query", 'title:"[bold]"')
    assert 'title:"[bold]"' in command(folder, "subscription", "list").out


# ------------------------------------------------------------------ complaints

COMPLAINTS = [
    pytest.param("", ["Commands:"], id="no command"),
    pytest.param("nonsense", ["No such command 'nonsense'"], id="an unknown command"),
    pytest.param("search", ["Missing argument"], id="a search for nothing said"),
    pytest.param("search x --like nobody", ["No article has the id 'nobody'"], id="what is like nothing"),
    pytest.param("search after:2024 before:2023", ["No day is both", "at character"], id="days the wrong way round"),
    pytest.param("search *", ["Write exerc*"], id="a star alone"),
    pytest.param("search x --timeline year", ["'day', 'month'"], id="a timeline by the year"),
    pytest.param("search x --as-of -1", ["--as-of"], id="a state before any"),
    pytest.param("search x --limti 5", ["No such option: --limti"], id="a mistyped option of search"),
    pytest.param("search x --limit -1", ["--limit"], id="a limit below nothing"),
    pytest.param("search x --sort age", ["'relevance', 'date'"], id="an unknown order"),
    pytest.param('search "open', ["no partner", "at character 1"], id="a wrong query: where, why and what to write"),
    pytest.param("search colour:red", ["colour", "at character 1"], id="a field that is none"),
    pytest.param("show nothing", ["'nothing'", "entente search"], id="an unknown article"),
    pytest.param("fetch gazete", ["'gazete'", "did you mean gazette?"], id="an unknown outlet, with a near name"),
    pytest.param("fetch gazete xinhua", ["'gazete'", "xinhua-en"], id="two unknown outlets, both told"),
    pytest.param("outlets show gazete", ["did you mean gazette?"], id="outlets show knows near names"),
    pytest.param("outlets check gazete", ["did you mean gazette?"], id="outlets check knows near names"),
    pytest.param("outlets show qqqqqq", ["entente outlets list"], id="an outlet like no other"),
    pytest.param("fetch dong-a-en", ["dong-a-en has no entry point"], id="an outlet with nowhere to knock"),
    pytest.param("fetch --replay {folder}/no.warc", ["no.warc", "No such file", ".warc"], id="no such capture"),
    pytest.param("fetch --replay {folder}", ["Is a directory"], id="a folder as capture"),
    pytest.param("fetch --replay {folder}/note.txt", ["note.txt is no WARC file"], id="a text as capture"),
    pytest.param("digest preview dsk", ["'dsk'", "Did you mean 'desk'?"], id="an unknown subscription to preview"),
    pytest.param("digest send dsk", ["Did you mean 'desk'?"], id="an unknown subscription to send"),
    pytest.param("digest list dsk", ["Did you mean 'desk'?"], id="an unknown subscription to list"),
    pytest.param("subscription pause dsk", ["Did you mean 'desk'?"], id="an unknown subscription to pause"),
    pytest.param("subscription remove dsk", ["Did you mean 'desk'?"], id="an unknown subscription to remove"),
    pytest.param(
        "subscription add --name desk --email a@b.example", ["'desk' already", "subscription remove"], id="a taken name"
    ),
    pytest.param("subscription add --name x", ["--email"], id="a subscription without address"),
    pytest.param(
        'subscription add --name / --email nobody --query "open --at 25:00 --zone Europe/Berln --days mon,blue',
        ["--name '/'", "'nobody'", "no partner", "'25:00'", "did you mean Europe/Berlin", "'blue'"],
        id="a subscription with everything wrong, all told at once",
    ),
    pytest.param("read", ["--manifest"], id="read with nothing to read"),
    pytest.param("read {folder}/page.html --manifest {folder}/texts.jsonl", ["--manifest"], id="read with both"),
    pytest.param("read {folder}/no.html", ["no.html", "No such file", "check the path"], id="no such page"),
    pytest.param("parse {folder}", ["Is a directory"], id="a folder as feed"),
    pytest.param("parse {folder}/note.txt", ["not a feed"], id="a text as feed"),
    pytest.param("read --manifest {folder}/no.jsonl", ["no.jsonl", "No such file"], id="no such manifest"),
    pytest.param("classify {folder}/no.jsonl", ["no.jsonl", "No such file"], id="no texts to classify"),
    pytest.param("import {folder}/no.txt", ["no.txt", "check the path"], id="no such file to import"),
]


@pytest.mark.parametrize(("words", "told"), COMPLAINTS)
def test_wrong_use_is_told_on_standard_error_with_exit_2(stocked: Path, words: str, told: list[str]) -> None:
    said = command(stocked, *words.split())
    assert said.code == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    for part in told:
        assert part in said.err


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        pytest.param(
            {"bind": "8000", "contact": "nobody", "workers": "many", "sharee": "5"},
            [
                "ENTENTE_BIND is '8000'",
                "ENTENTE_CONTACT is 'nobody'",
                "ENTENTE_WORKERS is 'many'",
                "mean ENTENTE_SHARE?",
            ],
            id="every wrong setting at once",
        ),
        pytest.param({"only_outlets": "gazete"}, ["did you mean gazette?"], id="an outlet to visit that is none"),
        pytest.param({"outlets_dir": "/no/such/folder"}, ["ENTENTE_OUTLETS_DIR", "no such folder"], id="no folder"),
        pytest.param({"data_dir": "{folder}/note.txt"}, ["ENTENTE_DATA_DIR", "name a folder"], id="a file as data"),
        pytest.param({"data_dir": "/proc/entente"}, ["ENTENTE_DATA_DIR /proc/entente"], id="a folder not to be made"),
    ],
)
def test_settings_that_cannot_work_stop_every_command(stocked: Path, settings: dict[str, str], told: list[str]) -> None:
    settings = {name: value.replace("{folder}", str(stocked)) for name, value in settings.items()}
    for words in ("search x", "subscription list", "outlets list"):
        said = command(stocked, *words.split(), "--json", **settings)
        assert (said.code, said.out) == (2, "")
        for part in told:
            assert part in said.err


def test_every_fault_of_the_operators_files_is_told_at_once(folder: Path) -> None:
    (folder / "outlets" / "two.yaml").write_text(
        "id: two\nhosts: [two.test]\ntimezone: Asia/Beijng\n", encoding="utf-8"
    )
    (folder / "topics").mkdir()
    (folder / "topics" / "mine.yaml").write_text("topics: 7\n", encoding="utf-8")
    said = command(folder, "serve", topics_dir=folder / "topics")
    assert said.code == 2
    for part in ("two.yaml", "Asia/Beijng", "name is missing", "mine.yaml"):
        assert part in said.err


def test_a_database_of_someone_else_is_told_and_left_alone(folder: Path) -> None:
    (folder / "data" / "entente.db").write_bytes(b"these are my holiday pictures, not a database" * 100)
    said = command(folder, "search", "x")
    assert said.code == 2
    assert "entente.db" in said.err
    assert (folder / "data" / "entente.db").read_bytes().startswith(b"these are my holiday")


def test_a_fetch_that_fails_in_part_ends_with_1_and_the_rest_is_done(folder: Path) -> None:
    more = OUTLET.replace("id: gazette", "id: lost").replace("feed.xml", "lost.xml")
    (folder / "outlets" / "lost.yaml").write_text(more, encoding="utf-8")
    told = command(folder, "fetch", "gazette", "lost", "--replay", "{folder}/capture.warc.gz", "--json")
    outcomes = {visit["outlet"]: visit for visit in told.document["visits"]}
    assert told.code == 1
    assert (outcomes["gazette"]["outcome"], outcomes["gazette"]["new"]) == ("ok", 1)
    assert (outcomes["lost"]["outcome"], told.document["failed"]) == ("failed", 1)
    assert "lost.xml is not in the capture" in outcomes["lost"]["why"]


def test_a_mail_that_cannot_go_out_ends_with_1_and_says_why(folder: Path) -> None:
    told = command(folder, "digest", "send", "desk", "--json", smtp_url="smtp://127.0.0.1:9")
    assert told.code == 1
    [digest] = told.document["digests"]
    assert digest["state"] == "claimed"
    assert "127.0.0.1:9" in digest["why"]


# ------------------------------------------------------------------ subscriptions and digests


def test_a_subscription_lives_and_its_digests_outlive_it(folder: Path) -> None:
    def do(*words: str) -> Any:
        return command(folder, *words, "--json").document

    asked = "--name Berlin --email b@example.org --query topic:sco --at 6:30 --zone Europe/Berlin --days thu,mon"
    made = do("subscription", "add", *asked.split(), "--when-empty", "skip")
    told = {name: made[name] for name in ("at", "zone", "days", "when_empty", "paused")}
    assert told == {
        "at": "06:30",
        "zone": "Europe/Berlin",
        "days": ["mon", "thu"],
        "when_empty": "skip",
        "paused": False,
    }
    due = datetime.fromisoformat(made["next_due"])
    assert due.weekday() in (0, 3)
    assert made["next_due"][11:16] in ("05:30", "04:30")
    do("subscription", "pause", "Berlin")
    assert [one["paused"] for one in do("subscription", "list")["subscriptions"] if one["name"] == "Berlin"] == [True]
    do("subscription", "pause", "Berlin", "--resume")
    assert do("digest", "send", "Berlin") == {"digests": []}, "nothing to tell, and it asked for silence then"
    [sent] = do("digest", "send", "desk")["digests"]
    assert sent["items"] == [{"id": "fresh", "revision": 1}], "what was imported old or undated is not news"
    assert do("digest", "send", "desk") == {"digests": []}, "told once"
    do("subscription", "remove", "desk")
    assert [one["number"] for one in do("digest", "list", "desk")["digests"]] == [sent["number"]]


# ------------------------------------------------------------------ in a process of its own


def test_a_command_in_its_own_process_keeps_the_same_promises(stocked: Path) -> None:
    good = run("search", "军演", "--json", folder=stocked, outlets_dir=stocked / "outlets")
    assert (good.code, good.err) == (0, "")
    assert good.document["hits"][0]["title"] == "中俄举行海上联合军演"
    bad = run("show", "nothing", "--json", folder=stocked, outlets_dir=stocked / "outlets")
    assert (bad.code, bad.out) == (2, "")


def test_a_reader_who_has_seen_enough_is_no_failure_to_tell(stocked: Path) -> None:
    texts = stocked / "many.jsonl"
    texts.write_text("".join(json.dumps({"id": n, "text": "x" * 1000}) + "\n" for n in range(2000)), encoding="utf-8")
    with start("classify", texts, "--json", folder=stocked) as process:
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["id"] == 0
        process.stdout.close()
        said = process.stderr.read().decode()
    assert process.returncode == 1
    assert said == ""
