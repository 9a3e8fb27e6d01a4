"""How pages look to one person."""

import pytest
from django.test import Client

from collections_app.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada", password="a-long-password")


def test_a_persons_choice_is_kept_with_the_account_and_drawn_by_the_server(client: Client, ada: User) -> None:
    client.force_login(ada)
    answer = client.post("/preferences/", {"theme": "dark", "next": "/styleguide/"}, follow=True)
    assert 'data-theme="dark"' in answer.content.decode()
    ada.refresh_from_db()
    assert ada.theme == "dark"


def test_shortcuts_can_be_switched_off(client: Client, ada: User) -> None:
    client.force_login(ada)
    client.post("/preferences/", {"shortcuts": "off"})
    assert 'data-shortcuts="off"' in client.get("/styleguide/").content.decode()


def test_a_strangers_choice_is_kept_in_a_cookie(client: Client) -> None:
    client.post("/preferences/", {"density": "compact"})
    assert 'data-density="compact"' in client.get("/styleguide/").content.decode()


def test_nonsense_is_ignored(client: Client) -> None:
    client.post("/preferences/", {"theme": '"><script>'})
    assert 'data-theme="system"' in client.get("/styleguide/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_never_leads_to_another_site(client: Client, target: str) -> None:
    assert client.post("/preferences/", {"rail": "narrow", "next": target})["Location"] == "/"


def test_a_script_gets_no_page(client: Client) -> None:
    assert client.post("/preferences/", {"rail": "narrow"}, headers={"HX-Request": "true"}).status_code == 204


def test_looking_changes_nothing(client: Client) -> None:
    assert client.get("/preferences/").status_code == 405
