"""What people see when something cannot be done."""

import pytest
from django.test import Client

pytestmark = pytest.mark.urls("tests.web.urls_for_tests")
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("cause", "status", "words"),
    [
        ("refusal", 422, "Enter an amount above zero."),
        ("input", 422, "Write the date as 2026-11-21."),
        ("right", 403, "Ask an administrator for this right."),
        ("conflict", 409, "Ben changed this first."),
        ("database", 503, "Nothing was changed."),
        ("missing", 404, "There is nothing at this address"),
        ("bug", 500, "Something went wrong on our side."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_each_cause_has_its_status_and_a_sentence(cause: str, status: int, words: str, headers: dict[str, str]) -> None:
    answer = Client(raise_request_exception=False).get(f"/fail/{cause}/", headers=headers)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_htmx_gets_the_sentence_beside_what_the_person_was_doing() -> None:
    answer = Client().get("/fail/refusal/", headers=HTMX)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#toasts", "beforeend")
    assert "<html" not in answer.content.decode()


def test_an_outage_says_when_to_come_back() -> None:
    assert Client().get("/fail/database/")["Retry-After"] == "15"


def test_a_form_without_its_token_is_refused_with_a_way_on() -> None:
    answer = Client(enforce_csrf_checks=True).post("/preferences/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "Nothing was saved" in answer.content.decode()


def test_an_unknown_address_is_a_page_of_ours() -> None:
    assert "Nothing is here" in Client().get("/no/such/page/").content.decode()
