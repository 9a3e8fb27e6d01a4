"""Shows a template filled in with a real notice, or with an example where there is none. Writes nothing."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from collections_app.lib.errors import Refusal
from customers.models import LegalEntity
from dunning.models import Notice, NoticeItem, NoticeTemplate, Policy
from dunning.rules.facts import AskedItem, OpenItem
from dunning.rules.letter import Letter, Line, Seller, write
from dunning.rules.wording import language_of
from dunning.services.compose import Figures, compose, sample_link
from dunning.services.preview import Preview

_EXAMPLE_DAY = date(2026, 3, 2)


def preview_template(template: NoticeTemplate, *, subject: str, body: str, policies: QuerySet[Policy]) -> Preview:
    """The filled words, with the latest notice of these policies in this stage and language, if there is one."""
    words = NoticeTemplate(stage=template.stage, channel=template.channel, language=template.language)
    words.subject, words.body = subject, body
    real = (
        Notice.objects.filter(policy__in=policies, stage=template.stage)
        .select_related("customer", "contact", "entity", "step")
        .order_by("-pk")
        .first()
    )
    try:
        return _with_notice(real, words) if real else _with_example(words, policies)
    except Refusal as refused:
        return Preview("", problem=refused.sentence)


def _with_notice(notice: Notice, words: NoticeTemplate) -> Preview:
    notice.template, notice.language, notice.channel = words, words.language, words.channel
    asked = [_asked(row, notice.entity_id) for row in NoticeItem.objects.filter(notice=notice).order_by("due_on")]
    total = sum((one.asked for one in asked), Decimal(0))
    figures = Figures(asked, notice.amount, max(total - notice.amount, Decimal(0)), notice.as_of)
    written = compose(notice, figures, link=sample_link(), sellers=LegalEntity.objects.in_bulk())
    return Preview(notice.customer.name, written.subject, written.text, written.html, is_sample=True)


def _asked(row: NoticeItem, entity_id: int) -> AskedItem:
    item = OpenItem(row.invoice_id, row.number, entity_id, row.issued_on, row.due_on, row.open_amount,
                    instalment_id=row.instalment_id)  # fmt: skip
    return AskedItem(item, row.asked_amount, row.days_late)


def _with_example(words: NoticeTemplate, policies: QuerySet[Policy]) -> Preview:
    policy = policies.select_related("entity").first()
    own = policy.entity if policy else LegalEntity(name="Example seller", currency="EUR")
    due = _EXAMPLE_DAY + timedelta(days=3 if words.stage == "preventive" else -12)
    late = (_EXAMPLE_DAY - due).days
    line = Line("R-1001", due - timedelta(days=30), due, Decimal("1234.50"), Decimal("1234.50"), late)
    letter = Letter(
        language_of(words.language), "EUR", Decimal("1234.50"), Decimal(0), [line],
        Seller(own.name, own.address, own.iban, own.bic, own.bank_name, own.email, own.phone), "Example customer",
        "C00001", "", "Pat Example", _EXAMPLE_DAY, _EXAMPLE_DAY + timedelta(days=7), sample_link(),
    )  # fmt: skip
    written = write(letter, words.subject, words.body)
    return Preview("Example customer", written.subject, written.text, "", is_sample=True)
