"""How long one stays signed in, told to the browser, and staying longer (U88)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_nobody_is_told_401(client: Client) -> None:
    assert client.get("/session/").status_code == 401
    assert client.post("/session/").status_code == 401


def test_the_seconds_left_are_those_of_the_database(client: Client, cast: Cast) -> None:
    client.force_login(cast.viewer)
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=90))
    assert 80 <= client.get("/session/").json()["seconds"] <= 90


def test_looking_does_not_move_the_end_and_staying_does(client: Client, cast: Cast) -> None:
    client.force_login(cast.viewer)
    end = timezone.now() + timedelta(seconds=90)
    Session.objects.update(expire_date=end)
    client.get("/session/")
    assert Session.objects.get().expire_date == end
    assert client.post("/session/").json()["seconds"] == settings.SESSION_COOKIE_AGE
    assert Session.objects.get().expire_date > timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE - 60)


def test_a_session_that_is_over_cannot_be_stretched(client: Client, cast: Cast) -> None:
    client.force_login(cast.viewer)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.post("/session/").status_code == 401
