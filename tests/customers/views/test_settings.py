"""Settings: everybody's own looks; entities, people, tokens and the clock for administrators."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from collections_app.accounts.models import User
from collections_app.api.models import ApiToken
from customers.models import LegalEntity
from customers.queries.clock import installation_day
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
URL = "/settings/"


@pytest.fixture
def admin_client_of_ours(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


def test_looks_are_kept(client: Client, cast: Cast) -> None:
    client.force_login(cast.viewer)
    client.post(URL, {"theme": "dark", "density": "compact"})
    cast.viewer.refresh_from_db()
    assert (cast.viewer.theme, cast.viewer.density, cast.viewer.shortcuts_on) == ("dark", "compact", False)
    assert 'data-theme="dark"' in client.get(URL).content.decode()


def test_staff_pages_stay_english_whatever_the_browser_prefers(client: Client, cast: Cast) -> None:
    client.force_login(cast.viewer)
    assert 'lang="en"' in client.get(URL, headers={"accept-language": "de"}).content.decode()


def test_nonsense_is_422_and_d54_extra_fields_change_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.viewer)
    assert client.post(URL, {"theme": "pink", "density": "compact"}).status_code == 422
    client.post(URL, {"theme": "dark", "density": "compact", "role": "administrator", "is_superuser": "1"})
    cast.viewer.refresh_from_db()
    assert (cast.viewer.role, cast.viewer.is_superuser) == ("viewer", False)


def test_only_administrators_see_the_house(client: Client, cast: Cast) -> None:
    client.force_login(cast.lead)
    assert "API tokens" not in client.get(URL).content.decode()
    client.force_login(cast.admin)
    assert "API tokens" in client.get(URL).content.decode()


def test_a_token_is_shown_once_and_works_until_revoked(admin_client_of_ours: Client, cast: Cast) -> None:
    client = admin_client_of_ours
    response = client.post(reverse("token_new"), {"name": "ERP", "user": cast.viewer.pk})
    secret = response.context["secret"]
    assert secret in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert secret not in client.get(URL).content.decode()
    erp = APIClient(headers={"Authorization": f"Bearer {secret}"})
    assert erp.get("/api/v1/customers/").status_code == 200
    client.post(reverse("token_revoke", args=[ApiToken.objects.get().pk]))
    assert erp.get("/api/v1/customers/").status_code == 401


def test_a_new_person_gets_a_first_password_that_works(admin_client_of_ours: Client) -> None:
    sent = {"username": "nina", "first_name": "Nina", "email": "nina@example.com", "role": "analyst", "is_active": "on",
            "teams": [factories.team().pk]}  # fmt: skip
    response = admin_client_of_ours.post(reverse("user_new"), sent)
    nina = User.objects.get(username="nina")
    assert nina.check_password(response.context["secret"])
    assert list(nina.teams.all()) == [factories.team()]


def test_administrators_cannot_lock_themselves_out(admin_client_of_ours: Client, cast: Cast) -> None:
    sent = {"username": "admin", "email": "a@example.com", "role": "viewer", "is_active": "on"}
    response = admin_client_of_ours.post(reverse("user_edit", args=[cast.admin.pk]), sent)
    assert response.status_code == 422
    cast.admin.refresh_from_db()
    assert cast.admin.role == "administrator"


def test_an_entity_with_a_wrong_iban_or_zone_is_refused(admin_client_of_ours: Client) -> None:
    sent = {
        "code": "CH01", "name": "Nordwind AG", "team": factories.team().pk, "currency": "CHF", "country": "CH",
        "holiday_region": "CH", "time_zone": "Europe/Zurich", "language": "de", "iban": "CH93 0076 2011 6238 5295 7",
    }  # fmt: skip
    url = reverse("entity_new")
    refused = admin_client_of_ours.post(url, sent | {"iban": "CH93 0076 2011 6238 5295 8", "time_zone": "Mars/X"})
    assert set(refused.context["form"].errors) == {"iban", "time_zone"}
    assert admin_client_of_ours.post(url, sent).status_code == 302
    assert LegalEntity.objects.get(code="CH01").iban == "CH9300762011623852957"


def test_the_clock_is_pinned_shifted_and_set_right_again(admin_client_of_ours: Client) -> None:
    factories.entity()
    url = reverse("settings_clock")
    real = installation_day()
    admin_client_of_ours.post(url, {"pinned_on": "2018-10-01"})
    assert installation_day() == date(2018, 10, 1)
    assert admin_client_of_ours.post(url, {"pinned_on": "2018-10-01", "shift_days": "3"}).status_code == 422
    assert admin_client_of_ours.post(url, {"shift_days": "99999"}).status_code == 422
    admin_client_of_ours.post(url, {})
    assert installation_day() == real
