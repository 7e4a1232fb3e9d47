"""Make forms of two word lists: the words of a side, and military nouns. A draft walks in, its concepts complete walk out.

Only `loading` calls it, once all files are read, so that a list may stand in any of them. Of the two lists the longer gives
one pattern a word, and the shorter stands in it as alternatives: few patterns, and the telling word is what is looked for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from scrapers.classifying import forms
from scrapers.classifying.checking import Place, place_of
from scrapers.classifying.drafts import Draft
from scrapers.classifying.forms import BadForm, Pattern
from scrapers.classifying.rules import Concept

#: From one word to the next.
_BESIDE = {"en": r"""[\s\-/·"']{1,3}""", "ru": r"""[\s"/·\-]+""", "zh": r"""["']?的?["']?"""}
#: The same where one more word may stand between. In Chinese not one that says where a thing was only made (俄制战机).
_APART = {
    "en": _BESIDE["en"] + r"""(?:[a-z0-9]{1,24}[\s\-/·"']{1,3})?""",
    "ru": _BESIDE["ru"] + r"""(?:[\w-]{1,24}[\s"]+)?""",
    "zh": r"""(?![制造产式])[^\s,.;:!?、]{0,6}?""",
}
#: No more letters than this stand between two words.
_STEP = 32


def join_words(draft: Draft) -> list[Place]:
    """Complete the concepts that are made of word lists. What is wrong with them: (file, line, reason)."""
    complaints: list[Place] = []
    for id_, concept in draft.concepts.items():
        if concept.made_of:
            try:
                draft.concepts[id_] = replace(concept, patterns=(*concept.patterns, *_made(draft, concept)))
            except BadForm as why:
                complaints.append(place_of(draft, "concept", id_, f"{id_}: {why}"))
    return complaints


def _made(draft: Draft, concept: Concept) -> Iterator[Pattern]:
    for joint in concept.made_of:
        for name in (joint.first, joint.second):
            if name not in draft.words:
                raise BadForm(f"made_of names an unknown word list: {name!r}")
        first, second = draft.words[joint.first].forms, draft.words[joint.second].forms
        join = _opening if _size(first) > _size(second) else _closing
        for language in sorted(first.keys() & second.keys()):
            step = (_APART if joint.is_apart else _BESIDE)[language]
            yield from join(language, first[language], second[language], step)


def _size(words: Mapping[str, Sequence[str]]) -> int:
    return sum(map(len, words.values()))


def _opening(language: str, first: Sequence[str], second: Sequence[str], step: str) -> Iterator[Pattern]:
    """A pattern for each word of the first list, the second as alternatives behind it."""
    ends = "|".join(core for form in second for core in _cores(language, form))
    for form in first:
        for one in _READERS[language](form):
            regex = forms.bounded(f"{_core(one)}{step}(?:{ends})", language)
            yield Pattern(_name(language, form, second[0]), regex, one.pieces)


def _closing(language: str, first: Sequence[str], second: Sequence[str], step: str) -> Iterator[Pattern]:
    """A pattern for each word of the second list, the first as alternatives before it."""
    cores = [core for form in first for core in _cores(language, form)]
    back = max(map(len, cores)) + _STEP
    for form in second:
        for one in _READERS[language](form):
            regex = forms.bounded(f"(?:{'|'.join(cores)}){step}{_core(one)}", language)
            pieces = tuple(piece._replace(reach=piece.reach + back) for piece in one.pieces)
            yield Pattern(_name(language, first[0], form), regex, pieces)


def _name(language: str, first: str, second: str) -> str:
    """Two words as a reader would write them."""
    return f"{first}{second}" if language == "zh" else f"{forms.spelled(first)} {forms.spelled(second)}"


_READERS = {"en": forms.english, "ru": lambda form: forms.russian_stem(form, form), "zh": forms.chinese}


def _cores(language: str, form: str) -> tuple[str, ...]:
    """A word as an alternative; in Chinese one character will do, since the telling word stands by it."""
    if language == "zh":
        return (re.escape(forms.folded(form)),)
    return tuple(_core(pattern) for pattern in _READERS[language](form))


def _core(pattern: Pattern) -> str:
    return forms.unbounded(pattern.regex) or re.escape(pattern.pieces[0].text)
