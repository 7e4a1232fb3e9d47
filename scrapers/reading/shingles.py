"""What words a text is made of, side by side: text walks in, a sketch of its shingles walks out. Pure; only this room calls it.

A shingle is four neighbouring words, or six neighbouring Han characters. A sketch is the smallest hashes of all shingles
(bottom-k MinHash: A. Broder, "On the resemblance and containment of documents", 1997): two sketches tell how much of one text
stands in the other, whatever the length of the rest.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

from storage.words import is_han_character, runs, stem

#: Shingles in words and in Han characters: about the same length of speech.
WORDS, CHARACTERS = 4, 6
#: Hashes kept of a text; so many of them tell shares of a half to within a tenth.
SKETCH = 96
#: Characters of a text that are looked at: some thirty pages.
LONGEST = 60_000

_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15


@lru_cache(maxsize=200_000)
def hash_of(word: str) -> int:
    """64 bits, the same in every process and for ever."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def mixed(*numbers: int) -> int:
    """64 bits that depend on all of `numbers` and their order."""
    state = 0
    for number in numbers:
        state = (state + number + _STEP) & _MASK
        state = ((state ^ (state >> 31)) * 0xBF58476D1CE4E5B9) & _MASK
        state ^= state >> 29
    return state


def pieces(text: str) -> list[str]:
    """The words of `text` as shingles hold them: stems, and single Han characters."""
    found: list[str] = []
    for run in runs(text[:LONGEST]):
        if is_han_character(run[0]):
            found.extend(run)
        else:
            found.append(stem(run))
    return found


def shingles(words: Sequence[str]) -> set[int]:
    """Hashes of the shingles of a text cut by `pieces`."""
    return set(_rolled([hash_of(word) for word in words], CHARACTERS if _mostly_han(words) else WORDS))


def _mostly_han(words: Sequence[str]) -> bool:
    glance = words[:200]
    return 2 * sum(1 for word in glance if is_han_character(word[0])) > len(glance)


def _rolled(hashes: Sequence[int], size: int) -> Iterator[int]:
    """One number per window of `size` hashes, each from the one before: the cost does not grow with the window."""
    first = pow(_STEP, size, 1 << 64)
    state = 0
    for position, number in enumerate(hashes):
        state = (state * _STEP + number) & _MASK
        if position >= size:
            state = (state - hashes[position - size] * first) & _MASK
        if position >= size - 1:
            # The sum alone keeps the order of its last word: stirred, so that the smallest are a fair sample.
            stirred = ((state ^ (state >> 32)) * 0xD6E8FEB86659FD93) & _MASK
            yield stirred ^ (stirred >> 32)


def shared(one: Sequence[int], one_whole: bool, other: Sequence[int], other_whole: bool) -> tuple[int, int, int]:
    """How many hashes two sketches share, and how many of each could have been shared.

    Only hashes below the largest that both sketches reach are compared: up to there each is complete. `whole` says that
    the text had no more shingles than the sketch holds.
    """
    if not one or not other:
        return 0, 0, 0
    reach = min([sketch[-1] for sketch, whole in ((one, one_whole), (other, other_whole)) if not whole], default=None)
    here = {number for number in one if reach is None or number <= reach}
    there = {number for number in other if reach is None or number <= reach}
    return len(here & there), len(here), len(there)
