"""One template for page and fragment, and what travels beside a fragment."""

import json

import pytest
from django.test import Client

pytestmark = pytest.mark.urls("tests.web.urls_for_tests")


def test_a_browser_gets_the_page_and_htmx_the_fragment() -> None:
    client = Client()
    assert "<html" in client.get("/page/").content.decode()
    assert client.get("/page/", headers={"HX-Request": "true"}).content.decode().startswith("<button")


def test_caches_are_told_that_both_live_at_one_address() -> None:
    assert "HX-Request" in Client().get("/page/")["Vary"]


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boosted_link_and_a_restored_history_get_the_page(header: str) -> None:
    answer = Client().get("/page/", headers={"HX-Request": "true", header: "true"})
    assert "<html" in answer.content.decode()


def test_a_fragment_is_announced_and_a_page_is_not() -> None:
    client = Client()
    assert json.loads(client.get("/page/", headers={"HX-Request": "true"})["HX-Trigger"]) == {
        "announce": {"text": "12 invoices"}
    }
    assert "HX-Trigger" not in client.get("/page/").headers


def test_a_toast_travels_with_the_fragment() -> None:
    trigger = json.loads(Client().get("/done/", headers={"HX-Request": "true"})["HX-Trigger"])
    assert trigger == {"toast": {"text": "Call logged", "undo": "/notes/7/undo/", "tone": "success"}}


@pytest.mark.django_db
def test_without_htmx_a_toast_waits_for_the_next_page_with_its_undo_button() -> None:
    client = Client()
    client.get("/done/")
    shown = client.get("/empty/").content.decode()
    assert "Call logged" in shown
    assert 'action="/notes/7/undo/"' in shown


def test_every_page_forbids_camera_and_shared_caches_and_inline_scripts() -> None:
    answer = Client().get("/page/")
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cache-Control"] == "private, no-cache"
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert " style=" not in answer.content.decode()
    assert "onclick" not in answer.content.decode()
