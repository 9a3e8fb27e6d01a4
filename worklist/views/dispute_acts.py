"""What can be done with a dispute on its page: one form, one service and one sentence each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from invoices.models import DisputeCase
from invoices.services.add_to_case import add_to_case
from invoices.services.ask_colleague import ask_colleague
from invoices.services.change_case import change_case
from invoices.services.close_case import close_case
from invoices.services.comment_case import comment_case
from invoices.services.move_case import move_case
from invoices.services.reopen_case import reopen_case
from worklist.forms import dispute_case as forms
from worklist.forms.dispute_case import AboutCase
from worklist.services.mail_question import mail_question

Words = str | Lazy


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in a sentence; `link` is an address to show once, and `problem` why it could not be mailed."""

    text: str
    link: str = ""
    problem: str = ""


def change(form: forms.ChangeForm, about: AboutCase) -> Done:
    """The changed case."""
    change_case(
        case=about.case, version=form.cleaned_data["version"], values=form.values(), on=about.on, actor=about.person
    )
    return Done(_("%(reference)s changed.") % {"reference": about.case.reference})


def move(form: forms.MoveForm, about: AboutCase) -> Done:
    """The moved case."""
    data = form.cleaned_data
    case = move_case(
        case=about.case, to=data["to"], seen=data["seen"], text=data["text"], on=about.on, actor=about.person
    )  # fmt: skip
    return Done(_("%(reference)s: %(stage)s.") % {"reference": case.reference, "stage": case.get_stage_display()})


def comment(form: forms.CommentForm, about: AboutCase) -> Done:
    """The case with the comment."""
    data = form.cleaned_data
    comment_case(case=about.case, text=data["text"], files=data["attached"], on=about.on, actor=about.person)
    return Done(_("Saved with %(reference)s.") % {"reference": about.case.reference})


def ask(form: forms.AskForm, about: AboutCase) -> Done:
    """The asked colleague, with the link to copy."""
    data = form.cleaned_data
    question, url = ask_colleague(
        case=about.case, name=data["to_name"], email=data["to_email"], text=data["question"], now=timezone.now(),
        on=about.on, actor=about.person,
    )  # fmt: skip
    problem = mail_question(question=question, url=url, actor=about.person)
    words = _("%(name)s was asked.") if not problem else _("The question to %(name)s is kept, but was not mailed.")
    return Done(words % {"name": question.to_name}, link=url, problem=problem)


def add(form: forms.AddForm, about: AboutCase) -> Done:
    """The case with the further invoices."""
    items = [(form.found[pk], amount) for pk, amount in form.cleaned_data["invoices"]]
    add_to_case(case=about.case, items=items, on=about.on, actor=about.person)
    return Done(_("Added to %(reference)s.") % {"reference": about.case.reference})


def close(form: forms.CloseForm, about: AboutCase) -> Done:
    """The ended case, or the one that waits for a second person."""
    case = close_case(case=about.case, on=about.on, actor=about.person, **form.cleaned_data)
    if case.stage == DisputeCase.Stage.APPROVAL:
        return Done(
            _("%(reference)s waits for a second person; nothing was posted yet.") % {"reference": case.reference}
        )
    return Done(_("%(reference)s closed.") % {"reference": case.reference})


def reopen(form: forms.ReopenForm, about: AboutCase) -> Done:
    """The case, open again."""
    reopen_case(case=about.case, why=form.cleaned_data["why"], on=about.on, actor=about.person)
    return Done(_("%(reference)s is open again.") % {"reference": about.case.reference})


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One action: its key, words, form and deed, and the states of a case in which it is offered."""

    code: str
    key: str
    icon: str
    word: Words
    title: Words
    submit: Words
    form: type[forms.CaseForm]
    perform: Callable[[Any, AboutCase], Done]
    when: Sequence[str]


OPEN, WAITING, CLOSED = "open", "waiting", "closed"
CASE_ACTS = {
    act.code: act
    for act in (
        CaseAct("move", "m", "arrow-right", _l("Move"), _l("Move to another stage"), _l("Move"), forms.MoveForm, move,
                (OPEN,)),
        CaseAct("comment", "c", "message-square", _l("Comment"), _l("Comment, or add files"), _l("Save"),
                forms.CommentForm, comment, (OPEN, WAITING, CLOSED)),
        CaseAct("ask", "a", "circle-question-mark", _l("Ask a colleague"), _l("Ask somebody without an account here"),
                _l("Send the question"), forms.AskForm, ask, (OPEN,)),
        CaseAct("change", "e", "pencil", _l("Change"), _l("Change owner, deadline, reason or amounts"), _l("Save"),
                forms.ChangeForm, change, (OPEN,)),
        CaseAct("add", "i", "plus", _l("Add invoices"), _l("Add further invoices"), _l("Add"), forms.AddForm, add,
                (OPEN,)),
        CaseAct("close", "w", "check-check", _l("End"), _l("End the dispute"), _l("End the dispute"), forms.CloseForm,
                close, (OPEN,)),
        CaseAct("reopen", "o", "rotate-ccw", _l("Open again"), _l("Open the dispute again"), _l("Open again"),
                forms.ReopenForm, reopen, (CLOSED,)),
    )
}  # fmt: skip


def state_of(case: DisputeCase) -> str:
    """Which of the actions fit: open, waiting for a second person, or closed."""
    stages = DisputeCase.Stage
    return {stages.CLOSED.value: CLOSED, stages.APPROVAL.value: WAITING}.get(case.stage, OPEN)
