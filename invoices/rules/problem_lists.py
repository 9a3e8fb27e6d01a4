"""How many problems of one file are kept: enough to work through, whatever a broken file brings."""

from collections.abc import Iterable

MOST = 1_000  # nobody reads more; a file of 200,000 bad entries must not become a row of 40 MB


def listed(problems: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Position and sentence of the first problems as plain JSON, and last a sentence with how many more there are."""
    kept: list[dict[str, str]] = []
    more = 0
    for position, sentence in problems:
        if len(kept) < MOST:
            kept.append({"position": position, "sentence": sentence})
        else:
            more += 1
    if more:
        kept.append(
            {"position": "", "sentence": f"{more:,} more problems are not listed. Mend the cause of these first."}
        )
    return kept
