"""The folder an index lives in: opened, made anew when it cannot be read, written by one process at a time.

Only `index` imports this module. Each format of the index and each archive has a folder of its own below the one given, so
that neither two versions of Entente nor two stores of one data folder ever read each other's; others are removed.
"""

import contextlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import structlog
import tantivy

from storage.search.asking import State, state_of
from storage.search.documents import index_format, schema
from storage.search.errors import IndexUnusable

log = structlog.get_logger("search")

#: Memory a writer may use before it writes a segment, in bytes: enough for some 30,000 articles, for many small segments are joined
#: again and again. What comes in a day uses little of it.
WRITER_MEMORY = 128_000_000


class IndexFolder:
    """An index on disk. Safe to share between threads. Raises IndexUnusable when the disk refuses."""

    def __init__(self, folder: Path, *, archive: int) -> None:
        """In `folder`, the index of the archive with this number."""
        self._root = folder
        self._folder = folder / f"{index_format()}-{archive:08x}"
        self._lock = threading.Lock()
        self._remove_others()
        #: Opened by whoever asks first: what needs no index goes on without one.
        self._index: tantivy.Index | None = None
        self._seen: tuple[int, int] | None = None
        self._state: tuple[tantivy.Index, tuple[int, int] | None, State] | None = None

    def is_there(self) -> bool:
        """Whether nobody took the folder away."""
        return self._stamp() is not None

    def fresh(self) -> tantivy.Index:
        """The index with the last commit of any process in sight; opened anew when its folder was taken away."""
        with self._lock:
            stamp = self._stamp()
            if self._index is None or stamp is None:
                self._index = self._open()
                stamp = self._stamp()
            elif stamp != self._seen:
                with self.troubles():
                    self._index.reload()
            self._seen = stamp
            return self._index

    def state(self) -> State:
        """What the last commit of any process left, made ready once for all who ask."""
        index = self.fresh()
        with self._lock:
            if self._state is None or self._state[0] is not index or self._state[1] != self._seen:
                with self.troubles():
                    self._state = index, self._seen, state_of(index)
            return self._state[2]

    def remake(self) -> None:
        """Throw away what is there and begin with an empty index."""
        with self._lock:
            self._index = self._emptied()
            self._seen = self._stamp()

    @contextlib.contextmanager
    def writer(self) -> Iterator[tantivy.IndexWriter | None]:
        """The only writer, given back at the end; None when another process has it. What was not committed is dropped."""
        writer = self._free_writer()
        if writer is None:
            log.debug("another process writes the index", folder=str(self._root))
            yield None
            return
        try:
            yield writer
        except BaseException:
            with contextlib.suppress(ValueError, OSError):
                writer.rollback()
            raise
        finally:
            # This also lets go of the lock. What was committed is safe even if joining its segments fails.
            with contextlib.suppress(ValueError, OSError):
                writer.wait_merging_threads()

    @contextlib.contextmanager
    def troubles(self) -> Iterator[None]:
        """What tantivy raises inside, panics past Exception among it, comes out as IndexUnusable."""
        try:
            yield
        except (ValueError, OSError) as why:
            raise self._unusable(why) from why
        except BaseException as why:
            if type(why).__name__ != "PanicException":
                raise
            raise self._unusable(why) from why

    def _free_writer(self) -> tantivy.IndexWriter | None:
        with self.troubles():
            try:
                return self.fresh().writer(WRITER_MEMORY, 1)
            except ValueError as why:
                if "LockBusy" in str(why):
                    return None
                raise

    def _stamp(self) -> tuple[int, int] | None:
        """Changes with every commit of any process; None when there is no index."""
        try:
            stat = (self._folder / "meta.json").stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    def _open(self) -> tantivy.Index:
        try:
            with self.troubles():
                return self._read()
        except IndexUnusable as why:
            if not why.can_be_made_anew:
                raise
            log.warning(
                "index cannot be read, made anew", folder=str(self._root), why=str(why.__cause__).split("\n")[0]
            )
        return self._emptied()

    def _emptied(self) -> tantivy.Index:
        shutil.rmtree(self._folder, ignore_errors=True)
        with self.troubles():
            return self._read()

    def _read(self) -> tantivy.Index:
        self._folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(schema(), path=str(self._folder))
        # Commits are noticed by `fresh`: at once, and without a thread that watches.
        index.config_reader("manual")
        return index

    def _remove_others(self) -> None:
        for old in self._root.glob("*") if self._root.is_dir() else ():
            if old != self._folder and old.is_dir():
                log.info("index of another format or archive, made anew", folder=str(self._root))
                shutil.rmtree(old, ignore_errors=True)

    def _unusable(self, why: BaseException) -> IndexUnusable:
        return IndexUnusable(self._root, why)
