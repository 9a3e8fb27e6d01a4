"""Clients of the API: another system with a token per role."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from collections_app.accounts.models import User
from collections_app.api.services.issue_token import issue_token
from tests.conftest import Cast

Connect = Callable[[User], APIClient]


def client_of(user: User) -> APIClient:
    """A client that sends a fresh token of the user."""
    _, secret = issue_token(user=user, name="ERP", actor=None, by="test")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def erp(cast: Cast) -> APIClient:
    """The accounting system, with an accountant's rights in the northern team."""
    return client_of(cast.accountant)


@pytest.fixture
def reader(cast: Cast) -> APIClient:
    """A system that may only read."""
    return client_of(cast.viewer)


@pytest.fixture
def foreign(cast: Cast) -> APIClient:
    """A system of the southern team."""
    return client_of(cast.stranger)


def error(response: Any) -> dict[str, Any]:
    """The error of a refused request."""
    found: dict[str, Any] = response.json()["error"]
    assert set(found) == {"code", "sentence", "fields"}
    assert found["sentence"].endswith((".", "?"))
    return found
