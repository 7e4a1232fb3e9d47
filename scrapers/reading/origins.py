"""Whom was it taken from? A page's own words, its address and its dateline walk in, the name of a publisher walks out.

Pure. Only this room imports it. An origin is named only where it is somebody else: own copy has none.
"""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from scrapers.reading.layouts import first
from scrapers.reading.metadata import Metadata
from scrapers.reading.prose import letters
from scrapers.reading.trees import squeeze
from storage.records import Layout, Outlet

#: Agencies and papers that others reprint: how they are named in print, in addresses and in the keys of our outlets.
_PUBLISHERS: tuple[tuple[str, str], ...] = (
    ("Xinhua", r"xinhua\w*|新华(?:社|网|每日电讯)?|синьхуа|news\.cn"),
    ("Global Times", r"global-?\s?times|globaltimes|环球时报|huanqiu|环球网"),
    ("People's Daily", r"people'?s-?\s?daily|peoples-?daily|人民(?:日报|网)|жэньминь жибао|people-?cn"),
    ("China Daily", r"china-?\s?daily\w*|中国日报网?"),
    ("China News Service", r"china-?\s?news-?\s?(?:service)?|ecns|中新(?:社|网)|中国新闻(?:社|网)"),
    ("CCTV", r"cctv\w*|cgtn|央视(?:新闻|网|军事)?|中央广播电视总台\w*"),
    ("PLA Daily", r"pla-?\s?daily|jiefangjun|解放军报|中国军网|china-?\s?military-?\s?online|chinamil|81\.?cn"),
    ("Chinese Ministry of National Defense", r"prc-?mnd|china-?mnd|国防部(?:网|发布)?|中华人民共和国国防部"),
    ("Chinese Ministry of Foreign Affairs", r"prc-?(?:mfa|mofa)|china-?mfa|外交部(?:网站)?"),
    ("TASS", r"itar-?tass|tass(?:-\w+)?|тасс|塔斯社"),
    ("RIA Novosti", r"ria(?:-?\s?novosti)?|риа(?: новости)?|俄新社"),
    ("Sputnik", r"sputnik\w*(?:-\w+)?|спутник|卫星通讯社|俄罗斯卫星通讯社"),
    ("Interfax", r"interfax(?:-\w+)?|интерфакс(?:-\w+)?"),
    ("RT", r"rt(?:-en|-ru)?"),
    ("Yonhap", r"yonhap(?:-\w+)?|연합뉴스|韩联社"),
    ("Kyodo", r"kyodo|共同社|共同通信"),
    ("Reuters", r"reuters|路透社|рейтер"),
    ("AFP", r"afp|agence france-presse|法新社"),
    ("AP", r"ap|associated press|the associated press|美联社"),
    ("IRNA", r"irna(?:-\w+)?|伊通社"),
    ("Press TV", r"press-?\s?tv"),
    ("BelTA", r"belta(?:-\w+)?|белта"),
    ("Voice of America", r"voa|voice of america|美国之音"),
    ("RFE/RL", r"rferl|rfe/rl|radio free europe/radio liberty"),
)
_KNOWN = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _PUBLISHERS)

#: A line that says it: "Source: Xinhua", "来源：新华社". The name ends at a bracket, a bar, a date or the editor.
_SAID = re.compile(
    r"(?:^|[\s(（【\[|])(?:source|sources|origin|источник|来\s?源|稿源|文章来源|新闻来源)\s?[:：]\s*"
    r"([^|()（）\[\]【】;；,，]{2,60}?)(?=\s*(?:[|()（）\[\]【】;；,，]|\d{4}|editor|编辑|责|作者|$))",
    re.IGNORECASE,
)
#: A dateline: "BEIJING, July 29 (Xinhua) --", "MOSCOW, March 8. /TASS/.", "新华社北京7月29日电", "МОСКВА, 8 мар - РИА Новости."
_DATELINES = (
    re.compile(r"^.{0,60}?[(（/]\s*([A-Za-zА-Яа-яЁё][A-Za-zА-Яа-яЁё/ -]{1,24})\s*[)）/]"),
    re.compile(r"^.{0,12}?((?:新华|中新|塔斯)社|俄新社|人民网|环球时报|央视新闻)[^。]{0,24}(?:电|讯|消息|报道)"),
    re.compile(r"^[^.]{3,50}?[-–—]\s*((?:РИА Новости|Интерфакс(?:-[А-Я]\w+)?|ТАСС))[.,]"),
)
_SOURCE_METAS = ("source", "article:source", "contentsource", "mediaid", "og:article:source", "copyright-source")


