"""Shows a template's words filled in: for a customer as things stand today, for the latest notice of the stage, or for
an example. What it shows is written by the same code as what is sent. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from collections_app.lib.errors import BadInput, Refusal
from customers.models import Contact, Customer, LegalEntity
from customers.queries.clock import business_day
from dunning.models import Notice, NoticeItem, NoticeTemplate, Policy, Step
from dunning.queries.facts import facts_about
from dunning.queries.late import NOTHING_LATE, late_figures
from dunning.queries.policies import channel, policy_of_customer
from dunning.rules.decide import decide
from dunning.rules.facts import Account, AskedItem, Decision, OpenItem, PolicyFacts
from dunning.rules.sentences import sentence
from dunning.rules.weigh import weigh
from dunning.services.compose import Figures, compose, sample_link
from dunning.services.preview import Preview, unfilled_words

_EXAMPLE_DAY = date(2026, 3, 2)


def preview_template(
    template: NoticeTemplate,
    *,
    subject: str,
    body: str,
    policies: QuerySet[Policy],
    customer: Customer | None = None,
) -> Preview:
    """The filled words: for this customer as of today, else for the latest notice of these policies in this stage."""
    words = NoticeTemplate(stage=template.stage, channel=template.channel, language=template.language)
    words.subject, words.body = subject, body
    try:
        if customer is not None:
            return _for_customer(customer, words)
        real = (
            Notice.objects.filter(policy__in=policies, stage=template.stage)
            .select_related("customer", "contact", "entity", "step")
            .order_by("-pk")
            .first()
        )
        return _for_notice(real, words) if real else _for_example(words, policies)
    except Refusal as refused:
        return Preview("", problem=refused.sentence, marked=unfilled_words(refused, subject, body))


def _for_customer(customer: Customer, words: NoticeTemplate) -> Preview:
    """What would go to the customer today, were this stage its turn; `note` says where today is not the day."""
    policy = policy_of_customer(customer)
    day = business_day(policy.entity)
    facts = facts_about(policy, {customer.pk}, day)
    account, decision = _account(facts.accounts, facts.rules, words.stage, day)
    notice = _notice(customer, policy, account, words, day)
    person = facts.people[customer.pk]
    person = person.addressed(decision.step) if decision.step else person
    notice.contact = Contact.objects.get(pk=person.contact_id) if person.contact_id else None
    if decision.proposes:
        late = late_figures([(person, account.currency, decision)], entity=policy.entity, on=day)
        figures = late.get((customer.pk, account.currency), NOTHING_LATE)
        notice.fee_amount, notice.interest_amount = figures.fee.amount, figures.interest
        shown = Figures(decision.items, decision.amount, decision.credits, day, decision.held)
        own = decision.step is not None and decision.step.stage == words.stage
        note = (
            "" if own or decision.step is None else f"Today’s step for this customer would be “{decision.step.name}”."
        )
    else:
        shown = _asked_anyway(account, facts.rule_for(account), day)
        note = f"Today nothing would go out: {sentence(decision.code, decision.facts, account.currency)}"
    return replace(_composed(notice, shown), note=note)


def _account(
    accounts: Sequence[Account], rules: Mapping[int, PolicyFacts], stage: str, day: date
) -> tuple[Account, Decision]:
    """The account to show, of those in several currencies: where this stage is due, else any step, else the most."""
    if not accounts:
        raise BadInput("This customer has nothing open. Choose another one.", code="nothing_open")
    judged = [(account, decide(rules[account.version], account, day)) for account in accounts]
    return max(
        judged,
        key=lambda one: (
            one[1].step is not None and one[1].step.stage == stage,
            one[1].proposes,
            sum(item.open for item in one[0].items),
        ),
    )


def _asked_anyway(account: Account, rule: PolicyFacts, day: date) -> Figures:
    weighed = weigh(account.items, day, rule.days_after_delivery)
    items = weighed.overdue or weighed.not_due
    if not items:
        raise BadInput("Everything of this customer is paused. Choose another one.", code="all_paused")
    total = sum((one.asked for one in items), Decimal(0))
    credits = account.credits if account.credits < total else Decimal(0)
    return Figures(items, total - credits, credits, day)


def _notice(customer: Customer, policy: Policy, account: Account, words: NoticeTemplate, day: date) -> Notice:
    steps = policy.steps.filter(stage=words.stage).order_by("position") if policy.pk else Step.objects.none()
    step = next((one for one in steps if one.channel == words.channel), steps.first())
    return Notice(
        customer=customer, entity=policy.entity, currency=account.currency, stage=words.stage, channel=words.channel,
        language=words.language, template=words, step=step, step_name=step.name if step else "", as_of=day,
    )  # fmt: skip


def _for_notice(notice: Notice, words: NoticeTemplate) -> Preview:
    notice.template, notice.language, notice.channel = words, words.language, words.channel
    notice.written_subject = notice.written_body = ""
    asked = [_asked(row, notice.entity_id) for row in NoticeItem.objects.filter(notice=notice).order_by("due_on")]
    total = sum((one.asked for one in asked), Decimal(0))
    return _composed(notice, Figures(asked, notice.amount, max(total - notice.amount, Decimal(0)), notice.as_of))


def _asked(row: NoticeItem, entity_id: int) -> AskedItem:
    item = OpenItem(row.invoice_id, row.number, entity_id, row.issued_on, row.due_on, row.open_amount,
                    instalment_id=row.instalment_id)  # fmt: skip
    return AskedItem(item, row.asked_amount, row.days_late)


def _for_example(words: NoticeTemplate, policies: QuerySet[Policy]) -> Preview:
    policy = policies.select_related("entity").first()
    own = policy.entity if policy else LegalEntity(pk=0, name="Example seller", currency="EUR")
    due = _EXAMPLE_DAY + timedelta(days=3 if words.stage == "preventive" else -12)
    item = OpenItem(0, "R-1001", own.pk, due - timedelta(days=30), due, Decimal("1234.00"))
    who = Customer(name="Example customer", number="C00001", address="1 Example Street\n12345 Example")
    notice = Notice(customer=who, entity=own, currency="EUR", stage=words.stage, channel=words.channel,
                    language=words.language, template=words, as_of=_EXAMPLE_DAY)  # fmt: skip
    asked = AskedItem(item, item.open, (_EXAMPLE_DAY - due).days)
    return _composed(notice, Figures([asked], item.open, Decimal(0), _EXAMPLE_DAY))


def _composed(notice: Notice, figures: Figures) -> Preview:
    link = sample_link() if channel(notice.channel).written else ""
    written = compose(notice, figures, link=link, sellers=LegalEntity.objects.in_bulk())
    return Preview(notice.customer.name, written.subject, written.text, written.html, is_sample=True)
