"""The API keeps what its OpenAPI description promises (case D78), tried with generated requests over WSGI."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient
from schemathesis import Case
from schemathesis.specs.openapi import checks as rules

from collections_app.wsgi import application
from tests import factories
from tests.api.conftest import client_of
from tests.conftest import Cast

EXAMPLES = 6
# Well-formed requests may name customers and invoices that do not exist: refusing them is right.
NOT_MEANT: list[Any] = [rules.positive_data_acceptance]


def description() -> dict[str, Any]:
    """The OpenAPI file as served."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


SCHEMA = schemathesis.openapi.from_dict(description())
SCHEMA.app = application


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests over WSGI keep the test's connection, as those of Django's own test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def authorization(cast: Cast, one_connection: None) -> str:
    """The header of an accounting system, and a customer with an invoice it can meet."""
    factories.invoice(factories.customer(number="0"))
    header: str = client_of(cast.accountant)._credentials[  # type: ignore[attr-defined]
        "HTTP_AUTHORIZATION"
    ]
    return header


@pytest.mark.django_db
@SCHEMA.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_d78_the_api_keeps_its_description(case: Case[Any], authorization: str) -> None:
    case.call_and_validate(headers={"Authorization": authorization}, excluded_checks=NOT_MEANT)


@pytest.mark.django_db
def test_the_description_is_for_members_only(erp: APIClient) -> None:
    assert Client().get("/api/schema/").status_code in (401, 403)
    assert erp.get("/api/schema/").json()["info"]["title"] == "Collections API"


def test_every_operation_describes_its_errors() -> None:
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            assert {"400", "401", "403", "404"} <= set(operation["responses"]), (method, path)
