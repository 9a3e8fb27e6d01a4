"""Facts the frame shows beside every page (day, entity, freshness, what is unread, banners), told by the apps above.

The apps above register one function each in their AppConfig.ready(); this file must not import them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Banner:
    """One sentence across the page: test mode, mail stopped, hold mode. tone: attention, critical, held, ok."""

    text: str
    tone: str = "attention"
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """What one app knows. Empty values say "I do not know" and leave the word to the next app."""

    as_of: date | None = None
    entity: str = ""
    fresh_at: datetime | None = None
    demo_clock: bool = False
    unread: int = 0
    banners: tuple[Banner, ...] = ()
    waiting: Mapping[str, int] = field(default_factory=dict)  # page by URL name -> how much waits there for the person


Provider = Callable[[HttpRequest], FrameFacts]
_providers: list[Provider] = []


def provide_frame_facts(provider: Provider) -> None:
    """Nothing; from now on every frame asks this function. Registering the same function twice counts once."""
    if provider not in _providers:
        _providers.append(provider)


def frame_facts(request: HttpRequest) -> FrameFacts:
    """All facts together: the first app that knows something wins, banners are joined."""
    told = [provider(request) for provider in _providers]
    return FrameFacts(
        as_of=next((facts.as_of for facts in told if facts.as_of), None),
        entity=next((facts.entity for facts in told if facts.entity), ""),
        fresh_at=next((facts.fresh_at for facts in told if facts.fresh_at), None),
        unread=sum(facts.unread for facts in told),
        demo_clock=any(facts.demo_clock for facts in told),
        banners=tuple(banner for facts in told for banner in facts.banners),
        waiting={page: count for facts in told for page, count in facts.waiting.items()},
    )
