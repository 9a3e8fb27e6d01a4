"""How long to wait for a provider: after one refused message, and after a row of failures (D35). Pure: no clock, no
chance; what varies comes from a seed, so that many workers do not come back at the same second."""

from collections.abc import Hashable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

# With the waits below some twelve hours: a mail server that is away for a working day costs no message.
MAX_ATTEMPTS = 16
LONGEST_WAIT = timedelta(minutes=64)
# So many failures in a row, whichever messages they met, say that the provider is away.
FAILURES_TO_OPEN = 5
LONGEST_OPEN = timedelta(minutes=30)
# A worker that tries whether the provider is back has so long for one message; then another one may.
TRY_LEASE = timedelta(minutes=2)
# After this long the waiting messages end visibly; a later run writes anew with the figures of its day.
GIVE_UP_AFTER = timedelta(hours=24)


class Circuit(NamedTuple):
    """What is known of a provider. `open_until` None: it answers."""

    failures: int = 0
    opened: int = 0
    away_since: datetime | None = None
    open_until: datetime | None = None


def wait_before(attempt: int, *, seed: Hashable, asked: timedelta = timedelta()) -> timedelta:
    """How long a message refused at its `attempt`, counted from 1, stays in the queue: doubling, at most about an hour,
    between half and all of it; never less than the provider `asked` for, which is believed up to a day."""
    whole = min(timedelta(minutes=2 ** min(attempt, 10)), LONGEST_WAIT)
    return max(_between_half_and_all(whole, (seed, attempt)), min(asked, timedelta(days=1)))


def after_failure(circuit: Circuit, *, now: datetime, seed: Hashable) -> Circuit:
    """The circuit after one more failure of the provider: open once there were enough, each time for longer."""
    failures = circuit.failures + 1
    since = circuit.away_since or now
    if failures < FAILURES_TO_OPEN:
        return Circuit(failures, circuit.opened, since, None)
    opened = circuit.opened + 1
    whole = min(timedelta(minutes=2 ** min(opened - 1, 10)), LONGEST_OPEN)
    return Circuit(failures, opened, since, now + _between_half_and_all(whole, (seed, opened)))


def has_given_up(circuit: Circuit, *, now: datetime) -> bool:
    """Whether the provider has been away for so long that waiting messages are to end."""
    is_open = circuit.open_until is not None
    return is_open and circuit.away_since is not None and now - circuit.away_since >= GIVE_UP_AFTER


def _between_half_and_all(whole: timedelta, seed: Hashable) -> timedelta:
    share = int.from_bytes(sha256(repr(seed).encode()).digest()[:4], "big") / 2**32
    return whole * (0.5 + share / 2)
