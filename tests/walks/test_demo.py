"""`entente demo`: a whole day on the made-up press, through the real command, and what it leaves in the archive."""

import json
import re
import signal
import socket
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from service.demo.stories import read_newspapers
from storage.archive.archive import Archive, open_archive
from storage.records import DigestRecord, Kept
from tests.fakes.commands import Told, entente, start

#: outlet and path of every story in print in the morning, and when the day ends.
MORNING, STORIES = (
    {(paper.key, story.path): story for paper in read_newspapers(datetime.now(UTC)) for story in paper.stories(number)}
    for number in (1, 2)
)
#: What the day before printed and withdrew within the hour, and what was edited later without a word.
WITHDRAWN, EDITED = ("harbour-morning", "/news/998.html"), ("strait-observer", "/story/3301.html")
READABLE = {place: story for place, story in STORIES.items() if not story.forbidden}
CORRECTED = ("harbour-morning", "/news/1001.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def told(folder: Path) -> Told:
    return entente("demo", "--no-web", "--folder", folder / "archive", "--json", folder=folder)


@pytest.fixture(scope="module")
def archive(folder: Path, told: Told) -> Iterator[Archive]:
    assert told.code == 0, told.err
    with open_archive(folder / "archive" / "entente.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def kept(archive: Archive) -> Mapping[tuple[str, str], Kept]:
    news = [one for one in archive.articles.newest(limit=1000, matched_only=False) if not one.seed]
    return {(one.article.outlet, urlsplit(one.article.url).path): one for one in news}


@pytest.fixture(scope="module")
def digests(archive: Archive) -> list[DigestRecord]:
    """In the order they were sent."""
    return archive.ledger.list()[::-1]


def test_the_day_is_told_as_one_document(told: Told) -> None:
    day: Any = told.document
    assert (told.code, told.out.count("\n")) == (0, 1)
    assert [round_["visits"] for round_ in day["rounds"]] == [8, 8, 8]
    assert [round_["failed"] for round_ in day["rounds"]] == [1, 0, 0], "one outlet is broken in the morning"
    assert [round_["revised"] for round_ in day["rounds"]] == [0, 1, 0]
    assert sum(round_["new"] for round_ in day["rounds"]) == len(STORIES)
    assert day["rounds"][2]["new"] == 0, "nothing is read twice"
    assert day["articles"] == len(STORIES) + 1 + 5, "and one from the day before"
    assert (day["revisits"]["revised"], day["revisits"]["missing"], day["revisits"]["gone"]) == (1, 1, 1)
    assert (day["found"].pop("changed:yes"), day["found"].pop("gone:yes")) == (2, 1)
    assert min(day["found"].values()) >= 3
    assert day["found"]["seed:yes"] == 5


def test_every_story_is_kept_once_and_whole(kept: Mapping[tuple[str, str], Kept]) -> None:
    assert kept.keys() == {*STORIES, WITHDRAWN}
    for place, story in READABLE.items():
        article = kept[place].article
        assert (article.title, article.byline, article.origin) == (story.title, story.byline, story.origin)
        assert article.text == "\n".join(paragraph for page in story.pages for paragraph in page)
        assert article.published is not None
    assert [one.article.summary_only for place, one in kept.items() if place not in {*READABLE, WITHDRAWN}] == [True]


@pytest.mark.parametrize("place", READABLE, ids=lambda place: " ".join(place))
def test_every_story_gets_the_topics_its_writer_meant(
    kept: Mapping[tuple[str, str], Kept], place: tuple[str, str]
) -> None:
    verdict, meant = kept[place].verdict, READABLE[place].expected
    assert dict(verdict.strength) == dict(meant.strength)
    assert not meant.activity or meant.activity in verdict.activities
    assert {piece.topic for piece in verdict.evidence} == set(verdict.topics), "each topic shows its evidence"
    for piece in verdict.evidence:
        assert getattr(kept[place].article, piece.field)[piece.start : piece.end] == piece.form


def test_the_corrected_story_keeps_both_texts_and_is_told_again_as_changed(
    archive: Archive, kept: Mapping[tuple[str, str], Kept], digests: list[DigestRecord]
) -> None:
    corrected = kept[CORRECTED]
    texts = [revision.text for revision in archive.articles.revisions(corrected.id)]
    assert ("Eight warships" in texts[0], "Ten warships" in texts[1], len(texts)) == (True, True, 2)
    morning = [record.digest for record in digests if record.digest.subscription == "morning"]
    assert [(corrected.id, 1) in morning[0].told, (corrected.id, 2) in morning[1].told] == [True, True]
    assert "1 changed" in morning[1].subject
    assert "Changed since you were told (revision 2)" in morning[1].text


def test_the_story_edited_in_silence_is_found_and_told(
    kept: Mapping[tuple[str, str], Kept], digests: list[DigestRecord]
) -> None:
    edited = kept[EDITED]
    assert (edited.edits, edited.matters) == (1, 2)
    assert ("first such" in edited.earlier[0].text, "third such" in edited.article.text) == (True, True)
    morning = [record.digest for record in digests if record.digest.subscription == "morning"]
    assert (edited.id, 2) in morning[-1].told


def test_the_page_that_vanished_is_gone_and_its_text_stays(
    archive: Archive, kept: Mapping[tuple[str, str], Kept]
) -> None:
    withdrawn = kept[WITHDRAWN]
    assert withdrawn.gone_since is not None
    assert "forty tonnes" in withdrawn.article.text
    [absence] = archive.revisits.absences(withdrawn.id)
    assert absence.confirmed - absence.since >= timedelta(days=1)


def test_nothing_is_told_twice_and_all_that_matters_is_told(
    kept: Mapping[tuple[str, str], Kept], digests: list[DigestRecord]
) -> None:
    for name in {record.digest.subscription for record in digests}:
        told = Counter(item for record in digests if record.digest.subscription == name for item in record.digest.told)
        assert set(told.values()) == {1}, name
    told_to_all = {id for record in digests if record.digest.subscription == "morning" for id, _ in record.digest.told}
    today = {one.id for place, one in kept.items() if one.verdict.strength and place != WITHDRAWN}
    assert told_to_all == today, "what the day before brought is older than the subscriptions"


def test_a_reprint_stands_under_its_original(kept: Mapping[tuple[str, str], Kept], digests: list[DigestRecord]) -> None:
    first = next(record.digest for record in digests if record.digest.subscription == "morning")
    reprints = {place: story for place, story in READABLE.items() if story.origin and (kept[place].id, 1) in first.told}
    assert len(reprints) >= 3
    # A title may be broken over lines, and its marks are asterisks.
    text = " ".join(first.text.replace("*", "").split()).replace(" ", "")
    for place, story in reprints.items():
        [original] = [at for at, one in MORNING.items() if one.pages == story.pages and not one.origin]
        # What led before both, in whatever language, is the original's only rival for the first place.
        assert text.index(kept[original].article.url) < text.index(kept[place].article.url)
        assert "Original:" + kept[place].article.url not in text


def test_near_misses_are_kept_and_told_to_nobody(
    kept: Mapping[tuple[str, str], Kept], digests: list[DigestRecord]
) -> None:
    misses = {kept[place].id for place, story in READABLE.items() if not story.expected.strength}
    assert len(misses) >= 10
    assert not misses & {id for record in digests for id, _ in record.digest.told}


def test_the_morning_mail_says_what_could_not_be_read(digests: list[DigestRecord]) -> None:
    morning, noon, *_ = (record.digest.text for record in digests if record.digest.subscription == "morning")
    assert "Monsoon Post" in morning
    assert "could not be read" in morning
    assert "could not be read" not in noon


def test_the_archive_of_the_day_answers_the_other_commands(folder: Path, told: Told) -> None:
    def ask(*words: str) -> Any:
        return entente(*words, "--json", folder=folder, data_dir=folder / "archive").document

    assert told.code == 0
    assert ask("search", "seed:no")["total"] == len(STORIES) + 1
    [hit, *_] = ask("search", "title:bombers")["hits"]
    shown = ask("show", hit["id"])
    assert shown["outlet_name"] == "The Strait Observer"
    assert json.dumps(ask("digest", "list")).count('"sent"') >= 4


def test_the_page_of_the_day_stays_open_beside_a_service_until_it_is_told_to_end(tmp_path: Path) -> None:
    with socket.socket() as service:
        service.bind(("127.0.0.1", 0))
        service.listen()
        taken = f"127.0.0.1:{service.getsockname()[1]}"
        with start("demo", folder=tmp_path, bind=taken, web_url="https://proxy.example") as process:
            try:
                assert process.stderr
                said = next(line.decode() for line in process.stderr if b"is open at" in line)
                [url] = re.findall(r"http://\S+", said)
                assert taken not in url
                with urllib.request.urlopen(f"{url}/digests", timeout=20) as page:
                    assert "naval desk" in page.read().decode()
                process.send_signal(signal.SIGINT)
                rest = process.stderr.read().decode()
                assert process.wait(timeout=20) == 0
                assert rest == ""
            finally:
                process.kill()
