"""What can go wrong between an article and a message: each says what, where and what to do."""

from collections.abc import Sequence


class AlertError(Exception):
    """The family. The message is one line for people and never holds a password."""


class ZoneError(AlertError, ValueError):
    """No such IANA time zone. `near` names zones that may be meant, the likeliest first."""

    def __init__(self, name: str, *, near: Sequence[str] = ()) -> None:
        meant = (
            f"did you mean {' or '.join(near)}?" if near else "use an IANA name such as Europe/Moscow or Asia/Shanghai."
        )
        super().__init__(f"{name!r} is no time zone: {meant}")
        self.name = name
        self.near = tuple(near)


class DaysError(AlertError, ValueError):
    """A word in a list of days that names no day of the week."""

    def __init__(self, text: str, *, word: str) -> None:
        super().__init__(
            f"{word!r} in {text!r} is no day: use mon, tue, wed, thu, fri, sat, sun, separated by commas, as in mon,thu."
        )
        self.text = text
        self.word = word


class AddressError(AlertError, ValueError):
    """A text that is no mail address we could write to."""

    def __init__(self, address: str, *, because: str) -> None:
        super().__init__(f"{address!r} is no usable mail address: {because}. Write it as name@example.org.")
        self.address = address


class SettingError(AlertError, ValueError):
    """A setting of the operator's that sending cannot use. `remedy` alone may be shown under another heading."""

    def __init__(self, setting: str, remedy: str) -> None:
        super().__init__(f"{setting} cannot be used: {remedy}")
        self.setting = setting
        self.remedy = remedy


class ComposeError(AlertError):
    """A digest could not be put into words: a fault of ours or of a template, never of the news."""


class SendError(AlertError):
    """A digest did not demonstrably go out."""

    #: Trying again cannot help: this address or this message is refused.
    permanent = False
    #: It may have gone out all the same; another try doubles it under the same Message-ID.
    ambiguous = False


class TemporaryFailure(SendError):
    """Nothing was delivered, and a later try, or the operator's hand on a setting, may help."""


class PermanentFailure(SendError):
    """Nothing was delivered, and this recipient or this message never will be."""

    permanent = True


class UnclearDelivery(SendError):
    """The line broke after the whole message was handed over and before the answer: delivered or not, nobody knows."""

    ambiguous = True
