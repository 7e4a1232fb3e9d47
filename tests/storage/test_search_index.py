"""The index is derived, never the truth: whatever happens to it, catching up makes it right again."""

import contextlib
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from storage.archive.archive import open_archive
from storage.errors import ArchiveError
from storage.records import Change, Kept
from storage.search.errors import IndexUnusable
from storage.search.index import BATCH, SearchIndex
from storage.search.query import parse_query
from tests.fakes.articles import NOW, KeptInMemory, kept
from tests.fakes.rights import barred
from tests.fakes.texts import a_verdict, an_article, rejudge

ROOT = Path(__file__).resolve().parents[2]


def found(index: SearchIndex, query: str = "") -> list[str]:
    return sorted(hit.id for hit in index.search(parse_query(query), limit=10_000, now=NOW).hits)


def ids(count: int) -> list[str]:
    return [f"{number:05}" for number in range(count)]


@pytest.fixture
def articles() -> KeptInMemory:
    return KeptInMemory(kept("a", "a joint patrol"), kept("b", "联合军演"), kept("c", "совместные учения"))


def test_what_was_kept_is_found_at_once(tmp_path: Path, articles: KeptInMemory) -> None:
    index = SearchIndex(tmp_path, articles)
    assert index.catch_up() == 3
    assert index.catch_up() == 0
    articles.keep(kept("d", "another patrol"))
    assert index.catch_up() == 1
    assert found(index, "patrol") == ["a", "d"]


def test_a_changed_article_stands_in_the_place_of_the_old(tmp_path: Path, articles: KeptInMemory) -> None:
    index = SearchIndex(tmp_path, articles)
    index.catch_up()
    articles.keep(kept("a", "a joint exercise"))
    assert index.catch_up() == 1
    assert found(index, "patrol") == []
    assert found(index, "exercise") == ["a"]
    assert found(index) == ["a", "b", "c"]


def test_more_than_one_batch_is_caught_up_in_one_go(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path, KeptInMemory(*map(kept, ids(2 * BATCH + 1))))
    assert index.catch_up() == 2 * BATCH + 1
    assert found(index) == ids(2 * BATCH + 1)


def test_a_new_start_goes_on_where_the_last_one_ended(tmp_path: Path, articles: KeptInMemory) -> None:
    SearchIndex(tmp_path, articles).catch_up()
    again = SearchIndex(tmp_path, articles)
    assert found(again, "军演") == ["b"]
    assert again.catch_up() == 0


def test_a_rebuild_finds_the_same(tmp_path: Path, articles: KeptInMemory) -> None:
    index = SearchIndex(tmp_path, articles)
    index.catch_up()
    assert index.rebuild() == 3
    assert found(index) == ["a", "b", "c"]
    assert index.catch_up() == 0


# ------------------------------------------------------------------ harm done to the folder


def test_a_deleted_folder_loses_nothing(tmp_path: Path, articles: KeptInMemory) -> None:
    SearchIndex(tmp_path / "index", articles).catch_up()
    shutil.rmtree(tmp_path / "index")
    index = SearchIndex(tmp_path / "index", articles)
    assert index.catch_up() == 3
    assert found(index) == ["a", "b", "c"]


def test_a_folder_deleted_under_a_running_service_loses_nothing(tmp_path: Path, articles: KeptInMemory) -> None:
    index = SearchIndex(tmp_path / "index", articles)
    index.catch_up()
    shutil.rmtree(tmp_path / "index")
    assert found(index) == ["a", "b", "c"]


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def overwrite(path: Path) -> None:
    path.write_bytes(b"not what it was" * 9)


UNREADABLE, BROKEN = "index cannot be read, made anew", "index is broken, made anew"


@pytest.mark.parametrize(
    ("file", "harm", "told"),
    [
        pytest.param("meta.json", Path.unlink, [], id="its head lost, which is no index at all"),
        pytest.param("meta.json", overwrite, [UNREADABLE], id="its head overwritten"),
        pytest.param("*.term", Path.unlink, [UNREADABLE], id="its words lost"),
        pytest.param("*.idx", cut_short, [UNREADABLE], id="its lists cut short"),
        pytest.param("*.fast", overwrite, [UNREADABLE], id="its columns overwritten"),
        pytest.param("*.pos", Path.unlink, [BROKEN], id="its positions lost, seen first by a phrase"),
    ],
)
def test_a_broken_index_costs_a_rebuild_and_one_line(
    tmp_path: Path, articles: KeptInMemory, file: str, harm: Callable[[Path], None], told: list[str]
) -> None:
    SearchIndex(tmp_path, articles).catch_up()
    for path in tmp_path.rglob(file):
        harm(path)
    with capture_logs() as lines:
        index = SearchIndex(tmp_path, articles)
        index.catch_up()
        assert found(index, '"joint patrol"') == ["a"]
    assert found(index) == ["a", "b", "c"]
    assert [line["event"] for line in lines] == told


