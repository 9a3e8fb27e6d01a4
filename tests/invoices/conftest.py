"""Each test starts with nobody counted; the cache is the real one, shared with other workers, and outlives tests."""

from uuid import uuid4

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def nobody_counted(settings: Settings) -> None:
    """Keys of its own for every test: emptying the cache would forget what another worker's test just counted."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid4().hex}"}}
