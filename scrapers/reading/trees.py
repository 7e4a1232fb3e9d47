"""Documents as trees, and trees as paragraphs. HTML text walks in, lxml elements and plain text walk out.

Pure. Only this room imports it. A page is parsed once; whoever needs to change the tree works on a copy. Nothing here
recurses, because outlets do nest elements a thousand deep.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree, html
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


#: Elements that never hold prose of the story. A form is not among them, some servers wrap the whole page in one; nor is
#: the head, which swallows what follows where a page forgets to close it.
SILENT = _tags(
    "aside audio button canvas embed figcaption footer iframe input map menu nav noscript object option script select "
    "style svg template textarea title video"
)
_BLOCKS = _tags(
    "address article aside blockquote body br center dd details dialog div dl dt fieldset figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr html li main ol p pre section summary table tbody td tfoot th thead title tr ul"
)

# Control characters, half characters and non-characters: none can stand in XML, in a database or in a mail.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SPACES = re.compile(r"\s+")
_MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")


def printable(text: str) -> str:
    """`text` without characters that no document should hold; each becomes a space."""
    return _UNPRINTABLE.sub(" ", text)


def squeeze(text: str) -> str:
    """One line: white space of any kind (also ideographic) as single spaces, invisible characters gone."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def tree_of(text: str) -> HtmlElement | None:
    """The document as a tree; None where there is nothing to make a tree of."""
    # Bytes on purpose: lxml refuses text that carries an XML declaration of its encoding. huge_tree lifts the limit of
    # depth from 256 to 2,048 elements; outlets that never close <font> come near the first.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return html.document_fromstring(printable(text).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


@lru_cache(maxsize=2_000)
def _selector(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


def select(tree: HtmlElement, css: str) -> list[HtmlElement]:
    """Elements in document order that answer a CSS selector. Raises cssselect.SelectorError for a wrong one."""
    found: list[HtmlElement] = _selector(css)(tree)
    return found


def outermost(elements: Collection[HtmlElement]) -> list[HtmlElement]:
    """`elements` without those that lie inside another of them, so that no text is read twice."""
    chosen = set(elements)
    return [element for element in elements if not any(parent in chosen for parent in element.iterancestors())]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph where it stands: block elements and line breaks part, inline elements do not."""

    text: str
    #: The innermost block element around its first words.
    owner: HtmlElement
    #: How much of `text` is the text of links, from 0 to 1.
    linked: float


def blocks(
    root: HtmlElement, *, skip: Collection[HtmlElement] = (), stop: HtmlElement | None = None, silent: bool = True
) -> list[Block]:
    """The paragraphs inside `root` in document order.

    Elements in `skip` are passed over whole, nothing is read from `stop` on, and `silent=False` also reads elements that
    hold no prose elsewhere.
    """
    found: list[Block] = []
    pieces: list[tuple[str, bool]] = []
    owner = root
    for piece, holder, is_link in _pieces(root, frozenset(skip), stop, SILENT if silent else frozenset()):
        if piece:
            owner = owner if pieces else holder
            pieces.append((piece, is_link))
        elif pieces:
            found.extend(_block(pieces, owner))
            pieces = []
    found.extend(_block(pieces, owner))
    return found


def _block(pieces: list[tuple[str, bool]], owner: HtmlElement) -> Iterator[Block]:
    if text := squeeze("".join(piece for piece, _ in pieces)):
        linked = len(squeeze("".join(piece for piece, is_link in pieces if is_link)))
        yield Block(text, owner, linked / len(text))


def _pieces(
    root: HtmlElement, skip: frozenset[HtmlElement], stop: HtmlElement | None, silent: frozenset[str]
) -> Iterator[tuple[str, HtmlElement, bool]]:
    """Pieces of text in document order, with the block element around each and whether a link holds it.

    An empty piece ends a paragraph. White space alone is no beginning of one.
    """
    holders = [root]
    links = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, node in walker:
        if node is stop:
            return
        is_block = node.tag in _BLOCKS
        if event == "start":
            is_hidden = node is not root and (node.tag in silent or node in skip)
            if is_block:
                yield "", node, False
                holders.append(node)
            links += node.tag == "a"
            if is_hidden:
                walker.skip_subtree()
            elif node.text and not (is_block and node.text.isspace()):
                yield node.text, holders[-1], links > 0
            continue
        links -= node.tag == "a"
        if is_block:
            yield "", node, False
            holders.pop()
        if node is not root and node.tail and not (is_block and node.tail.isspace()):
            yield node.tail, holders[-1], links > 0


def paragraphs(root: HtmlElement, *, silent: bool = True) -> list[str]:
    """The text inside `root`, one string per paragraph."""
    return [block.text for block in blocks(root, silent=silent)]


def text_of(element: HtmlElement) -> str:
    """All text inside `element` on one line."""
    return " ".join(paragraphs(element, silent=False))


def plain(fragment: str) -> str:
    """An HTML fragment, or text that only may be one, as plain text: paragraphs parted by newlines."""
    if not _MARKUP.search(fragment):
        return "\n".join(line for line in map(squeeze, printable(fragment).splitlines()) if line)
    tree = tree_of(f"<div>{fragment}</div>")
    return "" if tree is None else "\n".join(paragraphs(tree))
