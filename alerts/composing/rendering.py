"""A page of strings becomes HTML and plain text: `DigestPage` walks in, two documents walk out.

Nothing is loaded from anywhere but this package: no remote style, image, font or counter can come into a mail.
"""

from dataclasses import dataclass
from functools import cache

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateError

from alerts.composing.layout import fill
from alerts.composing.marking import Passage
from alerts.composing.page import DigestPage
from alerts.composing.phrases import Phrases
from alerts.errors import ComposeError


@dataclass(frozen=True, slots=True)
class Rendered:
    html: str
    text: str

    @property
    def size(self) -> int:
        """Bytes of both together, as UTF-8."""
        return len(self.html.encode()) + len(self.text.encode())


def render(page: DigestPage, phrases: Phrases) -> Rendered:
    """Raises ComposeError when a template fails."""
    try:
        html = _environment().get_template("digest.html.j2").render(page=page, say=phrases.say)
        text = _environment().get_template("digest.txt.j2").render(page=page, say=phrases.say)
        return Rendered(html=_inliner().inline(html), text=text.strip("\n") + "\n")
    except (TemplateError, css_inline.InlineError, KeyError, TypeError, ValueError) as why:
        raise ComposeError(f"The digest {page.name!r} could not be put into words: {why}") from why


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts.composing"),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["fill"] = fill
    environment.filters["starred"] = starred
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    # The dark colours are a media query, which cannot be inlined: their style element says `keep` and stays in the head.
    return css_inline.CSSInliner(load_remote_stylesheets=False)


def starred(passage: Passage) -> str:
    """A passage in plain text: marked words between asterisks."""
    return "".join(f"*{piece.text}*" if piece.marked else piece.text for piece in passage)
