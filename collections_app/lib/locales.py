"""Finds the language data for a code, however it is spelled. Must not translate anything."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=256)
def babel_locale(code: str) -> Locale:
    """The locale for 'de', 'de-AT', 'de_AT' or 'zh-hans'; the bare language if the region is unknown, else English.

    Falling back is right here: a wrong language code on a contact must not stop the letter.
    """
    parts = code.replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("-".join(parts[:length]), sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en")