def origin_of(
    tree: HtmlElement,
    metadata: Metadata,
    layouts: Sequence[Layout],
    *,
    outlet: Outlet | None,
    url: str,
    lines: Sequence[str],
) -> str:
    """Whom the text was taken from, as the page names it; empty for the outlet's own copy."""
    said = [
        _in_address(outlet, url),
        *(_named(text) for layout in layouts if (text := first(tree, layout.origin))),
        *(_named(content) for content in (metadata.first(name) for name in _SOURCE_METAS) if content),
        *(_credited(text) for layout in layouts if (text := first(tree, (*layout.byline, *layout.published)))),
        *(_stated(line) for line in (*lines[:3], *lines[-3:])),
        _dateline(lines),
    ]
    return next((name for name in said if name and not _is_own(name, outlet)), "")


def origin_in(lines: Sequence[str], *, outlet: Outlet | None, url: str) -> str:
    """The same where there is no page: from the text and the address alone."""
    said = [_in_address(outlet, url), *(_stated(line) for line in (*lines[:3], *lines[-3:])), _dateline(lines)]
    return next((name for name in said if name and not _is_own(name, outlet)), "")


def _in_address(outlet: Outlet | None, url: str) -> str:
    """The publisher a copy's address names: china-260729-globaltimes05.htm."""
    pattern = outlet.reprint_url_pattern if outlet else ""
    found = re.search(pattern, url) if pattern else None
    if found is None or "origin" not in found.groupdict():
        return ""
    slug = (found["origin"] or "").strip("-")
    return publisher(slug) or slug


def _credited(text: str) -> str:
    """A publisher we know in a line of several things: "2026-07-29 10:02:11 Xinhua Editor: Li Yan"."""
    pieces = re.split(r"[|·•]|\d[\d:./ -]*|\beditors?\s?:", text, flags=re.IGNORECASE)
    return next((squeeze(piece) for piece in pieces if publisher(piece.strip(" ,;:()"))), "")


def _stated(line: str) -> str:
    found = _SAID.search(line) if len(line) <= 400 else None
    return _named(found[1]) if found else ""


def _named(text: str) -> str:
    """What stands after "Source:" or in the middle of "By NAME | SOURCE | Updated: ..."; long sentences are no names."""
    stated = _SAID.search(text)
    if not stated and "|" in text:
        text = next(
            (part for part in text.split("|") if part.strip() and not re.search(r"\d|^\s*by\s", part, re.I)), ""
        )
    name = squeeze(
        re.sub(r"^\W*(?:source|来\s?源|источник)\s?[:：]\s*", "", stated[1] if stated else text, flags=re.IGNORECASE)
    )
    name = name.strip(" -–—|:：()（）[]【】\"'")
    return "" if len(name) > 60 or "://" in name or not re.search(r"[^\W\d_]", name) else name


def _dateline(lines: Sequence[str]) -> str:
    opening = lines[0][:160] if lines else ""
    for pattern in _DATELINES:
        if (found := pattern.search(opening)) and publisher(found[1]):
            return squeeze(found[1])
    return ""


def publisher(name: str) -> str:
    """The usual name of a publisher we know under many; empty for the rest."""
    return next((usual for usual, pattern in _KNOWN if pattern.fullmatch(name.strip())), "")


def _is_own(name: str, outlet: Outlet | None) -> bool:
    """Whether `name` is one of the outlet's: spelled like it, or the same publisher under another spelling."""
    if outlet is None:
        return False
    parts = outlet.key.split("-")
    keys = ("-".join(parts[:length]) for length in range(1, len(parts) + 1))
    spellings = (outlet.name, outlet.name.split("(", 1)[0].strip(), *keys, *outlet.hosts)
    if letters(name) in {letters(spelling) for spelling in spellings}:
        return True
    # "人民网-文化频道 原创稿" is still that outlet.
    whose = publisher(name) or publisher(re.split(r"[-–—·(（\s]", name, maxsplit=1)[0])
    return bool(whose) and whose in {publisher(spelling) for spelling in spellings}