def test_an_index_of_an_older_format_is_made_anew(tmp_path: Path, articles: KeptInMemory) -> None:
    older = tmp_path / "0123456789abcdef"
    older.mkdir()
    (older / "meta.json").write_text("{}")
    with capture_logs() as lines:
        index = SearchIndex(tmp_path, articles)
    assert [line["event"] for line in lines] == ["index of another format or archive, made anew"]
    assert not older.exists()
    assert index.catch_up() == 3


def test_two_archives_of_one_folder_never_share_an_index(tmp_path: Path, articles: KeptInMemory) -> None:
    SearchIndex(tmp_path, articles).catch_up()
    other = KeptInMemory(*(kept(id, "another archive") for id in "wxyz"), identity=2)
    index = SearchIndex(tmp_path, other)
    assert index.catch_up() == 4
    assert found(index) == ["w", "x", "y", "z"]


def test_an_index_ahead_of_a_restored_archive_is_made_anew(tmp_path: Path, articles: KeptInMemory) -> None:
    SearchIndex(tmp_path, articles).catch_up()
    index = SearchIndex(tmp_path, KeptInMemory(kept("z", "an older backup")))
    assert index.catch_up() == 1
    assert found(index) == ["z"]
    assert index.catch_up() == 0


def test_an_index_of_an_archive_that_is_empty_again_is_emptied(tmp_path: Path, articles: KeptInMemory) -> None:
    SearchIndex(tmp_path, articles).catch_up()
    index = SearchIndex(tmp_path, KeptInMemory())
    assert index.catch_up() == 0
    assert found(index) == []


def test_a_folder_that_cannot_be_made_is_said_with_its_remedy(tmp_path: Path, articles: KeptInMemory) -> None:
    (tmp_path / "index").write_text("a file stands where the folder should")
    with pytest.raises(ArchiveError, match=r"search index in .* cannot be used: .* made anew from the archive"):
        SearchIndex(tmp_path / "index", articles).catch_up()


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(SearchIndex.catch_up, id="caught up"),
        pytest.param(SearchIndex.rebuild, id="made anew"),
        pytest.param(found, id="searched"),
    ],
)
def test_a_folder_this_user_may_not_write_is_told_and_left_alone(
    tmp_path: Path, articles: KeptInMemory, ask: Callable[[SearchIndex], object]
) -> None:
    SearchIndex(tmp_path / "index", articles).catch_up()
    articles.keep(kept("d"))
    with barred(tmp_path / "index"):
        index = SearchIndex(tmp_path / "index", articles)
        with pytest.raises(IndexUnusable, match="this user may not write there"):
            ask(index)
    assert index.catch_up() == 1
    assert found(index) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("what", ["catch_up", "rebuild"])
def test_a_disk_that_fills_up_is_told_and_costs_what_was_not_committed(tmp_path: Path, what: str) -> None:
    articles = KeptInMemory(*map(kept, ids(BATCH)))
    SearchIndex(tmp_path, articles).catch_up()
    command = [sys.executable, "-c", textwrap.dedent(FULL), str(tmp_path), what]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert re.fullmatch(
        r"The search index in .* cannot be used: its disk is full\. Free some space: .*", ended.stdout.strip()
    )
    index = SearchIndex(tmp_path, KeptInMemory(*map(kept, ids(4 * BATCH))))
    assert found(index)[:BATCH] == ids(BATCH)
    index.catch_up()
    assert found(index) == ids(4 * BATCH)


FULL = """
    import resource, sys
    from pathlib import Path
    from storage.errors import ArchiveError
    from storage.search.index import BATCH, SearchIndex
    from tests.fakes.articles import KeptInMemory, kept
    articles = KeptInMemory(*(kept(f"{number:05}", "a joint patrol " * 40) for number in range(4 * BATCH)))
    index = SearchIndex(Path(sys.argv[1]), articles)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        getattr(index, sys.argv[2])()
    except ArchiveError as why:
        sys.stdout.write(str(why))
"""


