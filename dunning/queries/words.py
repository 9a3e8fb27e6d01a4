"""Which words a notice gets: a step may ask for its own by key, and the language is the reader's (R18). Reads only."""

from collections.abc import Iterable, Sequence

from dunning.models import AddressMode, NoticeTemplate, Policy
from dunning.queries.policies import channels
from dunning.rules.templates import Place
from dunning.rules.wording import WORDS, language_of


class Templates:
    """The current templates, looked up by key, stage, channel and language. Read once for many notices."""

    def __init__(self, rows: Iterable[NoticeTemplate]) -> None:
        self._rows = {(row.key, row.stage, row.channel, row.language): row for row in rows}

    def pick(
        self, *, key: str, stage: str, channel: str, languages: Sequence[str]
    ) -> tuple[str, NoticeTemplate | None]:
        """The language to write in and its template: the first of the languages that there are words in, English at
        last. The step's own words go before the stage's, but never before the reader's language."""
        for wanted in (*languages, "en"):
            if not wanted:
                continue
            language = language_of(wanted)
            found = self._rows.get((key, stage, channel, language)) or self._rows.get(("", stage, channel, language))
            if found:
                return language, found
        return language_of(*languages), None


def current_templates() -> Templates:
    """All current templates; one query."""
    return Templates(NoticeTemplate.objects.filter(is_current=True))


def place_of(template: NoticeTemplate) -> Place:
    """Where a template's words are for, as the check of words wants it; one query."""
    informal = AddressMode.objects.filter(language=template.language, informal=True).exists()
    return Place(template.language, template.stage, template.channel, informal)


def gaps_of(policy: Policy) -> list[str]:
    """A sentence for each of the policy's steps that cannot be written in some language; empty when all can."""
    enabled = channels()
    found = []
    have = set(
        NoticeTemplate.objects.filter(is_current=True).values_list("key", "stage", "channel", "language").distinct()
    )
    for step in policy.steps.all():
        if step.channel not in enabled or not enabled[step.channel].written:
            continue
        missing = [
            language
            for language in WORDS
            if not have & {(key, step.stage, step.channel, language) for key in ("", step.words)}
        ]
        if missing:
            found.append(f"“{step.name}” has no words in {', '.join(missing)}; English is used there.")
    return found
