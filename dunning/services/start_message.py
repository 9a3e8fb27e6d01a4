"""The words a mail by hand begins with: the template's, filled with what is known now, or the head of an answer. Writes
nothing to the database (U25)."""

from dataclasses import replace

from collections_app.accounts.models import User
from dunning.queries.mail_desk import Desk
from dunning.rules.letter import values_of
from dunning.rules.templates import prefilled
from dunning.services.compose_message import letter_of, sellers_for
from dunning.services.write_message import Draft, as_message

_LONGEST_SUBJECT = 200


def start_message(*, desk: Desk, actor: User, last_stage: str = "") -> Draft:
    """The draft to show first. `last_stage` is the stage of the customer's last notice, "" without one."""
    contact = desk.recipient()
    language = desk.language(contact)
    if desk.again is not None:
        return _repeated(desk)
    if desk.answers is not None:
        subject = desk.answers.subject or ""
        subject = subject if subject.casefold().startswith(("re:", "aw:")) else f"Re: {subject}".strip()
        body = signed("\n", actor)
        return Draft(contact, language, subject[:_LONGEST_SUBJECT], body, answers=desk.answers)
    claims = desk.chosen_claims()
    template = desk.template(desk.stage(last_stage), language) if claims else None
    draft = Draft(
        contact, language, "", "", tuple(one.key for one in claims), {one.key: one.label for one in claims},
        template=template,
    )  # fmt: skip
    return filled(draft, desk=desk, actor=actor)


def filled(draft: Draft, *, desk: Desk, actor: User) -> Draft:
    """The draft with its template's words, every placeholder that has a value replaced; with a bare greeting line where
    it has no template. Blocks, such as the table of invoices, stay: they are made when it leaves."""
    if draft.template is None:
        return replace(draft, subject="", body=signed("\n", actor))
    draft = replace(draft, subject=draft.template.subject, body=draft.template.body)
    message, standing = as_message(desk.customer, draft, actor, desk.known)
    letter = letter_of(message, standing, link="", sellers=sellers_for(message, standing))
    values = {name: value for name, value in values_of(letter).items() if name != "pay_address"}
    subject = " ".join(prefilled(draft.subject, values).split())[:_LONGEST_SUBJECT]
    body = prefilled(draft.body.replace("\r\n", "\n"), values).strip()
    return replace(draft, subject=subject, body=signed(body, actor, seller=letter.seller.name))


def signed(body: str, actor: User, *, seller: str = "") -> str:
    """The text with the writer's name below it, above the seller's where that stands at its end."""
    name, text = actor.get_full_name().strip(), body.rstrip()
    if name and seller and text.endswith(f"\n{seller}"):
        return f"{text.removesuffix(seller)}{name}\n{seller}\n"
    return f"{text}\n\n{name}\n" if name else f"{text}\n"


def _repeated(desk: Desk) -> Draft:
    before = desk.again
    assert before is not None
    claims = desk.chosen_claims()
    contacts = {row.email.casefold(): row for row in desk.contacts}
    return Draft(
        desk.recipient(), before.language, before.written_subject, before.written_body,
        tuple(one.key for one in claims), {one.key: one.label for one in claims},
        copies=[contacts[one.casefold()] for one in before.copies_to if one.casefold() in contacts],
        attaches_invoices=before.attaches_invoices, attaches_statement=before.attaches_statement,
        template=before.template,
        answers=desk.answers,
    )  # fmt: skip