# ------------------------------------------------------------------ several at once


class Failing(KeptInMemory):
    """An archive that breaks off after its first batch."""

    def changed_since(self, change: int, limit: int) -> list[Kept]:
        if change:
            raise ArchiveError("The disk is gone.")
        return super().changed_since(change, limit)


def test_an_archive_that_breaks_off_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path, Failing(*map(kept, ids(BATCH + 1))))
    with pytest.raises(ArchiveError, match="disk is gone"):
        index.catch_up()
    assert found(index) == []
    assert SearchIndex(tmp_path, KeptInMemory(*map(kept, ids(BATCH + 1)))).catch_up() == BATCH + 1


def test_another_reader_sees_what_was_committed(tmp_path: Path, articles: KeptInMemory) -> None:
    reader, writer = SearchIndex(tmp_path, articles), SearchIndex(tmp_path, articles)
    assert found(reader) == ["a", "b", "c"]
    articles.keep(kept("d", "another patrol"))
    writer.catch_up()
    assert found(reader) == ["a", "b", "c", "d"]
    assert reader.catch_up() == 0


def test_threads_search_while_one_writes(tmp_path: Path) -> None:
    articles = KeptInMemory(*map(kept, ids(50)))
    index = SearchIndex(tmp_path, articles)
    index.catch_up()

    def turn(number: int) -> bool:
        if number % 4 == 0:
            articles.keep(kept(f"new-{number}"))
            index.catch_up()
        return found(index)[:50] == ids(50)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(turn, range(40)))
    assert len(found(index)) == 60


@contextlib.contextmanager
def another_process(script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that has said "ready"; killed without a word at the end."""
    command = [sys.executable, "-c", textwrap.dedent(script), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


WRITING = """
    import sys
    from pathlib import Path
    from storage.search.folder import IndexFolder
    with IndexFolder(Path(sys.argv[1]), archive=1).writer() as writer:
        print("ready", flush=True)
        sys.stdin.read()
"""


def test_while_another_process_writes_this_one_leaves_it_to_it(tmp_path: Path, articles: KeptInMemory) -> None:
    index = SearchIndex(tmp_path, articles)
    index.catch_up()
    articles.keep(kept("d", "a patrol"))
    with another_process(WRITING, str(tmp_path)):
        assert index.catch_up() == 0
        assert index.rebuild() == 0
        assert found(index, "patrol") == ["a"]
    assert index.catch_up() == 1
    assert found(index, "patrol") == ["a", "d"]


KILLED = """
    import sys
    from pathlib import Path
    from storage.search import index
    from tests.fakes.articles import KeptInMemory, kept
    index.COMMIT_EVERY = index.BATCH

    class Slow(KeptInMemory):
        def changed_since(self, change, limit):
            if change >= 2 * index.BATCH:
                print("ready", flush=True)
                sys.stdin.read()
            return super().changed_since(change, limit)

    articles = Slow(*(kept(f"{number:05}") for number in range(4 * index.BATCH)))
    index.SearchIndex(Path(sys.argv[1]), articles).catch_up()
"""


def test_a_process_killed_at_work_costs_what_it_had_not_committed(tmp_path: Path) -> None:
    with another_process(KILLED, str(tmp_path)):
        pass
    index = SearchIndex(tmp_path, KeptInMemory(*map(kept, ids(4 * BATCH))))
    assert found(index) == ids(2 * BATCH)
    assert index.catch_up() == 2 * BATCH
    assert found(index) == ids(4 * BATCH)


# ------------------------------------------------------------------ with the real archive


def test_the_archive_s_articles_are_found_as_they_change(tmp_path: Path) -> None:
    with open_archive(f"sqlite:///{tmp_path / 'entente.db'}") as archive:
        index = SearchIndex(tmp_path / "index", archive.articles)
        article = an_article(text="Two navies began a joint patrol.")
        _, first = archive.articles.keep(article, a_verdict(), now=NOW)
        assert index.catch_up() == 1
        assert found(index, "patrols topic:china-russia strength:tie") == [first.id]

        change, _ = archive.articles.keep(replace(article, text="They ended a joint exercise."), a_verdict(), now=NOW)
        assert change is Change.REVISED
        rejudge(archive, first.id, a_verdict(strength={}), NOW)
        index.catch_up()
        assert found(index, "topic:china-russia") == []
        assert found(index, "exercises") == [first.id]
        assert found(index, "patrols") == [first.id], "what it said before is found, too"
        assert index.catch_up() == 0
