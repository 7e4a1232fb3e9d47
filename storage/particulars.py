"""The numbers and names of a text, where they stand. A text walks in, spans walk out. Pure; only `storage` and tests import it.

Names are told by how they are written: capitals inside a sentence in English and Russian; in Chinese by a surname beside a title or
a verb of speech, by the characters that render foreign names, and by what places, ships and states are called. A name missed costs
a mark on a revision, never the revision; so does a word taken for one.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from storage.records import Particular
from storage.words import HAN, fold


@dataclass(frozen=True, slots=True)
class Spot:
    """A number or a name and where it stands: offsets into the text."""

    what: Particular
    start: int
    end: int


def spots(text: str, *, known: Collection[str] = ()) -> list[Spot]:
    """The numbers and names of `text`, in order and apart.

    `known` are names (folded) met elsewhere: they are names at the beginning of a sentence, too.
    """
    names = [Spot(Particular.NAME, start, end) for start, end in [*_han_names(text), *_capitals(text, known)]]
    numbers = [Spot(Particular.NUMBER, *number.span()) for number in _NUMBER.finditer(text)]
    # A number may stand in a name (“和平使命-2021”), no name in a number.
    return _apart([*names, *numbers])


def _apart(wanted: Sequence[Spot]) -> list[Spot]:
    """Those that overlap none before them in the list, in the order of the text."""
    taken = bytearray(max((spot.end for spot in wanted), default=0))
    kept = []
    for spot in wanted:
        if not any(taken[spot.start : spot.end]):
            taken[spot.start : spot.end] = b"\1" * (spot.end - spot.start)
            kept.append(spot)
    return sorted(kept, key=lambda spot: spot.start)


# ------------------------------------------------------------------ numbers

_COUNTS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|"
    "hundreds?|thousands?|millions?|billions?|dozens?|half|twice|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    "две|два|двух|двум|двумя|тр[её]х|три|тр[её]м|тремя|четыр[еьё]\\w*|пят[ьи]\\w{0,2}|шест[ьи]\\w{0,2}|сем[ьи]\\w{0,2}|вос[еь]м[ьи]\\w{0,2}|"
    "девят[ьи]\\w{0,2}|десят[ьи]\\w{0,2}|\\w{3,6}надцат[ьи]\\w{0,2}|двадцат[ьи]\\w{0,2}|тридцат[ьи]\\w{0,2}|сорока?|\\w{4,6}десят\\w{0,3}|"
    "девяност[оа]|ста?|двести|двухсот|триста|трехсот|четыреста|пятьсот|пятисот|тысяч\\w{0,3}|миллион\\w{0,3}|миллиард\\w{0,3}|"
    "десятк\\w{1,3}|сотн\\w{1,3}|дважды|трижды|втор(?:ой|ая|ое|ого|ую|ом)|треть(?:ий|я|е|его|ю|ем)|полтора|половин\\w"
)
_DAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march(?= \\d)|(?<=\\d )march|april|may(?= \\d)|(?<=\\d )may|june|july|"
    "august|september|october|november|december|yesterday|today|tomorrow|"
    "понедельник\\w?|вторник\\w?|сред[уы](?=[\\W_])|четверг\\w?|пятниц\\w|суббот\\w|воскресень\\w|январ\\w|феврал\\w|марта|апрел\\w|(?<=\\d )мая|июн\\w|июл\\w|"
    "август\\w?|сентябр\\w|октябр\\w|ноябр\\w|декабр\\w|вчера|сегодня|завтра"
)
_NUMBER = re.compile(
    rf"\d+(?:[.,:]\d+)*%?|(?<![\w-])(?:{_COUNTS}|{_DAYS})(?![\w])"
    # A lone 一 begins too many words (一起, 一些) to be a number; 十分 and 千万 are none either.
    r"|(?:星期|周)[一二三四五六日天]|[昨今明]天|(?!十分(?!之)|千方百计|万一|百姓|二者|两者)(?:[两二三四五六七八九十百千万亿〇]|一(?=[十百千万亿]))[一两二三四五六七八九十百千万亿〇]*",
    re.IGNORECASE,
)

# ------------------------------------------------------------------ capitals

_CAPITAL = re.compile(r"(?<![\w’'])[^\W\d_a-zа-яё][\w’'-]*")
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?…:;\n]|(?<=[.!?…])[\"'”’»)\]])[\s\"'“”‘’«»(\[—–-]*$")
#: Behind a word that begins a sentence they tell that it is somebody.
_SPEAKS = re.compile(
    r"\s+(?:said|says|told|added|stressed|noted|announced|stated|met|visited|arrived|declared|replied|and\s+[A-ZА-ЯЁ]"
    r"|сказал\w?|заявил\w?|сообщил\w?|отметил\w?|подчеркнул\w?|добавил\w?|прибыл\w?|встретил\w{0,4}|посетил\w?|рассказал\w?|и\s+[А-ЯЁ])\b"
)
#: Capitals that open a sentence without being part of a name.
_OPENER = re.compile(
    "the|a|an|this|that|these|those|it|its|he|she|they|we|his|her|their|our|on|in|at|by|for|"
    "from|with|to|of|and|but|or|as|if|when|while|after|before|both|all|some|many|no|not|there|"
    "here|during|according|earlier|later|meanwhile|however|also|в|на|по|с|со|из|за|к|ко|о|об|от|"
    "до|у|при|для|и|а|но|или|не|как|это|этот|эта|эти|он|она|они|его|ее|их|мы|наш|все|также|"
    "кроме|ранее|позже|после|перед|во|время|когда|если|между|под|над|однако"
)


def _capitals(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words. In a headline that capitalises every word only what is `known` counts."""
    words = [found.span() for found in _CAPITAL.finditer(text) if _may_name(found[0])]
    shouted = _is_headline(text)
    for first, last in _runs(text, words):
        start, end = first[0], last[1]
        opens = bool(_SENTENCE_BEGINS.search(text[max(0, start - 8) : start]))
        if opens and _OPENER.fullmatch(fold(text[slice(*first)]).text):
            start = next((word[0] for word in words if word[0] > first[0] and word[1] <= end), end)
            opens = False
        if start < end and _is_name(text, start, end, alone=first == last, opens=opens, shouted=shouted, known=known):
            yield start, end


