"""Starter packs: complete, possible, off, and installed once."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from customers.models import LegalEntity
from dunning.models import NoticeTemplate, Policy
from dunning.queries.policies import channels
from dunning.queries.words import gaps_of
from dunning.rules.policy_problems import DraftStep, Means, problems_of
from dunning.rules.starters import STARTERS
from dunning.services.install_policy import install_standard_policy
from dunning.services.install_starter import install_starter
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

KINDS = list(STARTERS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_pack_is_a_possible_policy_with_words_in_every_language(kind: str, entity: LegalEntity) -> None:
    policy = install_starter(entity=entity, kind=kind, actor=None, by="test")
    words = set(NoticeTemplate.objects.filter(is_current=True).values_list("key", "stage", "channel"))
    enabled = channels()
    means = Means(enabled, {code for code, one in enabled.items() if one.written}, words)
    drafts = [
        DraftStep(one.name, one.offset_days, one.channel, one.stage, days_to_pay=one.days_to_pay, words=one.words,
                  fee=one.fee)
        for one in policy.steps.all()
    ]  # fmt: skip
    assert problems_of(drafts, min_days_between=policy.min_days_between, means=means) == []
    assert gaps_of(policy) == []
    assert (policy.is_active, policy.mode, policy.rehearsed_at) == (False, Policy.Mode.REVIEW, None)
    key = STARTERS[kind].words
    languages = set(NoticeTemplate.objects.filter(key=key).values_list("language", flat=True))
    assert languages == {code for code, _ in settings.LANGUAGES}
    assert all(step.why.endswith(".") for step in STARTERS[kind].steps)


def test_installing_twice_changes_nothing_that_people_changed(entity: LegalEntity) -> None:
    policy = install_starter(entity=entity, kind="services", actor=None, by="test")
    Policy.objects.filter(pk=policy.pk).update(min_amount=Decimal(77), name="Ours")
    NoticeTemplate.objects.filter(key="services").update(subject="Ours")
    again = install_starter(entity=entity, kind="services", actor=None, by="test")
    assert (again.pk, again.name, again.min_amount) == (policy.pk, "Ours", Decimal(77))
    assert set(NoticeTemplate.objects.filter(key="services").values_list("subject", flat=True)) == {"Ours"}


def test_a_second_policy_is_for_customers_of_its_strategy(entity: LegalEntity) -> None:
    install_standard_policy(entity)
    policy = install_starter(entity=entity, kind="consumer", actor=None, by="test")
    assert (policy.strategy, policy.rank) == ("consumer", 50)


def test_the_command_says_what_it_did(entity: LegalEntity) -> None:
    out = StringIO()
    call_command("install_starter", "wholesale", "--entity", entity.code, "--format", "json", stdout=out)
    assert json.loads(out.getvalue())["steps"] == 7
    with pytest.raises(CommandError, match="Choose one of"):
        call_command("install_starter", "bakery", "--entity", entity.code)
    with pytest.raises(CommandError, match="no legal entity"):
        call_command("install_starter", "wholesale", "--entity", "XX99")


def test_a_manager_installs_a_pack_from_its_page_and_others_do_not(client: Client, cast: Cast) -> None:
    entity = factories.entity()
    address = reverse("dunning_starters")
    client.force_login(cast.viewer)
    assert "Consumers and utilities" in client.get(address).content.decode()
    assert client.post(address, {"kind": "consumer", "entity": entity.pk}).status_code == 403
    client.force_login(cast.lead)
    answer = client.post(address, {"kind": "consumer", "entity": entity.pk})
    assert answer["Location"] == reverse("dunning_policy", args=[Policy.objects.get().pk])
    other = factories.entity("FR09", team=factories.team("Southern team"))
    assert client.post(address, {"kind": "consumer", "entity": other.pk}).status_code == 422
