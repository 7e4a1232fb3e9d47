"""Read the topic files into `Rules`. Folders walk in, checked and compiled rules walk out, or every complaint at once.

`service` calls `load_rules` at start and when a file changed; `entente topics check` shows what it raises.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from scrapers.classifying.checking import Place, check
from scrapers.classifying.compiling import compile_rules
from scrapers.classifying.drafts import Draft
from scrapers.classifying.file_reading import read_file
from scrapers.classifying.joining import join_words
from scrapers.classifying.reaching import check_reach
from scrapers.classifying.rules import Rules
from storage import words

#: The files Entente ships.
TOPICS = Path(__file__).parent / "topics"
#: So many complaints are told in words; one mistake may be made on every line of a long list.
_MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong in a topic file."""

    file: str
    #: Counts from 1; 0 where the whole file is meant.
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


class TopicFileError(Exception):
    """Topic files that cannot be used; the rules in use stay as they are. `complaints` holds all there is to mend."""

    def __init__(self, complaints: tuple[Complaint, ...]) -> None:
        lines = "\n".join(f"  {complaint}" for complaint in complaints[:_MOST_TOLD])
        if len(complaints) > _MOST_TOLD:
            lines += f"\n  and {len(complaints) - _MOST_TOLD} more"
        super().__init__(
            f"The topic files cannot be used:\n{lines}\nMend them and try again; docs/topics.md tells how."
        )
        self.complaints = complaints


def load_rules(*, extra: Path | Sequence[Path] | None = None) -> Rules:
    """Our topics, with what `extra` (a folder of .yaml files, one file, or files) adds or puts in place of a name of ours.

    Raises TopicFileError with all complaints at once. Reading the same files again costs nothing.
    """
    ours = tuple((path.name, path.read_text(encoding="utf-8")) for path in sorted(TOPICS.glob("*.yaml")))
    return _load(ours, _texts(topic_files(extra) if isinstance(extra, Path) else extra or ()))


def topic_files(place: Path) -> tuple[Path, ...]:
    """The topic files of a folder in the order they are read, or the one file itself. Raises TopicFileError."""
    if not place.exists():
        raise TopicFileError((Complaint(str(place), 0, "there is no such file or folder"),))
    return tuple(sorted([*place.glob("*.yaml"), *place.glob("*.yml")])) if place.is_dir() else (place,)


def _texts(paths: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    texts, complaints = [], []
    for path in paths:
        try:
            texts.append((str(path), path.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError) as why:
            complaints.append(Complaint(str(path), 0, f"cannot be read as UTF-8 text: {why}"))
    if complaints:
        raise TopicFileError(tuple(complaints))
    return tuple(texts)


@lru_cache(maxsize=2)
def _ours(texts: tuple[tuple[str, str], ...]) -> Draft:
    draft = Draft()
    for name, text in texts:
        read_file(draft, name, text, theirs=False)
    return draft


@lru_cache(maxsize=8)
def _load(ours: tuple[tuple[str, str], ...], extra: tuple[tuple[str, str], ...]) -> Rules:
    with _without_collector():
        draft = _ours(ours).copy()
        for name, text in extra:
            read_file(draft, name, text, theirs=True)
        _refuse(draft.complaints or join_words(draft) or check(draft))
        rules = compile_rules(draft, _version((*ours, *extra)))
        _refuse(check_reach(draft, rules))
    return rules


@contextmanager
def _without_collector() -> Iterator[None]:
    """All that is read is kept: looking for garbage among it again and again would take half of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _version(texts: Sequence[tuple[str, str]]) -> str:
    """By what a verdict was reached: eight digits for the files, six for the code, so that neither changes unseen."""
    files = sha256("\0".join(text for _, text in texts).encode("utf-8", "replace")).hexdigest()
    return f"{files[:8]}-{_code()}"


@cache
def _code() -> str:
    """A hash of what judges: this room, and how text becomes words."""
    sources = [*sorted(Path(__file__).parent.glob("*.py")), Path(words.__file__)]
    return sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:6]


def _refuse(found: list[Place]) -> None:
    if found:
        raise TopicFileError(tuple(Complaint(*one) for one in sorted(dict.fromkeys(found))))
