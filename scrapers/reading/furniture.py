"""Cut what surrounds a story in its own text: invitations, credits, editors' names, mail addresses. Lines walk in and out; pure.

Only this room imports it. What outlets are known to append stands in their files (`Outlet.tails`); here is what all do.
"""

import re
from collections.abc import Collection, Sequence

from scrapers.reading.prose import letters, weight

#: A line that begins like this and is no longer than a sentence is an invitation or a credit, wherever it stands.
_INVITATION = re.compile(
    r"""[\W_]*(?:
    advertisement\b|ad\sfeedback|continue\sreading\b|read\s(?:more|next|also)\b|also\sread\b|see\salso\b|also\son\s[\w.]+\.\w{2,}\b
    |related\s?(?:news|stories|story|articles?|coverage|content|topics)?\s?:|(?:more|latest)\s(?:stories|news|headlines|on\sthis)\b
    |recommended\b\W*$|most\s(?:read|popular|viewed)\b|watch\s?(?:now|video|below|the\svideo)?\s?:|listen\s?:|photos?\s?:|image\s?:
    |like\sthis\s(?:story|article)|share\s(?:this\s(?:story|article|post|page)|on|via)\b|sign\sup\b|sign\sin\b|log\sin\b|subscribe\b|click\shere\sto\s(?:subscribe|sign|join|read|follow)\b
    |follow\s(?:us|him|her|them|@|\w+(?:\s\w+)?\son)\b|join\s(?:us|our)\s.{0,40}(?:telegram|whatsapp|facebook|channel)
    |get\s(?:the|our|all\sthe)\s.{0,60}(?:inbox|newsletters?|updates)\b|download\s(?:the|our)\b.{0,40}\bapp|install\s.{0,40}\bapp\b
    |have\sa\s(?:news\s)?tip\b|catch\sall\sthe\b|stay\son\stop\sof\b|to\scontact\sthe\sreporter|contact\sus\b|your\sbrowser\b
    |(?:copyright|\(c\)|©)\s|all\srights\sreserved|.{0,60}\bcontributed\sto\sthis\s(?:report|story|article)\.?$
    |please\senable\sjavascript|video\s?player\s?close|loading\.\.\.|tags?\s?:|top\sstories$|editor's\schoice$
    |читайте\s(?:также|нас|ещ[её])|подпис(?:ывайтесь|аться|ка)\b|фото\s?:|видео\s?:|(?:ещ[её]\s)?по\sтеме\s?:?$|реклама$|поделиться\b|теги\s?:
    |相关(?:阅读|新闻|链接|报道)|延伸阅读|推荐(?:阅读|新闻)|更多(?:猛料|精彩|新闻)|扫描?.{0,6}二维码|扫一扫|点击(?:进入|查看|下载)|分享[到让]|特别声明|免责声明
    |版权(?:声明|所有)|本文原?标题|原标题|网友评论|加载更多|打开.{0,8}(?:APP|客户端)
    |関連(?:記事|ニュース)|続きを読む|シェア$|ツイート$|무단\s?전재|\[?\(?저작권자|ⓒ
    |lesen\ssie\sauch|lire\saussi|à\slire\saussi|leer\stambién|lee\stambién|leia\stambém|leggi\sanche|lees\sook
    )""",
    re.IGNORECASE | re.VERBOSE,
)

#: A line that begins like this closes the text wherever it stands near its end: who edited, who owns, how to write to us.
_CLOSING = re.compile(
    r"""[\W_]*(?:
    (?:web\s|responsible\s)?editors?\s?:|【?纠错】?|【?我要纠错】?|责任?编辑?\s?[:：]|【?\s*责任编辑|责编\s?[:：]|编辑\s?[:：|]|监制\s?[:：]|作者\s?[:：]|来源\s?[:：]
    |the\spost\s.{1,160}\sappeared\sfirst\son\s
    |违法和不良信息举报|举报(?:邮箱|电话)
    |\(?(?:end|ends|конец)\)?$|-0(?:-0)+-?$|\#{2,}$|readers\scorner|(?:\(yonhap\)\s*)?\(end\)
    |[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\W*$|newspaper\sheadline\s?:
    )""",
    re.IGNORECASE | re.VERBOSE,
)

#: The same at the end of a paragraph: "...on Monday. (END)", "... (Web editor: Zhang, Li)".
_TRAILING = re.compile(
    r"""(?:
    \s*[(\[（【]\s*(?:web\s)?(?:editors?|责任?编辑?|编辑|责编|纠错)\s?(?:[:：][^()\[\]（）【】]{0,60})?[)\]）】]
    |\s*\(end\)|\s*-0(?:-0)+-?|(?<=[.!?…。！？"”’)\]])\s*[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
#: Looked for in so many last characters.
_END = 200
#: What is heavier than this is a paragraph, whatever it begins with.
_LONGEST = 240
_BRACKETS = " \t([{（【〔［《<*-–—|•·>"
_STAMP = re.compile(r"[\W_]*\d{10,}[\W_]*$")


def without_furniture(
    lines: Sequence[str], *, titles: Collection[str] = (), tails: Collection[str] = (), signatures: Collection[str] = ()
) -> list[str]:
    """`lines` without what is not the story's.

    `titles` are cut from the beginning, `tails` (the outlet's own) end the text, `signatures` are names that may stand
    alone at its end. All are compared without case, the last two at the beginning of a line.
    """
    kept = _without_titles(list(lines), titles)
    kept = _without_tails(kept, tails)
    kept = [line for line in kept if weight(line) > _LONGEST or not _INVITATION.match(line)]
    return _without_closing(kept, {letters(name) for name in signatures if name})


def _without_titles(lines: list[str], titles: Collection[str]) -> list[str]:
    known = {letters(title) for title in titles if title}
    while lines and (letters(lines[0]) in known or not letters(lines[0])):
        lines = lines[1:]
    return lines


def _without_tails(lines: list[str], tails: Collection[str]) -> list[str]:
    """A line that begins with a tail ends the text where most of it has been; before that, it only leaves itself."""
    wanted = [_opening(tail) for tail in tails if _opening(tail)]
    total = sum(map(weight, lines))
    kept: list[str] = []
    for line in lines:
        if any(_opening(line).startswith(tail) for tail in wanted):
            if sum(map(weight, kept)) >= 0.5 * total:
                break
            if weight(line) <= _LONGEST:
                continue
        kept.append(line)
    if kept:
        kept[-1] = _without_tail(kept[-1], tails)
    return [line for line in kept if line]


def _without_tail(line: str, tails: Collection[str]) -> str:
    """A tail in the second half of the last paragraph takes the rest of it along."""
    places = [line.casefold().rfind(tail.casefold()) for tail in tails if tail]
    cuts = [place for place in places if place >= max(1, len(line) // 2)]
    return line[: min(cuts)].rstrip(_BRACKETS) if cuts else line


def _opening(text: str) -> str:
    return text.strip(_BRACKETS).casefold()


def _without_closing(lines: list[str], signatures: Collection[str]) -> list[str]:
    while lines:
        last = lines[-1]
        is_short = weight(last) <= 200
        if is_short and (
            _CLOSING.match(last) or _STAMP.match(last) or letters(last) in signatures or not letters(last)
        ):
            lines = lines[:-1]
        elif found := _TRAILING.search(last, max(0, len(last) - _END)):
            lines = [*lines[:-1], last[: found.start()]] if last[: found.start()].strip() else lines[:-1]
        else:
            break
    return lines
