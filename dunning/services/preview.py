"""Shows a notice as it will go out, or as it went. What is not sent yet is looked at and written exactly as sending
would do it now; only the pay link is a sample (D44). Writes nothing."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from collections_app.lib.errors import Refusal
from customers.models import DeliveryState, LegalEntity
from customers.queries.clock import business_day
from dunning.models import Notice
from dunning.queries.policies import channel
from dunning.rules.outcome import DRY_RUN
from dunning.rules.sentences import sentence
from dunning.rules.templates import Unfilled, marked
from dunning.services.compose import Figures, compose, own_words, sample_link
from dunning.services.look_at_notices import look_at

UNSENT = (DeliveryState.PROPOSED, DeliveryState.APPROVED, DeliveryState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Preview:
    """The words, and what stands in the way: `problem` is a sentence where it would not be sent as things are."""

    to: str
    subject: str = ""
    text: str = ""
    html: str = ""
    problem: str = ""
    is_sample: bool = False
    note: str = ""
    marked: str = ""  # safe HTML: the words with the placeholder that has no value (U26)


def preview(notice: Notice) -> Preview:
    """The notice as it went out, or as it would go out now."""
    if notice.state not in UNSENT and notice.reason != DRY_RUN:
        return Preview(notice.to_address, notice.subject, notice.body_text, notice.body_html)
    day = business_day(notice.policy.entity)
    decision, person = look_at([notice], on={notice.policy_id: day})[notice.pk]
    to = person.email if notice.channel == "email" else ""
    if not decision.proposes:
        return Preview(to, problem=sentence(decision.code, decision.facts, notice.currency))
    link = sample_link() if channel(notice.channel).written else ""
    figures = Figures(decision.items, decision.amount, decision.credits, day, decision.held)
    try:
        written = compose(notice, figures, link=link, sellers=LegalEntity.objects.in_bulk())
    except Refusal as refused:
        return Preview(to, problem=refused.sentence, marked=unfilled_words(refused, *own_words(notice)))
    return Preview(to, written.subject, written.text, written.html, is_sample=bool(link))


def unfilled_words(refused: Refusal, subject: str, body: str) -> SafeString:
    """The words with the placeholder marked that has no value; empty where something else was refused."""
    name = refused.name if isinstance(refused, Unfilled) else ""
    words = marked(f"{subject}\n\n{body}", name) if name else ""
    return mark_safe(words)  # noqa: S308 (escaped in rules.templates, sign by sign)
