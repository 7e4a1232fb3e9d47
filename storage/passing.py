"""What comes and goes on a page without its story changing: clocks of the last update, counters, credits, bylines, invitations.

A text walks in, the stretches of it that count for nothing walk out. Pure; only `storage` and tests import this module. The
reader of pages cuts most of it before; what it leaves, or an import brings, must not pass for an edit of the outlet's.
"""

import re

#: A longer line is a paragraph, whatever it begins with.
LONGEST = 160

_WORDS = (
    r"am|pm|gmt|utc|msk|мск|bst|cst|e[sd]t|at|on|года?|г|в|"
    r"jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|"
    r"sat\w*|sun\w*|январ\w|феврал\w|марта?|апрел\w|ма[йя]|июн\w|июл\w|августа?|сентябр\w|октябр\w|ноябр\w|декабр\w|"
    r"minutes?|hours?|ago|минут\w?|час\w*|назад|today|сегодня"
)
#: Nothing but a moment: digits, months, zones. Possessive: a line of months that goes on otherwise is given up at once.
_MOMENT = rf"(?:[\d\s.,:/年月日时時分秒\-–—+]|(?<=\d)[TZ]|(?:{_WORDS})\b|今天|昨天|分钟前|小时前|刚刚)++"

_WHOLE_LINE = re.compile(
    rf"""[\s\W]*(?:
    # the clock of the last change, or of the first
    (?:last\s)?(?:updated?|modified|published|posted|edited|upd)\b\s*(?:at|on)?\s*[:：]?\s*{_MOMENT}
    |(?:обновлен[оа]?|опубликован[оа]?|изменен[оа]?|дата\sпубликации)\s*[:：]?\s*{_MOMENT}
    |(?:更新|发布|發布|发表|修改|编辑)(?:时间|時間|于|日期)?\s*[:：]?\s*{_MOMENT}
    # counters
    |(?:views?|reads?|shares?|comments?|likes?|hits|просмотр\w*|комментари\w*|поделились|阅读|閱讀|浏览|瀏覽|评论|分享|点赞|转发|人气|次数)
        (?:数|量|次数|\scount)?\s*[:：(（]?\s*[\d.,\s]+[kmkкм万萬+]*\s*(?:times|次|人|条|\))?
    |[\d.,\s]+[kmкм万萬+]*\s*(?:views?|reads?|shares?|comments?|likes?|hits|просмотр\w*|комментари\w*|次阅读|次浏览|人阅读|条评论|次分享|人点赞)
    |(?:\d+\s?[-–]?\s?)min(?:ute)?s?\sread
    # who wrote, edited, photographed
    |by\s(?-i:(?:[A-ZÀ-Þ]|and\b|for\b)[\w.'’\-]*,?)(?:\s(?-i:(?:[A-ZÀ-Þ]|and\b|for\b|in\b|of\b)[\w.'’\-]*,?)){{0,7}}
    |(?:text|story|reporting|written|edited|editing|editors?|web\seditors?|reporters?|author)\s?(?:by\s|[:：]).*
    |(?:photos?|pictures?|image|photograph|video|graphic|credit|file\sphoto|courtesy)\s?(?:by\s|courtesy\s|credit\b|[:：/©]).*
    |(?:автор|авторы|редактор|текст|фото|фотография|видео|источник\sфото|снимок)\s?[:：/©].*
    |(?:责任?编辑|责编|編輯|编辑|作者|记者|文|图|图片|摄影|摄|视频|监制|校对|来源|供图|图源|图片来源)\s?[:：/|丨].*
    |.{{0,40}}(?:摄|供图|图片社)[)）]?
    |[(（].{{0,60}}(?:/\s?(?:xinhua|ap|afp|reuters|tass|getty\simages?|handout|epa)|摄|фото).{{0,40}}[)）]
    |©.*
    # what else there is to read
    |(?:related|related\s(?:news|stories|articles?|links?|content|topics?)|read\s(?:more|next|also)|see\salso|more\son\sthis|most\sread|tags?|topics?|keywords?)\s*[:：].*
    |(?:related|related\s(?:news|stories|articles?)|read\smore|see\salso|most\sread|recommended|share|share\sthis|share\sthis\s(?:story|article)|print|advertisement|top)
    |(?:читайте\sтакже|по\sтеме|материалы\sпо\sтеме|смотрите\sтакже|ещ[её]\sпо\sтеме|теги|метки|ключевые\sслова|поделиться|распечатать|реклама)\s*(?:[:：].*)?
    |(?:相关(?:阅读|新闻|链接|报道|推荐)|延伸阅读|推荐阅读|更多阅读|热门推荐|关键词|标签|分享到?|打印|纠错|【纠错】|返回顶部)\s*(?:[:：].*)?
    )[\s\W]*""",
    re.IGNORECASE | re.VERBOSE,
)

#: The same inside a line, in brackets of its own.
_INSIDE = re.compile(
    rf"[(（\[【]\s*(?:last\s)?(?:updated?|upd|modified|обновлено|更新(?:时间)?|编辑|责任编辑|责编|web\seditors?|editors?)\s*(?:at|on|于)?\s*[:：]?\s*"
    rf"(?:{_MOMENT}|(?<=[:：])[^()（）\[\]【】]{{0,60}}|(?<=[:：]\s)[^()（）\[\]【】]{{0,60}})[)）\]】]",
    re.IGNORECASE,
)
_LINE = re.compile(r"[^\n]+")


def passing(text: str) -> list[tuple[int, int]]:
    """The stretches of `text`, in order and apart, that are no part of its story."""
    found: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        if len(line[0]) <= LONGEST and _WHOLE_LINE.fullmatch(line[0]):
            found.append(line.span())
        else:
            found += [inside.span() for inside in _INSIDE.finditer(text, *line.span())]
    return found
