"""What an answer means: follow redirects, tell unchanged from good, turn every other status into an error somebody acts on.

Both doors walk through here, so that a replay behaves as the web did. Nothing here touches a network or a clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urldefrag, urljoin

from scrapers.errors import Blocked, FetchError, Gone, HttpFailure, RedirectLoop, Unreachable
from scrapers.fetching.pacing import asked_wait
from storage.records import Capture

#: More than any real page needs; RFC 9309 wants at least five for robots.txt.
MOST_REDIRECTS = 5
NOT_MODIFIED = 304

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_REFUSED = frozenset({401, 403, 429, 451})
_COME_BACK_LATER = frozenset({429, 503})
#: Bot walls that sign their refusals in the Server header.
_WALLS = ("ddos-guard", "qrator", "sucuri", "variti")
#: They describe the body as it was sent; a capture holds it unpacked.
_OF_THE_LINE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def follow(url: str, ask: Callable[[str], Capture]) -> Capture:
    """Ask `url`, and whatever it redirects to in turn, until an answer is no redirect.

    `ask` makes one request and must itself check every address it is given. Raises RedirectLoop after
    `MOST_REDIRECTS`, or as soon as an address comes round again.
    """
    walked = [url]
    while (target := _redirect_target(answer := ask(walked[-1]))) is not None:
        if target in walked or len(walked) > MOST_REDIRECTS:
            raise RedirectLoop(
                url,
                f"{url} redirects without end (over {len(walked)} addresses, last to {one_line(target)}). "
                "Open it in a browser, then correct the address in the outlet's file.",
            )
        walked.append(target)
    return answer if answer.url == url else replace(answer, url=url)


def settle(answer: Capture, *, conditional: bool) -> Capture | None:
    """A good answer as it is, None for an unchanged one; raises the FetchError that any other answer means.

    `conditional` says whether the request carried validators: only then is 304 an answer to it.
    """
    if answer.status == NOT_MODIFIED and conditional:
        return None
    if 200 <= answer.status < 300 and not _is_challenge(answer.headers):
        kept = {name: value for name, value in answer.headers.items() if name not in _OF_THE_LINE}
        return replace(answer, headers=kept)
    raise failure(answer)


def failure(answer: Capture) -> FetchError:
    """The error that an answer without a usable body means, with the wait its Retry-After asks for."""
    status, headers, where = answer.status, answer.headers, _where(answer)
    asked = asked_wait(headers, now=answer.captured, status=status) if "retry-after" in headers else None
    if _is_challenge(headers) or (status == 503 and headers.get("server", "").lower().startswith(_WALLS)):
        message = f"{where} answered {status} with a bot wall's challenge. It is not got round: use the outlet's feed."
        return Blocked(answer.url, message, asked=asked)
    if status in _COME_BACK_LATER and asked is not None:
        # The outlet is busy and says when to return: a rest, and no refusal of what we are.
        message = (
            f"{where} answered {status} and asks to come back in {_in_words(asked)}. The next visit waits for that."
        )
        return HttpFailure(answer.url, message, status=status, asked=asked)
    if status in _REFUSED:
        message = f"{where} refuses us ({status}). It is not got round: use another entry point or ask the outlet."
        return Blocked(answer.url, message, asked=asked)
    if status in _GONE:
        message = f"{where} is not there ({status}). If it is an entry point, correct the outlet's file."
        return Gone(answer.url, message, status=status, asked=asked)
    message = f"{where} answered {status}, which is no page. It is tried again at the next visit."
    return HttpFailure(answer.url, message, status=status, asked=asked)


def broken(url: str, reason: object) -> Unreachable:
    """The error for a line that broke or never stood."""
    told = one_line(str(reason)) or type(reason).__name__
    return Unreachable(
        url,
        f"{one_line(url)} could not be reached: {told}. It is tried again at the next visit; "
        "if that fails too, check the address and this machine's network.",
    )


def one_line(text: str) -> str:
    """`text` as it may stand in a message: on one line, and no longer than a message bears."""
    return " ".join(text.split())[:300]


def _redirect_target(answer: Capture) -> str | None:
    location = answer.headers.get("location", "").strip()
    if answer.status not in _REDIRECTS or not location:
        return None
    try:
        return urldefrag(urljoin(answer.final_url, location)).url
    except ValueError as error:
        raise broken(answer.url, f"it redirects to {location[:200]!r}, which is no address") from error


def _is_challenge(headers: Mapping[str, str]) -> bool:
    """Whether a wall says so itself; it may do so under any status, 200 and 202 among them."""
    return headers.get("cf-mitigated") == "challenge" or headers.get("x-amzn-waf-action") in ("challenge", "captcha")


def _where(answer: Capture) -> str:
    return answer.url if answer.final_url == answer.url else f"{answer.url} (by way of {one_line(answer.final_url)})"


def _in_words(wait: timedelta) -> str:
    return str(timedelta(seconds=round(wait.total_seconds())))
