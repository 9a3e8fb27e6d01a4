"""The buckets of an aging: steps of lateness without gap or overlap, and the sets that can be asked for. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from collections_app.lib.errors import BadInput, quoted

MOST_BOUNDS = 8
LONGEST_BOUND = 3650  # days


@dataclass(frozen=True, slots=True)
class Bucket:
    """One step of lateness: the days late from `first` to `last`, both inclusive; None is open-ended.

    `key` is the name in JSON and addresses, `column` the name in SQL and of the snapshot's field."""

    key: str
    column: str
    first: int | None
    last: int | None


@dataclass(frozen=True)
class BucketSet:
    """Not due (0 days and less), then a bucket up to each bound, inclusive, then everything later.

    `bounds` ascend and are whole days above 0; make a set from what people write with `bucket_set`."""

    bounds: tuple[int, ...]

    @cached_property
    def all(self) -> tuple[Bucket, ...]:
        """Every bucket, not due first, the oldest last."""
        found = [Bucket("not_due", "not_due", None, 0)]
        for before, bound in zip((0, *self.bounds), self.bounds, strict=False):
            found.append(Bucket(f"{before + 1}-{bound}", f"days_{before + 1}_{bound}", before + 1, bound))
        last = self.bounds[-1]
        return (*found, Bucket(f"{last}+", f"days_over_{last}", last + 1, None))

    @property
    def overdue(self) -> tuple[Bucket, ...]:
        """Every bucket but the first."""
        return self.all[1:]

    @property
    def very_late_days(self) -> int:
        """From where on an item counts as very late: over 90 days where the set has that bound, else over its last."""
        return 90 if 90 in self.bounds else self.bounds[-1]

    @property
    def very_late(self) -> tuple[Bucket, ...]:
        """The buckets beyond `very_late_days`."""
        return tuple(bucket for bucket in self.all if (bucket.first or 0) > self.very_late_days)

    @property
    def written(self) -> str:
        """The bounds as people write them: '0/30/60'."""
        return "/".join(map(str, (0, *self.bounds)))

    def at(self, days: int) -> Bucket:
        """The bucket for a number of days late; 0 and negative numbers are not due."""
        return next(bucket for bucket in self.all if bucket.last is None or days <= bucket.last)

    def named(self, word: str) -> tuple[Bucket, ...]:
        """The buckets a word in an address means: a key, 'overdue', or 'over-90'. Empty for any other word."""
        groups = {"overdue": self.overdue, f"over-{self.very_late_days}": self.very_late}
        return groups.get(word) or tuple(bucket for bucket in self.all if bucket.key == word)


DEFAULT = BucketSet((30, 60, 90, 120))  # the set that the snapshot stores
BUCKETS = DEFAULT.all
NOT_DUE = BUCKETS[0]
OVERDUE = DEFAULT.overdue
BUCKET_OF_KEY = {bucket.key: bucket for bucket in BUCKETS}


def bucket_set(written: str) -> BucketSet:
    """The set for bounds such as '0/30/60/90' or '15, 30'; the 0 may be left out. '' is the default set.

    Raises BadInput ('bad_buckets') for anything but ascending whole days."""
    words = [word for word in re.split(r"[\s/,;]+", written.strip()) if word]
    if not words:
        return DEFAULT
    if not all(re.fullmatch(r"[0-9]{1,5}", word) for word in words):
        raise _refused(f"{quoted(written)} are not days.")
    return checked(list(map(int, words)))


def checked(bounds: Sequence[int]) -> BucketSet:
    """The set with these upper bounds, a leading 0 dropped. Raises BadInput ('bad_buckets')."""
    upper = tuple(bounds[1:] if bounds and bounds[0] == 0 else bounds)
    if not upper or len(upper) > MOST_BOUNDS:
        raise _refused(f"An aging has one to {MOST_BOUNDS} bounds above 0.")
    if upper[0] < 1 or any(later <= earlier for earlier, later in pairwise(upper)):
        raise _refused("The bounds of the buckets must ascend.")
    if upper[-1] > LONGEST_BOUND:
        raise _refused(f"The last bound may be {LONGEST_BOUND} days at most.")
    return BucketSet(upper)


def _refused(problem: str) -> BadInput:
    return BadInput(f"{problem} Write whole days from small to large, like 0/30/60/90/120.", code="bad_buckets")
