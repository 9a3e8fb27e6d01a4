"""The tags templates are written with."""

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from lucide import IconDoesNotExist


def rendered(source: str, **context: Any) -> str:
    request = RequestFactory().get(context.pop("path", "/invoices/?sort=due&page=2"))
    return Template("{% load web %}" + source).render(Context({"request": request, **context}))


class PromiseForm(forms.Form):
    amount = forms.DecimalField(help_text="In full or in part.", widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    note = forms.CharField(required=False)


def test_money_works_as_a_tag_and_as_a_filter() -> None:
    both = rendered("{% money amount 'EUR' %}{{ amount|money:'EUR' }}", amount=Decimal("3"))
    assert both == '<span class="money">€3.00</span>' * 2


def test_an_unknown_state_reads_as_held_and_words_are_escaped() -> None:
    badge = rendered("{% state_badge 'nonsense' word %}", word="<b>")
    assert badge == '<span class="badge" data-state="held">&lt;b&gt;</span>'


@pytest.mark.parametrize(("days", "step"), [(-3, 0), (0, 0), (1, 1), (30, 1), (31, 2), (90, 3), (120, 4), (121, 5)])
def test_an_age_badge_takes_the_colour_of_its_bucket(days: int, step: int) -> None:
    assert f'data-age="{step}"' in rendered("{% age_badge days %}", days=days)


def test_an_icon_is_hidden_from_screen_readers_unless_it_has_a_name() -> None:
    assert 'aria-hidden="true"' in rendered("{% icon 'mail' %}")
    named = rendered("{% icon 'mail' label='Mail \"quoted\"' %}")
    assert 'role="img"' in named
    assert "Mail &quot;quoted&quot;" in named


def test_an_unknown_icon_is_a_mistake_in_the_template() -> None:
    with pytest.raises(IconDoesNotExist):
        rendered("{% icon 'no-such-icon' %}")


def test_a_link_keeps_the_query_and_changes_only_what_it_names() -> None:
    assert rendered("{% url_with_query sort='-due' page=None %}") == "/invoices/?sort=-due"
    assert rendered("{% url_with_query sort=None page=None %}") == "/invoices/"


def test_a_sort_header_tells_its_direction_and_turns_round() -> None:
    header = rendered("{% sort_header 'due' 'Due' target='#list' %}", path="/invoices/?sort=due&after=x")
    assert 'aria-sort="ascending"' in header
    assert 'href="/invoices/?sort=-due"' in header
    assert 'hx-target="#list"' in header


def test_a_sort_header_of_another_column_has_no_direction() -> None:
    assert "aria-sort" not in rendered("{% sort_header 'open' 'Open' numeric=True %}")


def test_a_refused_field_carries_help_and_error_that_the_control_refers_to() -> None:
    form = PromiseForm({"amount": "1,5,5"})
    written = rendered("{% field form.amount currency='EUR' %}", form=form)
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in written
    assert 'id="id_amount_helptext"' in written
    assert 'id="id_amount_error"' in written
    assert 'aria-invalid="true"' in written
    assert 'data-kind="money"' in written
    assert 'value="1,5,5"' in written


def test_an_optional_field_says_so() -> None:
    assert "(optional)" in rendered("{% field form.note %}", form=PromiseForm())


def test_the_error_summary_links_to_each_field_in_the_same_words() -> None:
    form = PromiseForm({"amount": ""})
    summary = rendered("{% error_summary form %}", form=form)
    assert "There is a problem" in summary
    assert '<a href="#id_amount">Amount: This field is required.</a>' in summary
    assert "data-focus" in summary


def test_a_form_without_errors_has_no_summary() -> None:
    assert rendered("{% error_summary form %}", form=PromiseForm()).strip() == ""


def test_an_aging_strip_says_every_bucket_and_refuses_an_unknown_one() -> None:
    strip = rendered("{% aging_strip 's' amounts 'EUR' %}", amounts={"not_due": Decimal(3), "120+": Decimal(1)})
    assert "€3.00" in strip
    assert strip.count("<li") == 6
    with pytest.raises(KeyError):
        rendered("{% aging_strip 's' amounts 'EUR' %}", amounts={"31-45": Decimal(1)})


def test_a_message_may_carry_its_undo_address() -> None:
    assert rendered("{{ tags|undo_address }}", tags="safe undo:/notes/7/undo/") == "/notes/7/undo/"
    assert rendered("{{ tags|undo_address }}", tags="") == ""
