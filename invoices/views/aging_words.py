"""Words for kinds of documents, for buckets, for the part of an aging that is looked at, and for how it was made."""

from django.utils.translation import gettext as _

from invoices.forms.aging_filter import AgingQuestion
from invoices.queries.aging_sql import AgingScope
from invoices.rules.aging import Basis, Credits
from invoices.rules.buckets import Bucket


def kind_word(kind: str) -> str:
    """The word for a kind of open document; KeyError for an unknown one."""
    return {"invoice": _("Invoice"), "credit_note": _("Credit note"), "payment": _("Unapplied payment")}[kind]


def bucket_words(bucket: Bucket, basis: Basis) -> str:
    """The head of a bucket's column: 'Not due', '1–30', '120+'. By document date the first one holds what is dated the
    as-of day itself, and says so."""
    if bucket.first is None:
        return _("Not due") if basis is Basis.DUE else _("Dated that day")
    return bucket.key.replace("-", "–")


def part_words(question: AgingQuestion) -> str:
    """Which part of an aging: 'Overdue', '31–60 days late', 'Disputed'; everything for none."""
    bucket, scope = question.query.get("bucket", ""), question.scope
    if question.part:
        return {
            "disputed": _("Disputed"),
            "on_plan": _("On a payment plan"),
            "promised": _("Promised"),
            "collectable": _("Collectable"),
            "credits": _("Credits and unapplied cash"),
        }[question.part]
    if not bucket:
        return _("Everything open")
    if bucket == "overdue":
        return _("Overdue") if scope.basis is Basis.DUE else _("One day old or more")
    if bucket.startswith("over-"):
        days = scope.buckets.very_late_days
        by_due = scope.basis is Basis.DUE
        return (_("Over %(days)s days late") if by_due else _("Over %(days)s days old")) % {"days": days}
    (found,) = question.buckets
    words = bucket_words(found, scope.basis)
    if found.first is None:
        return words
    return (_("%(days)s days late") if scope.basis is Basis.DUE else _("%(days)s days old")) % {"days": words}


def basis_words(basis: Basis) -> str:
    """What items are aged by, as a sentence."""
    if basis is Basis.DUE:
        return _("Aged by due date; due today is not overdue.")
    return _("Aged by document date: the buckets are days since the document, not days late.")


def credit_words(credits: Credits) -> str:
    """How credits and unapplied cash are shown, as a sentence."""
    return {
        Credits.OWN: _("Credits and unapplied cash count negative, in the bucket of their own date."),
        Credits.OLDEST: _(
            "Credits and unapplied cash are netted per customer against the oldest bucket backwards, "
            "the rest into the first."
        ),
        Credits.COLUMN: _("Credits and unapplied cash stand in their own column, outside the buckets."),
    }[credits]


def credit_label(credits: Credits) -> str:
    """The mode in a few words, for a cell."""
    return {
        Credits.OWN: _("their own date, negative"),
        Credits.OLDEST: _("netted against the oldest"),
        Credits.COLUMN: _("their own column"),
    }[credits]


def known_words(scope: AgingScope) -> str:
    """Which knowledge counts, as a sentence; '' when everything known today does."""
    if scope.stored:
        return _("As stored that day: what was recorded later is left out.")
    if scope.known_on is None:
        return ""
    return _("As known at the end of %(day)s: what was recorded later is left out.") % {"day": scope.known_on}


def mode_sentences(scope: AgingScope) -> list[str]:
    """Everything a report must say about how it was made."""
    return list(filter(None, [basis_words(scope.basis), credit_words(scope.credits), known_words(scope)]))


def lines_word(by: str) -> str:
    """What the lines of a matrix are, in the plural."""
    return {
        "customer": _("Customers"),
        "group": _("Groups of companies"),
        "entity": _("Legal entities"),
        "collector": _("Collectors"),
        "kind": _("Kinds of customer"),
        "risk": _("Risk classes"),
        "tags": _("Tags"),
        "country": _("Countries"),
        "segment": _("Segments"),
    }[by]


def line_words(by: str, name: str) -> str:
    """The name of a line; words for the line of those who have none."""
    if by == "kind":
        return {"business": _("Business"), "consumer": _("Consumer"), "public": _("Public body")}.get(name, name)
    none = {
        "collector": _("Nobody"),
        "risk": _("No risk class"),
        "tags": _("No tags"),
        "country": _("No country"),
        "segment": _("No segment"),
    }
    return name or none.get(by, "–")
