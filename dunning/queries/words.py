"""Which words a notice gets: a step may ask for its own by key, and the language is the reader's (R18). Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import QuerySet

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
    return place_in(template.language, stage=template.stage, channel=template.channel)


def place_in(language: str, *, stage: str = "", channel: str = "email") -> Place:
    """A place for words in this language, with the way people are addressed in it; one query."""
    return Place(language, stage, channel, AddressMode.objects.filter(language=language, informal=True).exists())


class Line(NamedTuple):
    """One line of the table of templates: what its words are for, and the template per language or None."""

    key: str
    stage: str
    stage_name: str
    channel: str
    channel_name: str
    templates: list[tuple[str, NoticeTemplate | None]]


def table_of_templates(channel_names: Mapping[str, str]) -> list[Line]:
    """All current templates of these channels by key, channel and stage, in the order of the ladder."""
    found: dict[tuple[str, str, str], dict[str, NoticeTemplate]] = {}
    for row in NoticeTemplate.objects.filter(is_current=True, channel__in=channel_names.keys()):
        found.setdefault((row.key, row.channel, row.stage), {})[row.language] = row
    stages = dict(NoticeTemplate.Stage.choices)
    order = list(stages)
    places = sorted(found, key=lambda place: (place[0], place[1], order.index(place[2]) if place[2] in order else 9))
    return [
        Line(
            key, stage, stages.get(stage, stage), channel, channel_names[channel],
            [(language, found[key, channel, stage].get(language)) for language in WORDS],
        )
        for key, channel, stage in places
    ]  # fmt: skip


def versions_of(template: NoticeTemplate) -> QuerySet[NoticeTemplate]:
    """All versions of these words, the newest first."""
    same = {name: getattr(template, name) for name in ("key", "stage", "channel", "language")}
    return NoticeTemplate.objects.filter(**same).select_related("edited_by").order_by("-version")


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
            instead = "nothing can be sent there" if "en" in missing else "English is used there"
            found.append(f"“{step.name}” has no words in {', '.join(missing)}; {instead}.")
    return found
