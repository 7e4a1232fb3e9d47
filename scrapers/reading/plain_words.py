"""Words that tell no story from another: grammar and the reporter's own phrases, and the words every text of our subject uses.

Read by `traits` and `telling` alone. Pure data; as folded stems, so that each line stands for all its endings.
"""

from storage.words import runs, stem

_GRAMMAR = """
a an the and or but nor of in on at to for from by with as is are was were be been being am has have had do does did done it its
this that these those he she they we you i his her their our your my him them us me who whom whose which what when where why how
not no yes so than then there here also more most many much other others some any such only own same too very just even still yet
can cannot will would could should may might must shall said say saying told tell according report spokesman spokesperson added
noted stressed quoted citing after before during while over under between among about into through against up down out off again
once all each both few less new one first last next ago year day week month time people if because like around near since until
per via mr mrs ms dr get got make made take took come came go went back now today yesterday tomorrow photo file video read source

и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее ей их мне меня мы нас вас им ими него нее
них был была было были быть есть будет будут от из изо о об обо при про для до над под без между через после перед около среди ли
или либо если когда где куда там тут здесь этот эта это эти этого тот та те того тем том чем чтобы чтоб кто который какой каждый
любой весь вся сам самый свой наш ваш мой твой другой иной такой один два три раз уже еще также тоже даже лишь очень более менее
можно нужно надо может могут мог нет ни ну вот ведь потом затем теперь тогда сейчас сегодня вчера завтра год лет день время месяц
неделя человек люди сообщить сообщает сообщил сообщила заявить заявил заявила отметить отметил подчеркнуть подчеркнул сказать сказал
рассказать рассказал добавить добавил уточнить уточнил передать передает пишет слово словам данные данным информация сообщение ранее
новый первый последний являться является являются стать стал стала фото видео источник корреспондент
"""
#: A pair of Han characters with one of these in it is no name and no thing.
HAN_GRAMMAR = frozenset(
    "的了在是和与及或就都而对将被把从到由于为以之其这那我你他她它们也不没有并但又再已还让给向年月日时说称据讯电"
)

#: What every text of our subject speaks of.
_TRADE = """
china chinese russia russian beijing moscow military defense defence army navy naval force forces minister ministry foreign cooperation
cooperate joint exercise drill security country countries state government president relations bilateral side sides official
international partnership strategic meeting held hold region world united

китай китайский россия российский рф кнр москва пекин военный оборона оборонный армия флот сила вооруженный министр министерство
минобороны сотрудничество совместный учение безопасность страна государство правительство президент отношение сторона встреча
международный стратегический партнерство провести проходить мир
"""
_TRADE_HAN = (
    "中国",
    "俄罗",
    "罗斯",
    "国防",
    "军事",
    "合作",
    "联合",
    "演习",
    "部长",
    "两国",
    "关系",
    "国家",
    "战略",
    "安全",
    "会议",
)

#: Days and months: where titles are otherwise alike, they tell one report from the next as numbers do.
_CALENDAR = """
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november
december понедельник вторник среда четверг пятница суббота воскресенье январь февраль март апрель май июнь июль август сентябрь
октябрь ноябрь декабрь ii iii iv vi vii viii ix xi xii xiii xiv
"""
_HAN_NUMERALS = "一二三四五六七八九十百千万亿两零〇"


def _stems(lines: str) -> frozenset[str]:
    return frozenset(stem(word) for word in runs(lines))


GRAMMAR = _stems(_GRAMMAR)
TRADE = _stems(_TRADE).union(_TRADE_HAN)
CALENDAR = _stems(_CALENDAR).union(_HAN_NUMERALS)
