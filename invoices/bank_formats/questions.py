"""Collects what a file leaves open, so that a person is asked once for all of it. Must not answer by itself."""

from collections.abc import Callable
from typing import TypeVar

from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import quoted
from invoices.bank_formats.contract import Refused

_Answer = TypeVar("_Answer")


class Questions:
    """What could not be settled while a file was looked at as a whole."""

    def __init__(self) -> None:
        self._open: list[Refused] = []

    def settle(self, answer: Callable[[], _Answer], meanwhile: _Answer) -> _Answer:
        """The answer; `meanwhile` when finding it raised Refused, which becomes one of the questions."""
        try:
            return answer()
        except Refused as refused:
            self._open.append(refused)
            return meanwhile

    def ask(self) -> None:
        """Return in silence when nothing is open; else raise Refused with the sentences and `fields` of all."""
        if self._open:
            fields = {name: text for each in self._open for name, text in each.fields.items()}
            raise Refused(" ".join(each.sentence for each in self._open), code=self._open[0].code, fields=fields)


def currency_of_file(stated: str, chosen: str) -> str:
    """The currency as the file states it, else as somebody chose it. Raises Refused when there is none."""
    found = stated or chosen
    if is_currency(found):
        return found
    sentence = "Choose the currency of the account: the file does not name it."
    if found:
        sentence = f"{quoted(found)} is not a currency code. Choose one such as EUR."
    raise Refused(sentence, code="no_currency", fields={"currency": sentence})
