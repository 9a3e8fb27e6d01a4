"""Reading options from words, as a command line or a form gives them. Must not read the file they are for."""

import re
from collections.abc import Iterable
from typing import Any

from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.money import is_currency
from customers.import_sources.base import Options
from customers.import_sources.delimited import DELIMITERS, ENCODINGS
from customers.rules.import_fields import FIELD_BY_NAME

DATE_ORDERS = ("ymd", "dmy", "mdy")
DECIMAL_MARKS = (".", ",")
_DELIMITER_WORDS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_NAMES = "encoding, delimiter, sheet, date_order, decimal_mark, currency, terms_days, and map.FIELD=HEADER"


def options_from_words(words: Iterable[str], *, source: str = "") -> Options:
    """The options from words such as `date_order=dmy`, `delimiter=;` or `map.amount=Total`. Raises BadInput."""
    values: dict[str, Any] = {"source": source}
    mapping: dict[str, str] = {}
    for word in words:
        name, separator, value = word.partition("=")
        if not separator:
            raise BadInput(f"{quoted(word)} is no option. Write it as name=value, such as date_order=dmy.")
        if name.startswith("map."):
            mapping[_field(name.removeprefix("map."))] = value
        else:
            values[name] = _value(name, value)
    return Options(**values, mapping=mapping)


def _field(name: str) -> str:
    if name not in FIELD_BY_NAME:
        raise BadInput(f"There is no field {quoted(name)}. Fields: {', '.join(FIELD_BY_NAME)}.")
    return name


def _value(name: str, value: str) -> Any:
    choices = {"date_order": DATE_ORDERS, "decimal_mark": DECIMAL_MARKS, "encoding": ENCODINGS, "delimiter": DELIMITERS}
    if name == "delimiter":
        value = _DELIMITER_WORDS.get(value, value)
    if name in choices:
        if value not in choices[name]:
            shown = " ".join(quoted(choice) for choice in choices[name])
            raise BadInput(f"{quoted(value)} is no {name}. Choose one of: {shown}.")
        return value
    if name == "terms_days":
        if not re.fullmatch(r"[0-9]{1,3}", value):
            raise BadInput(f"{quoted(value)} is no number of days between 0 and 999.")
        return int(value)
    if name == "currency":
        if not is_currency(value):
            raise BadInput(f"{quoted(value)} is no currency. Write a code such as EUR.")
        return value
    if name == "sheet":
        return value
    raise BadInput(f"There is no option {quoted(name)}. Options: {_NAMES}.")
