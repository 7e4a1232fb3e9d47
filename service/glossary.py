"""The names a search finds in every script. Our files and the operator's topic files walk in, a `Glossary` walks out.

People and exercises stand in the topic files; bodies, places, ships and arms in `names.yaml`. The files are read here without
compiling any rule, for a search must not wait for what only classification needs; whether they are sound is the business of
`scrapers.classifying.loading`, so what cannot be read here is passed over.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import structlog
import yaml

from scrapers.classifying.loading import TOPICS, TopicFileError, topic_files
from storage.search.naming import Glossary, Key, Name, key_of
from storage.words import is_han_character

log = structlog.get_logger("search")

NAMES = Path(__file__).with_name("names.yaml")
#: The sections of `NAMES`, and what each name in them is.
KINDS = {"organisations": "organisation", "places": "place", "ships": "ship", "arms": "arms"}
#: A section of people that gathers several in one line.
COMMENTATORS = "commentators"
_LANGUAGES = ("en", "capitals", "ru", "zh")
#: A form that is a name only with its year, or with any: Vostok-2018, Vostok-20*, 东方-20.
_DATED = re.compile(r"(?P<name>.+?)[\s-]*(?P<year>(?:19|20)\d\d|20\*?|\(20\*?\))$")
#: Parts of a Russian stem that are no plain word.
_PATTERN = re.compile(r"[()~?]")


def read_glossary(*, extra: Path | None = None) -> Glossary:
    """Our names, and those of the people and exercises in the operator's topic files under `extra`."""
    ours = _document(NAMES)
    names = [_thing(kind, entry) for section, kind in KINDS.items() for entry in _list(ours.get(section))]
    for path in (TOPICS / "people.yaml", TOPICS / "exercises.yaml", *_theirs(extra)):
        document = _document(path)
        names += chain(_people(document), _exercises(document))
    return Glossary(tuple(dict.fromkeys(name for name in names if len(name.forms) + len(name.dated) > 1)))


def _theirs(extra: Path | None) -> tuple[Path, ...]:
    try:
        return topic_files(extra) if extra else ()
    except TopicFileError:
        return ()


def _document(path: Path) -> Mapping[str, Any]:
    try:
        read = yaml.load(path.read_text(encoding="utf-8-sig"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as why:
        log.warning("names not read", file=str(path), why=str(why).splitlines()[0])
        return {}
    return read if isinstance(read, Mapping) else {}


def _thing(kind: str, entry: Mapping[str, Any]) -> Name:
    return Name(
        kind,
        _plain(form for form, _ in _forms(entry)),
        short=_texts(entry.get("short")),
        beside=_texts(entry.get("beside")),
    )


def _people(document: Mapping[str, Any]) -> Iterator[Name]:
    for section, people in _table(document.get("people")).items():
        for person in _tables(people) if section != COMMENTATORS else ():
            forms = [form for form, _ in _forms(person)]
            yield Name("person", _plain([*forms, *_surnames(person, forms)]))


def _surnames(person: Mapping[str, Any], forms: Sequence[str]) -> Iterator[str]:
    """The Russian surname alone, where the English one may stand alone."""
    english = _texts(person.get("en"))
    if any(form.endswith("*") for form in forms):
        return
    if any(form.split()[1:] == [alone] for form in english for alone in english):
        yield from (f"{form.split()[-1]}*" for form in forms if re.fullmatch(r"[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]{4,}", form))


def _exercises(document: Mapping[str, Any]) -> Iterator[Name]:
    for exercise in _tables(document.get("exercises")):
        if "name" not in exercise:  # patrols and such go by descriptions
            continue
        forms, dated, years = [], [], {str(year)[:4] for year in _table(exercise.get("editions"))}
        for form, is_word in _forms(exercise):
            found = _DATED.fullmatch(form)
            if found and "*" not in found["name"] and key_of(found["name"]):
                dated.append(found["name"].rstrip(" -"))
                years.add(found["year"])
            elif is_word:
                forms.append(form.rstrip("-"))
        open_ended = any(not re.fullmatch(r"\d{4}", year) for year in years)
        yield Name(
            "exercise",
            _plain(forms),
            dated=_dated_only(dated, forms),
            years=frozenset() if open_ended else frozenset(years),
        )


def _dated_only(dated: Iterable[str], forms: Iterable[str]) -> tuple[str, ...]:
    others = {key_of(form) for form in forms}
    by_key = {key_of(form): form for form in dated}
    return tuple(form for key, form in by_key.items() if key not in others)


def _tables(document: Any) -> list[Mapping[str, Any]]:
    """The tables in a table."""
    return [table for table in _table(document).values() if isinstance(table, Mapping)]


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


# ------------------------------------------------------------------ forms


def _forms(table: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Every form, and whether it is plain words rather than a pattern."""
    for language in _LANGUAGES:
        for form in _list(table.get(language)):
            if isinstance(form, Mapping):
                yield from _stemmed(str(form.get("lemma", "")), str(form.get("stem", "")))
            elif isinstance(form, str):
                yield form, not re.search(r"\*.|\.\.", str(form))


def _stemmed(lemma: str, stem: str) -> Iterator[tuple[str, bool]]:
    """A Russian form: its lemma, and what its stem spells otherwise. A surname alone keeps its star: the stemmer does not
    know every ending of every name."""
    yield lemma, not re.search(r"\.\.|[()]", lemma)
    if _PATTERN.search(stem):
        return
    for part in stem.split("|"):
        plain = part.replace("*", "")
        if _DATED.fullmatch(part):
            yield part, False
        elif len(key_of(plain)) == 1 and len(plain) > 3:
            yield part, True
        elif not _is_beginning(plain, lemma):
            yield plain, True


def _is_beginning(form: str, lemma: str) -> bool:
    """Whether each word of `form` begins the word of `lemma` at its place: a stem cut for endings, and no spelling."""
    words, whole = form.split(), lemma.split()
    return len(words) == len(whole) and all(full.startswith(word) for word, full in zip(words, whole, strict=True))


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(one for one in _list(value) if isinstance(one, str))


def _plain(forms: Iterable[str]) -> tuple[str, ...]:
    """The forms without those found with another one: Sergei Shoigu holds Shoigu. The first stays: it is what the name is
    called."""
    by_key: dict[Key, str] = {}
    for form in forms:
        key = key_of(form)
        if key and (key not in by_key or form.endswith("*")):
            by_key[key] = form
    found = [
        form for key, form in by_key.items() if not any(_stands_in(other, key) for other in by_key if other != key)
    ]
    first = next(iter(by_key.values()), "")
    return tuple(dict.fromkeys([first, *found])) if first else ()


def _stands_in(short: Key, long: Key) -> bool:
    if len(short) == 1 and is_han_character(short[0][0]):
        return any(short[0] in run for run in long)
    return any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))
