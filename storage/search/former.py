"""The words an article has lost: what its earlier texts said and its present one does not. Pure.

They are searched like its present words, so that an edit hides nothing; whoever shows a hit is told which text answered. Only
`storage.search` and `service` import this module.
"""

import re
from collections.abc import Iterator

from storage.records import Article, Kept, Revision
from storage.search.snippets import FAR_ENOUGH, met
from storage.search.tree import And, Days, Fact, InTitle, Named, Not, Or, Part, Query, Term
from storage.words import fold

#: A sentence ends here; so does a line.
_SENTENCE = re.compile(r"[^.!?…。！？；\n]*(?:[.!?…。！？；]+[\"'”’»」』)\]]*|\n|$)")
_SPACES = re.compile(r"\s+")


def former_titles(kept: Kept) -> list[str]:
    """Titles it had and has no more, the last one first."""
    known = {_key(kept.article.title)}
    titles = []
    for revision in reversed(kept.earlier):
        if _key(revision.title) not in known:
            known.add(_key(revision.title))
            titles.append(revision.title)
    return titles


def former_passages(kept: Kept) -> Iterator[str]:
    """Sentences it had and has no more, each once and with the one before and behind it: a phrase may reach across."""
    if not kept.earlier:  # nearly always: nothing need be compared
        return
    known = {_key(sentence) for sentence in _sentences(kept.article.text)}
    for revision in reversed(kept.earlier):
        sentences = _sentences(revision.text)
        lost = [number for number, sentence in enumerate(sentences) if _key(sentence) not in known]
        known.update(_key(sentences[number]) for number in lost)
        for first, last in _with_neighbours(lost, len(sentences)):
            yield "".join(sentences[first:last])


def _with_neighbours(lost: list[int], count: int) -> Iterator[tuple[int, int]]:
    begin = end = 0
    for number in lost:
        if number - 1 > end and end:
            yield begin, end
            begin = number - 1
        elif not end:
            begin = max(0, number - 1)
        end = min(count, number + 2)
    if end:
        yield begin, end


def _sentences(text: str) -> list[str]:
    return [found[0] for found in _SENTENCE.finditer(text) if found[0].strip()]


def _key(text: str) -> str:
    return _SPACES.sub("", fold(text).text)


# ------------------------------------------------------------------ which text answers


def answering(kept: Kept, query: Query) -> Revision | None:
    """The earlier text that holds what `query` asks for where the present one does not, the latest such; None where the
    present text answers or is longer than is ever shown, and where nothing is asked that a text could answer."""
    if not kept.earlier or len(kept.article.text) > FAR_ENOUGH or _holds(query.root, _met(kept.article, query)):
        return None
    answers = {revision.number: _met(revision, query) for revision in kept.earlier}
    return max(
        reversed(kept.earlier),
        key=lambda revision: (_holds(query.root, answers[revision.number]), len(answers[revision.number])),
    )


def _met(text: Article | Revision, query: Query) -> frozenset[Term | InTitle]:
    return met(text.title, text.text[:FAR_ENOUGH], query)


def _holds(part: Part | None, said: frozenset[Term | InTitle]) -> bool:
    """Whether a text in which these terms stand answers `part`, as far as words decide it."""
    match part:
        case And(parts):
            return all(_holds(inner, said) for inner in parts)
        case Or(parts):
            return any(_holds(inner, said) for inner in parts)
        case Named(typed, others):
            return _holds(typed, said) or any(other in said for other in others)
        case None | Not() | Fact() | Days():
            return True
        case term:
            return term in said
