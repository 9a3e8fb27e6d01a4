"""Posts to a provider over HTTP and says what came of it: taken, certainly not taken, or unclear (D34, D35). Follows no
redirect: what was configured is where it goes."""

from datetime import timedelta
from types import TracebackType
from typing import Any, Self

import requests

from customers.channels.parcel import Accepted, Outcome, Refused, Uncertain

# Seconds until a connection stands, and until the answer comes.
PATIENCE = (5, 20)
# The provider's word that it took nothing and may take it later. A gateway's timeout (502, 504) is no such word.
TRY_LATER = frozenset({408, 425, 429, 500, 503})
_ID_NAMES = ("sid", "id", "message_id", "messageId", "uuid")


class HttpLine:
    """One connection for many posts to the same place. Use it with `with`, from one thread."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(headers or {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def post(self, body: bytes, headers: dict[str, str]) -> Outcome:
        """What came of posting this body; handed over once."""
        try:
            answer = self._session.post(self._url, data=body, headers=headers, timeout=PATIENCE, allow_redirects=False)
        except requests.RequestException as error:
            if never_connected(error):
                return Refused("provider_away", "The provider could not be reached.", provider_fault=True)
            told = f"The provider did not answer: {type(error).__name__}."
            return Uncertain("provider_unclear", told, provider_fault=True)
        return _outcome(answer)


def never_connected(error: BaseException | None) -> bool:
    """Whether nothing can have been handed over, because there never was a connection."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    told = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    return type(getattr(told, "reason", None)).__name__ in ("NewConnectionError", "NameResolutionError")


def _outcome(answer: requests.Response) -> Outcome:
    status = answer.status_code
    if 200 <= status < 300:
        return Accepted(provider_id=_id_in(answer))
    told = f"The provider answered {status}."
    if status in TRY_LATER:
        return Refused("provider_busy", told, provider_fault=True, wait=_asked_wait(answer))
    if status in (502, 504):
        return Uncertain("provider_unclear", told, provider_fault=True)
    if 300 <= status < 400:
        return Refused("redirected", f"{told} Its address has changed; correct the settings.", permanent=True)
    if status in (401, 403):  # about us and not about this message
        return Refused("not_let_in", f"{told} Check the key in the settings.", provider_fault=True)
    return Refused("provider_refused", told, permanent=True)


def _asked_wait(answer: requests.Response) -> timedelta:
    asked = answer.headers.get("Retry-After", "")
    return timedelta(seconds=int(asked)) if asked.isdecimal() and len(asked) < 7 else timedelta()


def _id_in(answer: requests.Response) -> str:
    try:
        told: Any = answer.json()
    except ValueError:
        return ""
    found = next((told[name] for name in _ID_NAMES if told.get(name)), "") if isinstance(told, dict) else ""
    return str(found)[:200]
