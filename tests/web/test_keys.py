"""Own keys (U4, WCAG 2.1.4): every key of every page can be moved or switched off, and two actions cannot share one."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from collections_app.accounts.models import User
from collections_app.lib.errors import BadInput
from collections_app.web.keys import KEYS, own_keys, read_keys
from tests.conftest import Cast

ROOT = Path(__file__).parents[2]
USUAL = {key.usual for key in KEYS}


def test_the_codes_and_the_usual_keys_are_there_once() -> None:
    assert len({key.code for key in KEYS}) == len(KEYS) == len(USUAL)


def test_every_single_key_in_the_templates_can_be_changed() -> None:
    found = {
        key
        for path in (ROOT / "templates").rglob("*.html")
        for key in re.findall(r'data-key="([^"{}\d])"', unescape(path.read_text()))
    }
    assert found > {"/", "?", "f", "o", "z"}
    assert found - USUAL == set()


def test_every_key_in_the_tables_of_the_views_can_be_changed() -> None:
    names = ("worklist/views/panel.py", "worklist/views/dispute_acts.py", "invoices/views/bank_inbox.py")
    rows = re.compile(r'^ +(?:CaseAct)?\("\w+", "(.)", ', re.MULTILINE)
    found = {key for name in names for key in rows.findall((ROOT / name).read_text())}
    assert found > {"c", "n", "p", "d", "s", "m", "w"}
    assert found - USUAL == set()


def test_what_is_typed_is_kept_only_where_it_is_another_key() -> None:
    assert read_keys({}) == {}
    assert read_keys({"call": "c", "note": "q", "hold": "", "assign": " ALT+A "}) == {
        "note": "q",
        "hold": "",
        "assign": "alt+a",
    }


def test_two_keys_may_change_places() -> None:
    assert read_keys({"call": "n", "note": "c"}) == {"call": "n", "note": "c"}


def test_a_key_that_two_actions_want_is_refused_at_both() -> None:
    with pytest.raises(BadInput) as refused:
        read_keys({"call": "n"})
    assert set(refused.value.fields) == {"call", "note"}
    assert "Write a note" in refused.value.fields["call"]
    assert "Log a call" in refused.value.fields["note"]


@pytest.mark.parametrize("typed", ["7", "cc", "enter", "alt+", "alt+7", "ctrl+c", "\x07"])
def test_a_digit_or_more_than_one_sign_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_keys({"call": typed})
    assert set(refused.value.fields) == {"call"}


def test_several_keys_may_be_off() -> None:
    assert read_keys({"call": "", "note": ""}) == {"call": "", "note": ""}


def test_the_browser_gets_usual_keys_and_knows_nothing_of_nonsense() -> None:
    chosen = {"call": "y", "hold": "", "note": "n", "gone": "q", "mail": 7}
    assert own_keys(chosen) == {"c": "y", "h": ""}  # type: ignore[arg-type]


@pytest.mark.django_db
class TestPage:
    def test_it_lists_every_key(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.viewer)
        page = client.get("/settings/keys/").content.decode()
        assert all(f'name="{key.code}"' in page for key in KEYS)
        assert "data-keys" not in page

    def test_saved_keys_are_told_to_the_next_page(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.collector)
        answer = client.post("/settings/keys/", {"call": "y", "hold": "", "shortcuts": "on"}, follow=True)
        assert User.objects.get(pk=cast.collector.pk).keys == {"call": "y", "hold": ""}
        assert 'data-keys="{&quot;c&quot;: &quot;y&quot;, &quot;h&quot;: &quot;&quot;}"' in answer.content.decode()
        assert "Keys saved." in answer.content.decode()

    def test_a_conflict_is_422_keeps_what_was_typed_and_changes_nothing(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.collector)
        answer = client.post("/settings/keys/", {"call": "n", "shortcuts": "on"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'name="call" value="n"' in page
        assert "<title>Error:" in page.replace("\n", "")
        assert User.objects.get(pk=cast.collector.pk).keys == {}

    def test_all_can_be_switched_off_and_brought_back(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.collector)
        client.post("/settings/keys/", {"call": "y"})
        kept = User.objects.get(pk=cast.collector.pk)
        assert (kept.keys, kept.shortcuts_on) == ({"call": "y"}, False)
        client.post("/settings/keys/", {"call": "y", "usual": "1"})
        kept = User.objects.get(pk=cast.collector.pk)
        assert (kept.keys, kept.shortcuts_on) == ({}, True)

    def test_d54_extra_fields_change_nothing(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.viewer)
        client.post("/settings/keys/", {"role": "administrator", "is_superuser": "on", "gone": "q", "shortcuts": "on"})
        kept = User.objects.get(pk=cast.viewer.pk)
        assert (kept.role, kept.is_superuser, kept.keys) == (cast.viewer.role, False, {})

    def test_d66_a_key_is_inert_text(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.viewer)
        page = client.post("/settings/keys/", {"call": '"><script>'}).content.decode()
        assert '"><script>' not in page.split("key-call", 1)[1][:400]