def _runs(text: str, words: Sequence[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """First and last word of each run with nothing but spaces between, or an "of": Sea of Japan."""
    begin = 0
    for place in range(1, len(words) + 1):
        if (
            place == len(words)
            or text[words[place - 1][1] : words[place][0]].strip(" \u00a0") not in ("", "of")
            or place - begin >= 6
        ):
            yield words[begin], words[place - 1]
            begin = place


def _is_name(
    text: str, start: int, end: int, *, alone: bool, opens: bool, shouted: bool, known: Collection[str]
) -> bool:
    said = text[start:end]
    if len(said) < 2:
        return False
    if fold(said).text in known:
        return True
    if shouted:
        return False
    if not opens or (said.isupper() and len(said) <= 6):
        return True
    return not alone or bool(_SPEAKS.match(text, end))


def _is_headline(text: str) -> bool:
    """Whether most of the longer words are capitalised: their capitals then say nothing."""
    longer = re.findall(rf"(?<!\w)[^\W\d_{HAN}]\w{{3,}}", text)
    return len(longer) > 4 and sum(word[0].isupper() for word in longer) > 0.85 * len(longer)


def _may_name(word: str) -> bool:
    """Monday, Eight and 8th are numbers, however they are written; Han has no capitals."""
    return not re.match(f"[{HAN}]", word) and not _NUMBER.fullmatch(word)


# ------------------------------------------------------------------ Han

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
    "覃武戴莫孔向汤习苗凌华耿庄谷"
)
_TITLES = "部长|主席|总统|总理|首相|发言人|司令员?|政委|参谋长|上将|中将|少将|大将|元帅|大校|大使|将军|外长|防长|书记|主任|局长|舰长|秘书长|院长|记者|特使"
_ACTS = "说|表示|指出|强调|会见|会晤|出席|主持|抵达|访问|介绍|宣布|当选|就任|接任|率团|同日|称[，：]"
#: Characters that render foreign names; three or more side by side are one.
_SOUNDS = (
    "阿埃艾奥巴贝比别布查达代丹德迪杜多厄恩尔法费夫弗福盖戈格古哈赫霍基吉加杰卡凯科克库拉莱兰勒雷里利列林卢鲁罗洛马迈曼米莫姆穆纳内尼诺帕佩皮普奇齐切萨塞瑟沙什舍斯索苏塔泰特蒂铁图瓦维韦沃乌西希谢辛雅亚扬耶叶伊约泽扎佐"
    "绍卓娅莎娜梅夏京钦茨申顿逊涅符托"
)
#: What a name of a place or a ship may hold: none of the little words before it.
_OWN = f"(?![在于从赴抵和与的了向往驶至到本全军商两三艘艇各及对第该是])[{HAN}]"
_HAN_NAME = re.compile(
    rf"(?:{_TITLES})(?P<a>[{_SURNAMES}](?:[{HAN}](?![说称率同与和在])[{HAN}](?={_ACTS}|{_TITLES}|\W|$)|[{HAN}](?={_ACTS}|{_TITLES}|\W|$)|[{HAN}]{{2}}))"
    rf"|(?<![双各对地多官军警东西南北])(?P<b>[{_SURNAMES}][{HAN}]{{1,2}}?)(?={_ACTS}|{_TITLES})"
    rf"|(?<!抵)(?P<c>[{_SOUNDS}·]{{3,12}})"
    rf"|(?P<d>“[{HAN}\w-]{{1,10}}”|《[^《》]{{1,20}}》|(?:{_OWN}){{1,3}}(?:省|市|县|州|岛|湾|港|海峡|半岛|基地|机场))"
    rf"|(?:[在于从赴抵]|位于|抵达|前往)(?P<e>[{HAN}]{{2,3}}?)(?=附近|举行|召开|开幕|进行|会晤|会见|海域|空域|以[东南西北]|外海|近海|访问)"
    r"|(?P<f>日本海|中国|俄罗斯|俄方|中方|美国|美方|日本|日方|韩国|朝鲜|印度|巴基斯坦|蒙古国?|越南|伊朗|白俄罗斯|哈萨克斯坦|吉尔吉斯斯坦|塔吉克斯坦|乌兹别克斯坦"
    r"|乌克兰|土耳其|英国|法国|德国|澳大利亚|菲律宾|台湾|上合组织|上海合作组织|北约|欧盟|联合国|集安组织|东盟|东海|南海|黄海|渤海|太平洋|波罗的海)"
)


def _han_names(text: str) -> Iterator[tuple[int, int]]:
    for found in _HAN_NAME.finditer(text):
        if found.lastgroup:
            yield found.span(found.lastgroup)
