"""Where a segment is asked for. Policies, strategies, portfolios and the like are kept by the apps above: each
registers one function here in its AppConfig.ready(), and this file must import none of them. Reads only."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class SegmentUse:
    """Something that asks for the segment. `kind` says what it is, such as "Policy"; `entity_id` whose it is, None for
    everybody's. While something `in_force` uses a segment, the segment cannot be switched off."""

    segment_id: int
    kind: str | Promise
    name: str
    url: str = ""
    entity_id: int | None = None
    in_force: bool = True


Provider = Callable[[Collection[int]], Iterable[SegmentUse]]
_providers: list[Provider] = []


def provide_segment_uses(provider: Provider) -> None:
    """Nothing; from now on this function is asked. Registering the same function twice counts once."""
    if provider not in _providers:
        _providers.append(provider)


def segment_uses(segment_ids: Collection[int]) -> Mapping[int, list[SegmentUse]]:
    """What uses each of these segments, by segment id; a segment that nothing uses is left out."""
    found: dict[int, list[SegmentUse]] = defaultdict(list)
    for provider in _providers:
        for use in provider(segment_ids):
            found[use.segment_id].append(use)
    return dict(found)
