"""Timing for the measures: the median of several runs, in the same process, after one run to warm up."""

import statistics
import time
from collections.abc import Callable


def median_seconds(work: Callable[[], object], *, runs: int = 3, warm_up: int = 1) -> float:
    """The median wall time of `runs` calls, in seconds."""
    for _ in range(warm_up):
        work()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def line(name: str, *, n: int, seconds: float, baseline: float, **more: object) -> dict[str, object]:
    """One measure as printed: `ratio` is the product's time over the baseline's."""
    return {
        "name": name,
        "n": n,
        "seconds": round(seconds, 4),
        "per_second": round(n / seconds, 1) if seconds else None,
        "baseline": round(baseline, 4),
        "ratio": round(seconds / baseline, 2) if baseline else None,
        **more,
    }
