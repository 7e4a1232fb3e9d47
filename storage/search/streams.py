"""How text and queries stand in the index: streams of tokens, cut by `storage.words` for both. Pure.

`exact` holds words as spelled, Han as overlapping pairs. The last character of a run of Han closes it alone, so that 联合。军演
does not hold 合军, and any string of Han is found as neighbouring pairs without reading the long lists of single characters.
`stems` holds what words are compared by; of a run of Han its first character alone, which what stands before it may need as
its neighbour (2025年). `han` holds every character of Han, in no order: only single ones are looked for there. So the places
of Han, half of what an index of Chinese would weigh, are written down once.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from storage.search.tree import Prefix, Term, Words
from storage.words import is_han_character, runs, stem

#: Longer words are noise; they are found by their beginning.
LONGEST_TOKEN = 64
#: How many of its first words are a text's lead.
LEAD_TOKENS = 80
#: Stands where no phrase may reach across, and is no word.
GAP = "¶"
#: What is less is no Han: quicker to ask.
_FIRST_HAN = "\u2e80"


@dataclass(frozen=True, slots=True)
class Streams:
    """A text as the index holds it."""

    stems: list[str]
    exact: list[str]
    han: list[str]

    @property
    def lead(self) -> list[str]:
        """What the first words are weighed by, and only looked up one by one: stems, and pairs of Han."""
        first = self.exact[:LEAD_TOKENS]
        return [token if is_han_character(token[0]) else stem(token) for token in first]

    @property
    def told_by(self) -> list[tuple[str, str]]:
        """(stream, token) of what an article can be known by: pairs of Han, and the stems of all other words."""
        pairs = [("exact", token) for token in self.exact if len(token) == 2 and is_han_character(token[0])]
        return [*pairs, *(("stems", token) for token in self.stems if token != GAP and not is_han_character(token[0]))]


def streams(text: str) -> Streams:
    """The tokens of `text`, in order."""
    cut = runs(text)
    if max(cut, default="") < _FIRST_HAN:  # the quick way of most texts
        surfaces = [run[:LONGEST_TOKEN] for run in cut]
        return Streams(list(map(stem, surfaces)), surfaces, [])
    stems: list[str] = []
    exact: list[str] = []
    han: list[str] = []
    for run in cut:
        if run[0] >= _FIRST_HAN and is_han_character(run[0]):
            stems.append(run[0])
            if len(run) > 1:
                stems.append(GAP)
            exact.extend(map(str.__add__, run, run[1:]))
            exact.append(run[-1])
            han.extend(run)
        else:
            surface = run[:LONGEST_TOKEN]
            stems.append(stem(surface))
            exact.append(surface)
    return Streams(stems, exact, han)


@dataclass(frozen=True, slots=True)
class Needle:
    """Tokens to be found side by side in one of the streams."""

    #: "stems" or "exact".
    stream: str
    tokens: tuple[str, ...]
    #: The last token may be the beginning of a longer one.
    open_ended: bool = False


@lru_cache(maxsize=1024)
def needles(term: Term) -> tuple[Needle, ...]:
    """What a term looks for: any one of these will do. None when it holds no word."""
    cut = [run if is_han_character(run[0]) else run[:LONGEST_TOKEN] for run in runs(term.text)]
    if not cut:
        return ()
    ends_in_han = is_han_character(cut[-1][0])
    if isinstance(term, Words) and not any(is_han_character(run[0]) for run in cut):
        return tuple(Needle("stems", tuple(map(stem, tokens))) for tokens in _written(cut))
    if not ends_in_han and (isinstance(term, Prefix) or term.text.rstrip().endswith("*")):
        return tuple(Needle("exact", tokens, open_ended=True) for tokens in _spellings(cut))
    if ends_in_han and len(cut[-1]) == 1 and _begins_a_run(cut):  # no pair to look for: 2025年
        return (Needle("stems", tuple(run if is_han_character(run) else stem(run) for run in cut)),)
    if ends_in_han and len(cut[-1]) == 1:
        return tuple(Needle("exact", tokens, open_ended=True) for tokens in _spellings(cut))
    return tuple(Needle("exact", tokens) for tokens in _spellings(cut))


def _begins_a_run(cut: list[str]) -> bool:
    """Whether every Han among these runs is a single one that begins its run in any text that holds them: what precedes it is
    no Han, and nothing need precede the only one."""
    han = [is_han_character(run[0]) for run in cut]
    singles = all(len(run) == 1 and not before for one, run, before in zip(han[1:], cut[1:], han, strict=False) if one)
    return singles and (len(cut) == 1 or not han[0])


#: Written apart, with a hyphen or as one word, as the writer likes: anti-terrorism, antiterrorism.
_LOOSE = ("anti", "counter")


def _written(cut: list[str]) -> list[list[str]]:
    """The word as it stands, and as others join or part it."""
    if len(cut) == 2 and cut[0] in _LOOSE:
        return [cut, ["".join(cut)]]
    for loose in _LOOSE:
        if len(cut) == 1 and cut[0].startswith(loose) and len(cut[0]) > len(loose) + 3:
            return [cut, [loose, cut[0][len(loose) :]]]
    return [cut]


def _spellings(cut: list[str]) -> list[tuple[str, ...]]:
    """Exact tokens of these runs: as written, and with runs of Han joined where a space or sign divides them."""
    joined: list[str] = []
    for run in cut:
        if joined and is_han_character(run[0]) and is_han_character(joined[-1][0]):
            joined[-1] += run
        else:
            joined.append(run)
    return [_exact(cut)] if joined == cut else [_exact(cut), _exact(joined)]


def _exact(cut: list[str]) -> tuple[str, ...]:
    tokens: list[str] = []
    for run in cut:
        if is_han_character(run[0]):
            tokens += [a + b for a, b in pairwise(run)]
            tokens.append(run[-1])
        else:
            tokens.append(run)
    # What follows the last character of the query is not known, so nothing closes it.
    return tuple(tokens[:-1] if len(cut[-1]) > 1 and is_han_character(cut[-1][0]) else tokens)
