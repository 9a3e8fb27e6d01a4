"""Refusals of services, shown in the form that caused them."""

from django import forms

from collections_app.lib.errors import Refusal


def take_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Nothing; the form now shows the refusal, at the fields it names or above all of them."""
    known = {name: sentence for name, sentence in refusal.fields.items() if name in form.fields}
    for name, sentence in known.items():
        form.add_error(name, sentence)
    if not known:
        form.add_error(None, refusal.sentence)
