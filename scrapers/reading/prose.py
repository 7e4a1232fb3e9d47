"""Find the story on a page whose layout we do not know. A tree and what the page says of itself walk in, paragraphs walk out.

Pure. Only this room imports it. Three readers keep each other honest: the publisher's own articleBody where there is one,
trafilatura, and the element that holds most of the page's prose. Each fails in its own way (a teaser instead of the text,
a list of headlines instead of a short story, a paragraph lost for its links), and the others show it.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy

import trafilatura
from lxml.html import HtmlElement

from scrapers.reading.metadata import Metadata
from scrapers.reading.trees import Block, blocks, squeeze

# It logs each page it cannot read as an error; for us that is an ordinary answer, told by an exception of our own.
for _library in ("trafilatura", "htmldate", "courlan", "justext"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)

#: An articleBody lighter than this is a teaser; a paragraph lighter than that is no proof of prose.
_BODY = 300
_PARAGRAPH = 50
#: No story has so many paragraphs or tables; comparing them all would take longer than the page is worth.
_UNWIELDY = 5_000
_UNWIELDY_TABLES = 300
_CROWDED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BETWEEN = re.compile(r"[\W_]+")
_HEADINGS = frozenset({"h2", "h3", "h4"})
_BLOCKS_IN_LINKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "li", "article", "section"})


def weight(text: str) -> int:
    """How much `text` says: its length, a character of Chinese, Japanese or Korean counting for three."""
    return len(text) + 2 * len(_CROWDED.findall(text))


def letters(text: str) -> str:
    """What must be equal for two spellings of one passage: letters and digits, case aside."""
    return _BETWEEN.sub("", text.casefold())


def find_prose(tree: HtmlElement, metadata: Metadata) -> list[str]:
    """The paragraphs of the story, headings among them; empty where nothing reads like one. `tree` is left as it was."""
    story = deepcopy(tree)
    _cut_teasers(story)
    _cut_other_articles(story)
    page = blocks(story)
    if len(page) > _UNWIELDY or sum(1 for _ in story.iter("table")) > _UNWIELDY_TABLES:
        return _once(_richest(page))
    lines = _by_trafilatura(story)
    if not _is_proper(lines, page):
        lines = _richest(page)
    said = metadata.said("articleBody")
    if weight(said) >= _BODY and not _is_teaser(said, lines):
        return _as_said(said, page)
    return _once(_completed(_repaired(lines, page), page))


def _once(lines: Sequence[str]) -> list[str]:
    """`lines` without paragraphs read before: some pages hold their text twice, for screens and for paper."""
    first = {line: place for place, line in reversed([*enumerate(lines)])}
    return [line for place, line in enumerate(lines) if weight(line) < _PARAGRAPH or first[line] == place]


# ------------------------------------------------------------------ what is not this story


def _cut_teasers(story: HtmlElement) -> None:
    """Links around whole paragraphs and headings lead to other stories."""
    everything = len(story.text_content())
    for link in list(story.iter("a")):
        holds_blocks = any(inner.tag in _BLOCKS_IN_LINKS for inner in link.iterdescendants())
        if holds_blocks and len(link.text_content()) < 0.3 * everything:
            link.drop_tree()


def _cut_other_articles(story: HtmlElement) -> None:
    """Where the headline stands in an article element with prose of its own, the other article elements are others'."""
    articles = list(story.iter("article"))
    ours = next((holder for headline in story.iter("h1") for holder in headline.iterancestors("article")), None)
    if ours is None or len(articles) < 2:
        return
    around = set(ours.iterancestors())
    others = [article for article in articles if article is not ours and article not in around]
    if sum(weight(block.text) for block in blocks(ours, skip=others) if _is_prose(block)) >= 4 * _PARAGRAPH:
        for article in others:
            if article.getparent() is not None:
                article.drop_tree()


# ------------------------------------------------------------------ three readers


def _by_trafilatura(story: HtmlElement) -> list[str]:
    try:
        text = trafilatura.extract(story, include_comments=False, favor_precision=True)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        # It was written for pages, and some documents are none; the other readers still have their say.
        text = None
    lines = (squeeze(line.strip(" |-")) for line in (text or "").splitlines())
    return [line for line in lines if line]


def _is_prose(block: Block) -> bool:
    return block.linked < 0.5 and weight(block.text) >= _PARAGRAPH


def _container(block: Block) -> HtmlElement:
    """The element whose paragraphs these are: around a <p>, or holding bare text itself."""
    parent = block.owner.getparent()
    return parent if block.owner.tag in ("p", "pre") and parent is not None else block.owner


def _is_proper(lines: Sequence[str], page: Sequence[Block]) -> bool:
    """Whether at least half of `lines` stands on the page as text of its own rather than as links."""
    linked = {letters(block.text) for block in page if block.linked >= 0.5}
    return sum(weight(line) for line in lines if letters(line) not in linked) >= 0.5 * sum(map(weight, lines)) > 0


