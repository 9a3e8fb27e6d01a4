"""Each test starts with nobody counted; the cache is the real one and outlives tests."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()
