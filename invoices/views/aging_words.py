"""Words for kinds of documents and for the part of an aging that is looked at."""

from django.utils.translation import gettext as _

from collections_app.web.aging_scale import AGING_STEPS


def kind_word(kind: str) -> str:
    """The word for a kind of open document; KeyError for an unknown one."""
    return {"invoice": _("Invoice"), "credit_note": _("Credit note"), "payment": _("Unapplied payment")}[kind]


def part_words(bucket: str, part: str) -> str:
    """Which part of an aging: 'Overdue', '31–60 days late', 'Disputed'; everything for ''."""
    if part:
        return {"disputed": _("Disputed"), "credits": _("Credits and unapplied cash")}[part]
    groups = {
        "": _("Everything open"),
        "not_due": _("Not due"),
        "overdue": _("Overdue"),
        "over-90": _("Over 90 days late"),
    }
    if bucket in groups:
        return groups[bucket]
    return _("%(days)s days late") % {"days": next(str(step.label) for step in AGING_STEPS if step.key == bucket)}