def _richest(page: Sequence[Block]) -> list[str]:
    """The paragraphs of the element with most prose, from the first that reads like prose to the last."""
    prose = Counter[HtmlElement]()
    for block in page:
        if _is_prose(block):
            prose[_container(block)] += weight(block.text)
    if not prose:
        return []
    richest = prose.most_common(1)[0][0]
    inside = [block for block in page if block.owner is richest or richest in block.owner.iterancestors()]
    places = [place for place, block in enumerate(inside) if _is_prose(block)]
    return [block.text for block in inside[places[0] : places[-1] + 1] if block.linked < 0.5]


def _is_teaser(said: str, lines: Sequence[str]) -> bool:
    """Whether the page holds what the articleBody says and much more."""
    whole = letters(said)
    parts = [letters(line) for line in lines]
    shared = sum(len(part) for part in parts if part in whole)
    return len(whole) < 0.7 * sum(map(len, parts)) and shared >= 0.6 * len(whole)


def _as_said(said: str, page: Sequence[Block]) -> list[str]:
    """The articleBody in the paragraphs the page breaks it into; subheadings the body leaves out are put back."""
    whole, places = _indexed(said)
    lines: list[str] = []
    headings: list[str] = []
    holder: HtmlElement | None = None
    read = 0
    for block in page:
        part = letters(block.text)
        at = whole.find(part, read) if len(part) > 1 else -1
        # A short line may turn up anywhere by accident; it counts only where the reading has got to.
        if at < 0 or (len(part) < 40 and at - read > 200):
            if block.owner.tag in _HEADINGS and _container(block).getparent() is holder:
                headings.append(block.text)
            continue
        if at - read >= 25:
            lines.append(squeeze(said[places[read] : places[at]]))
        elif _container(block) is holder:
            lines.extend(headings)
        headings = []
        holder = _container(block)
        lines.append(block.text)
        read = at + len(part)
    if len(whole) - read >= 25:
        lines.append(squeeze(said[places[read] :]))
    return lines


def _indexed(text: str) -> tuple[str, list[int]]:
    """`letters(text)`, and where in `text` each of them stood."""
    found = [(letter, place) for place, character in enumerate(text) for letter in letters(character)]
    return "".join(letter for letter, _ in found), [place for _, place in found]


# ------------------------------------------------------------------ what was lost on the way

#: As many letters in common at the beginning or the end make two lines the same paragraph.
_SAME = 30


def _repaired(lines: Sequence[str], page: Sequence[Block]) -> list[str]:
    """`lines` with the words put back that were lost inside them (trafilatura drops some links with their text)."""
    whole = {letters(block.text): block.text for block in page if block.linked < 0.5}
    begun = {key[:_SAME]: key for key in whole if len(key) > _SAME}
    ended = {key[-_SAME:]: key for key in whole if len(key) > _SAME}
    repaired: list[str] = []
    for line in lines:
        key = letters(line)
        full = begun.get(key[:_SAME]) or ended.get(key[-_SAME:]) or ""
        repaired.append(whole[full] if len(key) < len(full) < 3 * len(key) else line)
    return repaired


def _completed(lines: Sequence[str], page: Sequence[Block]) -> list[str]:
    """`lines` with the paragraphs put back that stand among them on the page and look like them."""
    keys = [letters(line) for line in lines]
    chosen = "\n".join(keys)
    parts = [letters(block.text) for block in page]
    is_chosen = [len(part) >= 25 and part in chosen for part in parts]
    lost: dict[int, list[str]] = {}
    line = -1
    for place in _belonging(page, is_chosen):
        if is_chosen[place]:
            line = next((number for number, key in enumerate(keys) if parts[place] in key), line)
        elif line >= 0 and parts[place] not in chosen:
            lost.setdefault(line, []).append(page[place].text)
    return [text for place, line in enumerate(lines) for text in (line, *lost.get(place, ()))]


def _belonging(page: Sequence[Block], is_chosen: Sequence[bool]) -> Iterator[int]:
    """The places of the chosen blocks and of those that look like them in the same element, up to just behind the last."""
    ours = [block for block, yes in zip(page, is_chosen, strict=True) if yes]
    holders = Counter[HtmlElement]()
    for block in ours:
        holders[_container(block)] += len(block.text)
    if not holders or max(holders.values()) < 0.6 * sum(holders.values()):
        return
    holder = holders.most_common(1)[0][0]
    looks = {_look(block) for block in ours}
    last = max(place for place, block in enumerate(page) if is_chosen[place] and _container(block) is holder)
    for place, block in enumerate(page[: last + 4]):
        if place > last and block.owner.tag in (*_HEADINGS, "h1"):
            return
        if is_chosen[place] or (_container(block) is holder and _look(block) in looks and _is_prose(block)):
            yield place


def _look(block: Block) -> tuple[str, str]:
    return block.owner.tag, block.owner.get("class") or ""
