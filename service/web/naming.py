"""Keys in plain words: topics, activities, outlets, countries, languages, and the fields of a query. Read-only, no I/O.

Topics and activities of the operator's own files are called what those files call them.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from alerts.composing.phrases import ENGLISH
from scrapers.classifying.rules import Rules
from storage.events.register import Register
from storage.search.tree import fact_value

#: Short enough to stand on a label; the full names are the rules' own.
TOPICS = {"china-russia": "China–Russia", "sco": "SCO"}
STRENGTHS = {"tie": "main subject", "mention": "in passing"}
#: What the register says of an event, by its confidence.
CONFIDENCES = {"high": "well attested", "med": "one account", "low": "low confidence"}
SEEDS = {"yes": "seed archive", "no": "news"}
#: BCP 47 primary tags.
LANGUAGES = {
    "ar": "Arabic", "be": "Belarusian", "de": "German", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French",
    "hi": "Hindi", "ja": "Japanese", "kk": "Kazakh", "ko": "Korean", "ky": "Kyrgyz", "mn": "Mongolian", "ru": "Russian",
    "tg": "Tajik", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
#: ISO 3166-1 alpha-2.
COUNTRIES = {
    "AE": "United Arab Emirates", "AF": "Afghanistan", "AM": "Armenia", "AU": "Australia", "AZ": "Azerbaijan",
    "BD": "Bangladesh", "BY": "Belarus", "CA": "Canada", "CN": "China", "DE": "Germany", "EG": "Egypt", "EU": "Europe",
    "FR": "France", "GB": "United Kingdom", "GE": "Georgia", "HK": "Hong Kong", "ID": "Indonesia", "IL": "Israel",
    "IN": "India", "IR": "Iran", "JP": "Japan", "KG": "Kyrgyzstan", "KH": "Cambodia", "KP": "North Korea",
    "KR": "South Korea", "KZ": "Kazakhstan", "LA": "Laos", "LK": "Sri Lanka", "MM": "Myanmar", "MN": "Mongolia",
    "MY": "Malaysia", "NP": "Nepal", "PH": "Philippines", "PK": "Pakistan", "QA": "Qatar", "RS": "Serbia", "RU": "Russia",
    "SA": "Saudi Arabia", "SG": "Singapore", "SY": "Syria", "TH": "Thailand", "TJ": "Tajikistan", "TM": "Turkmenistan",
    "TR": "Türkiye", "TW": "Taiwan", "UA": "Ukraine", "US": "United States", "UZ": "Uzbekistan", "VN": "Vietnam",
    "ZA": "South Africa",
}  # fmt: skip

#: Fields of the query language as headings of what they narrow to.
FIELDS = {
    "topic": "Topic",
    "strength": "Strength",
    "activity": "Activity",
    "event": "Event",
    "outlet": "Outlet",
    "country": "Country",
    "lang": "Language",
    "on": "Published in",
    "after": "Published from",
    "before": "Published before",
    "seed": "Kind",
    "changed": "Changed since",
    "gone": "Gone",
    "like": "Like",
    "exact": "Exact words",
}


class Names:
    """What keys are called. `outlets` maps the keys of outlets to their names."""

    def __init__(self, rules: Rules, register: Register, outlets: Mapping[str, str] | None = None) -> None:
        self._rules = rules
        self._register = register
        self._by_field = {
            "topic": _folded(rules.topics, self.topic),
            "activity": _folded(rules.activities, self.activity),
            "event": _folded(register.events, register.name),
            "outlet": {fact_value(key): name for key, name in (outlets or {}).items()},
            "country": {code.lower(): name for code, name in COUNTRIES.items()},
            "lang": LANGUAGES,
            "strength": STRENGTHS,
            "seed": SEEDS,
        }

    def topic(self, key: str) -> str:
        known = self._rules.topics.get(key)
        return TOPICS.get(key) or (known.name if known else plain(key))

    def activity(self, key: str) -> str:
        known = self._rules.activities.get(key)
        return ENGLISH.activities.get(key) or (known.name if known else plain(key))

    def event(self, id: str) -> str:
        return self._register.name(id)

    def value(self, field: str, value: str) -> str:
        """A value of a query's field; topics, activities, events and outlets also as the query folds them."""
        found = self._by_field.get(field, {}).get(fact_value(value))
        # An edition of a series may be in no register yet.
        return found or (self.event(value) if field == "event" else value)


def _folded(keys: Iterable[str], name: Callable[[str], str]) -> dict[str, str]:
    return {fact_value(key): name(key) for key in keys}


def plain(key: str) -> str:
    return key.replace("_", " ").replace("-", " ").strip()


def language(tag: str) -> str:
    return LANGUAGES.get(tag, tag) or "language unknown"


def tag(language: str) -> str:
    """`language` where it has the shape of a language tag (BCP 47), else nothing: an import may bring anything."""
    return language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", language) else ""


def country(code: str) -> str:
    return COUNTRIES.get(code.upper(), code)
