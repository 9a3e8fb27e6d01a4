"""Who may call the API: tokens, sessions, rights, and the database being away."""

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient, APIRequestFactory

from collections_app.api.errors import exception_handler
from collections_app.api.models import ApiToken
from collections_app.api.services.issue_token import issue_token
from collections_app.api.services.revoke_token import revoke_token
from tests import factories
from tests.api.conftest import error
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
URL = "/api/v1/customers/"


def test_nobody_is_401_and_told_how() -> None:
    response = APIClient().get(URL)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert error(response)["code"] == "not_authenticated"


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer col_wrong", "Basic YTpi", "Bearer ä", "Token x"])
def test_wrong_tokens_are_401(header: str) -> None:
    assert APIClient().get(URL, headers={"Authorization": header}).status_code == 401


def test_the_secret_is_stored_nowhere(cast: Cast) -> None:
    token, secret = issue_token(user=cast.viewer, name="ERP", actor=cast.admin)
    assert secret.startswith(token.beginning)
    assert secret not in str(list(ApiToken.objects.values()))
    assert len(secret) > 40


def test_a_revoked_token_is_401(cast: Cast) -> None:
    token, secret = issue_token(user=cast.viewer, name="ERP", actor=cast.admin)
    client = APIClient(headers={"Authorization": f"Bearer {secret}"})
    assert client.get(URL).status_code == 200
    assert revoke_token(token=token, actor=cast.admin).last_used_at is not None
    assert client.get(URL).status_code == 401


def test_the_token_of_a_switched_off_user_is_401(cast: Cast) -> None:
    _, secret = issue_token(user=cast.viewer, name="ERP", actor=cast.admin)
    cast.viewer.is_active = False
    cast.viewer.save()
    assert APIClient().get(URL, headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_token_has_only_its_users_rights(reader: APIClient) -> None:
    response = reader.put(f"{URL}K-1/", {"name": "Meyer"}, format="json")
    assert response.status_code == 403
    assert "import files" in error(response)["sentence"]


def test_a_method_that_a_route_does_not_have_is_405(erp: APIClient) -> None:
    assert erp.delete(URL).status_code == 405


def test_d77_a_session_needs_a_csrf_token_to_write(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.accountant)
    assert client.get(URL).status_code == 200
    assert client.put(f"{URL}K-1/", "{}", content_type="application/json").status_code == 403


def test_the_list_shows_only_the_callers_customers(erp: APIClient, foreign: APIClient) -> None:
    customer = factories.customer()
    assert [row["number"] for row in erp.get(URL).json()["results"]] == [customer.number]
    assert foreign.get(URL).json() == {"results": [], "next": None}


def test_a_database_that_is_away_is_503_with_a_sentence() -> None:
    response = exception_handler(OperationalError("gone"), {"request": APIRequestFactory().get(URL)})
    assert response is not None
    assert (response.status_code, response.headers["Retry-After"]) == (503, "15")
    assert "gone" not in str(response.data)


@pytest.mark.parametrize("rows", [10, 100])
def test_d98_lists_cost_the_same_queries_however_long(
    erp: APIClient, rows: int, django_assert_num_queries: object
) -> None:
    customer = factories.customer()
    for _ in range(rows // 10):
        factories.invoice(customer)
    erp.get(URL)
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(erp.get("/api/v1/invoices/").json()["results"]) == rows // 10
