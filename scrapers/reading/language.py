"""Which language is this? Text walks in, a BCP 47 primary tag walks out. Pure; any step of `scrapers` may call it.

Script decides first, then letters that only one language writes, then py3langid for the Latin script. What a page declares
is believed only where it agrees with the text: outlets copy templates, and the template's language with them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: Enough of a text to know its language by.
_ENOUGH = 4_000
#: Below this many letters, and below this certainty, a guess by statistics is worth less than a declaration.
_FEW = 60
_SURE = 0.9

_SCRIPTS = {
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "cyrillic": "\u0400-\u052f",
    "arabic": "\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "kana": "\u3041-\u30ff",
    "hangul": "\u1100-\u11ff\uac00-\ud7af",
    "devanagari": "\u0900-\u097f",
    "he": "\u0590-\u05ff",
    "el": "\u0370-\u03ff",
    "hy": "\u0530-\u058f",
    "ka": "\u10a0-\u10ff",
    "th": "\u0e00-\u0e7f",
    "bn": "\u0980-\u09ff",
    "ta": "\u0b80-\u0bff",
    "my": "\u1000-\u109f",
    "mn": "\u1800-\u18af",
}
_SCRIPT_OF = {name: re.compile(f"[{characters}]") for name, characters in _SCRIPTS.items()}

#: Languages that share a script, each with letters its neighbours do not write; the first with enough of them wins.
_OWN_LETTERS: dict[str, tuple[tuple[str, str], ...]] = {
    "cyrillic": (
        ("tg", "ҷҳӣӯ"),
        ("kk", "ұғәқ"),
        ("uk", "ґєї"),
        ("be", "ў"),
        ("mk", "ѓќѕ"),
        ("sr", "ђћљњџј"),
        ("ky", "ң"),
        ("mn", "өү"),
        ("ru", "ыэё"),
        ("bg", "ъ"),
    ),
    "arabic": (
        ("ug", "ۇۆۈەې"),
        ("ps", "ټځڅډړږښګڼۍ"),
        ("ur", "ٹڈڑںےھ"),
        ("fa", "پچژگکی"),
    ),
}
#: What a script is taken for when no letter tells more.
_USUAL = {"cyrillic": "ru", "arabic": "ar", "han": "zh", "kana": "ja", "hangul": "ko", "devanagari": "hi"}
#: One letter in so many must be a language's own: names and quotations bring a few of the neighbours' letters.
_ONE_IN = 60
#: Japanese writes at least this share of kana; Chinese pages bring some with names of goods.
_KANA = 0.1

_SAME = {"cn": "zh", "jp": "ja", "kr": "ko", "ua": "uk", "by": "be", "kz": "kk", "iw": "he", "in": "id"}


def primary_tag(tag: str) -> str:
    """The primary subtag of a language tag (RFC 5646): zh for zh-Hans, zh_CN and the common slip cn."""
    primary = re.split(r"[-_,;\s]", tag.strip().lower(), maxsplit=1)[0]
    return _SAME.get(primary, primary) if re.fullmatch("[a-z]{2,3}", primary) else ""


def detect(text: str, *, declared: str = "", expected: Sequence[str] = ()) -> str:
    """The language of `text` as a primary tag, or "" where nothing tells it.

    `declared` is what the page says of itself, `expected` what its outlet writes, the most usual first.
    """
    sample = text[:_ENOUGH].lower()
    claims = [claim for claim in (primary_tag(declared), *map(primary_tag, expected)) if claim]
    amounts = Counter({name: len(pattern.findall(sample)) for name, pattern in _SCRIPT_OF.items()})
    # A Han or Hangul character says as much as several letters: English names must not outvote a Chinese sentence.
    for dense in ("han", "kana", "hangul"):
        amounts[dense] *= 3
    script, amount = amounts.most_common(1)[0]
    if not amount:
        return claims[0] if claims else ""
    if script in ("han", "kana"):
        return "ja" if amounts["kana"] >= _KANA * (amounts["han"] + amounts["kana"]) else "zh"
    if script == "latin":
        return _latin(sample, amount, claims)
    return _by_letters(script, sample, amount, claims)


def _by_letters(script: str, sample: str, amount: int, claims: Sequence[str]) -> str:
    own = _OWN_LETTERS.get(script, ())
    for language, characters in own:
        if sum(map(sample.count, characters)) * _ONE_IN >= amount:
            return language
    usual = _USUAL.get(script, script)
    return next((claim for claim in claims if claim in {language for language, _ in own}), usual)


def _latin(sample: str, amount: int, claims: Sequence[str]) -> str:
    plausible = [claim for claim in claims if claim not in _NOT_LATIN]
    language, certainty = _identifier().classify(sample)
    if amount >= _FEW and certainty >= _SURE:
        return str(language)
    if plausible:
        return plausible[0]
    return str(language) if certainty >= _SURE else ""


_NOT_LATIN = frozenset(
    {"zh", "ja", "ko", "ru", "uk", "be", "bg", "mk", "ar", "fa", "ur", "he", "hi", "th", "el", "tg", "ky"}
)


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
