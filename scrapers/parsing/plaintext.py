"""HTML fragments as plain text. Markup walks in, one line of text walks out; pure. Parsing and reading call it."""

import html
import re

import lxml.html
from lxml import etree

#: Elements a reader sees as a break; the text on their two sides is not one word.
_BREAKING = re.compile(
    "address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre|section"
    "|table|tbody|td|tfoot|th|thead|tr|ul"
)
_UNSEEN = frozenset(("script", "style", "template", "noscript"))
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")

_REFERENCE = re.compile(r"&#([xX][0-9a-fA-F]+|[0-9]+);")


def plain(markup: str) -> str:
    """The text of an HTML fragment, entities decoded, white space tidied to single spaces.

    Text that has no tags is left as it is, but for entities: "a < b" stays whole.
    """
    markup = without_controls(markup)
    if _TAG.search(markup):
        markup = _text(markup)
    elif "&" in markup:
        markup = html.unescape(markup)
    return " ".join(markup.split())


def without_controls(text: str) -> str:
    """`text` without the characters no XML document may hold, and without references to them.

    https://www.w3.org/TR/xml/#charsets
    """
    return _REFERENCE.sub(_possible, _CONTROL.sub("", text))


def _possible(found: re.Match[str]) -> str:
    if len(found[1]) > 9:
        return ""
    number = int(found[1][1:], 16) if found[1][0] in "xX" else int(found[1])
    return found[0] if number <= 0x10FFFF and not _CONTROL.match(chr(number)) else ""


def _text(markup: str) -> str:
    # Whole pages come this way too; inside an element of ours, no markup is an empty document.
    root = lxml.html.document_fromstring(f"<div>{markup}</div>")
    for element in list(root.iter(etree.Element)):
        if element.tag in _UNSEEN:
            element.text, element[:] = None, []  # what follows it is read
        elif _BREAKING.fullmatch(element.tag) and element is not root:
            element.text = f" {element.text or ''}"
            element.tail = f" {element.tail or ''}"
    return str(root.text_content())
