"""Does a decoded text read like text? Text walks in, a number from 0 to 1 walks out; pure. Only `decoding` calls it.

Wrong readings of legacy bytes are seldom invalid, they are unlikely: rare letters come often, common ones never. So each
script present is compared with the share its most frequent letters have in any ordinary text of it.
"""

import re
from itertools import islice

#: The most frequent letters of each script and the share of all its letters that they have at least in ordinary prose.
_CYRILLIC = frozenset("оеаинтсрвлОЕАИНТСРВЛ")
_HAN = frozenset(
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要出也得里后自以会家可下而过天去能对小多然于心学么之都好看"
    "起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长回位分因很给名法间知世什两次使身"
    "者被高已其进此话常与活正新闻报部军民政市济社公司业全工主关系外海东西北南月本京华网今体重加点员表合内交通车水文化化力战"
    "這個們來時為說國後會過對學麼還樣開總從無現動頭經長給間兩進與話發當種沒報軍關係東網車電聞點員體"
    "快讯记者国际联播视应急产机构导议专设计术达环连续领总统题选举台湾资"
    "快訊記者國際聯播視應產機構導議專設計術達環連續領統題選舉臺灣資"
    "見日会議時今回思書気分言"
)
_HANGUL = frozenset("이다는의에을가고한를은지하사기로도서인대어나시자리아그니게해정수들있전보부일과라원만주장제")

_USUAL_SHARE = {"cyrillic": 0.6, "han": 0.2, "hangul": 0.3}

#: Characters judged at most: a few hundred decide, the rest costs time only.
_ENOUGH = 3_000

_RUNS = re.compile(r"[^\x00-\x7f]+")
#: Signs, not letters: dashes, quotes, full-width forms. They say nothing for or against a reading.
_NEUTRAL = re.compile(
    r"[\xa0-\xbf\xd7\xf7\u2010-\u206f\u20a0-\u24ff\u25a1-\u2bff\u3000-\u3040\uff00-\uff60\u0300-\u036f\ufe0f]+"
)
#: What honest text does not hold: replaced bytes, controls, boxes, private use, half-width kana, non-characters.
_BROKEN = re.compile(r"[\ufffd\x80-\x9f\u2500-\u25a0\ue000-\uf8ff\uff61-\uffef\ufff0-\uffff\U000e0000-\U0010ffff]")
#: Accented Latin letters and signs one after the other, as in Ïðèâåò or Ð¿Ñ€: no language writes so.
_PILED_LATIN = re.compile(r"[\xa0-\u024f\u02c6\u02dc\u2010-\u2122]{3,}")

#: What no word has inside: a sign, as in КУ№СЎ§Т, or a capital after a small Cyrillic letter, as in оПЕГХДЕМР, пРЕЗИ.
_NO_WORD = re.compile(r"(?<=[^\W\d_])[\xa1-\xa9\xac\xae-\xb4\xb6\xb8-\xbf№](?=[^\W\d_])|(?<=[а-џ])[Ѐ-Я]")


def plausibility(text: str) -> float:
    """0 for certain garble, 1 for text like any other. Plain ASCII is entirely plausible."""
    runs = list(islice(_RUNS.findall(text), _ENOUGH))
    beyond = "".join(runs)[:_ENOUGH]
    if not beyond:
        return 1.0
    broken = len(_BROKEN.findall(beyond)) + sum(len(_NO_WORD.findall(run)) for run in runs)
    piled = sum(len(pile) for run in runs for pile in _PILED_LATIN.findall(run) if any(c.isalpha() for c in pile))
    letters = _NEUTRAL.sub("", _BROKEN.sub("", beyond))
    good = sum(_good_letters(letters))
    # Each broken character stands for two: it is a proof, where an unusual letter is a suspicion.
    return max(0.0, good - piled) / (len(letters) + 2 * broken) if letters or broken else 1.0


def _good_letters(letters: str) -> list[float]:
    """How many letters of each script may count as well read."""
    scripts: dict[str, list[int]] = {}
    for letter in letters:
        name, usual = _script(letter)
        count = scripts.setdefault(name, [0, 0])
        count[0] += 1
        count[1] += usual
    return [total * min(1.0, usual / total / _USUAL_SHARE.get(name, 1.0)) for name, (total, usual) in scripts.items()]


def _script(letter: str) -> tuple[str, bool]:
    """The script of a letter, and whether it is one of its most frequent letters."""
    if "\u0400" <= letter <= "\u052f":
        return "cyrillic", letter in _CYRILLIC
    if "\u4e00" <= letter <= "\u9fff":
        return "han", letter in _HAN
    if "\uac00" <= letter <= "\ud7a3":
        return "hangul", letter in _HANGUL
    if "\u3400" <= letter <= "\u4dbf" or letter >= "\U00020000":
        return "han", False
    return "other", True
