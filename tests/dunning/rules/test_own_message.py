"""What is said before a mail by hand leaves, and what keeps it: the same findings, whatever else is so."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning.rules.own_message import ASKS, BLOCKS, TELLS, Claim, Standing, findings, unanswered, why_not
from dunning.rules.reply_address import MAIL, NOTICE, read_reply_address, reply_address

DAY = date(2026, 3, 2)
PLAIN = Standing("pat@customer.example", DAY, DAY)


def claim(**parts: Any) -> Claim:
    told: dict[str, Any] = {name: Decimal(amount) for name, amount in parts.items()}
    return Claim(1, None, None, "R-1", 1, "EUR", DAY, DAY, **{"open": Decimal(100), **told})


@pytest.mark.parametrize(
    ("changed", "code", "weight"),
    [
        ({"address": ""}, "no_address", BLOCKS),
        ({"health": "bounced"}, "address_unreachable", BLOCKS),
        ({"health": "complained"}, "address_unreachable", BLOCKS),
        ({"has_moved": True}, "address_changed", BLOCKS),
        ({"allowed": False}, "not_allowed", BLOCKS),
        ({"merged": True}, "merged", BLOCKS),
        ({"related_party": True, "asks": True}, "related_party", BLOCKS),
        ({"gone": ["R-1"], "asks": True}, "paid", BLOCKS),
        ({"gone": ["R-2"], "claims": [claim()]}, "paid", ASKS),
        ({"changed": ["R-1"], "claims": [claim()]}, "changed", BLOCKS),
        ({"claims": [claim(promised="40")]}, "promised", ASKS),
        ({"claims": [claim(disputed="40")]}, "disputed", ASKS),
        ({"claims": [claim(on_plan="40")]}, "on_plan", ASKS),
        ({"claims": [claim(in_flight="40")]}, "in_flight", ASKS),
        ({"claims": [claim()], "credits": Decimal(100)}, "credits_open", ASKS),
        ({"hold": "with lawyers, until 9 Mar 2026"}, "hold", ASKS),
        ({"pause": "Moving house"}, "pause", ASKS),
        ({"contacted": "a call"}, "contact_budget", ASKS),
        ({"is_queued": True}, "contact_budget", ASKS),
        ({"week_is_full": True}, "contact_budget", ASKS),
        ({"stopped": "A wrong file."}, "stopped", ASKS),
        ({"hour_there": 22}, "quiet_hours", TELLS),
        ({"hour_there": 7}, "quiet_hours", TELLS),
        ({"test_address": "box@nordwind.example"}, "test_mode", TELLS),
    ],
)
def test_u28_each_thing_is_said_with_its_weight(changed: dict[str, Any], code: str, weight: str) -> None:
    (found,) = findings(replace(PLAIN, **changed))
    assert (found.code, found.weight) == (code, weight)
    assert found.sentence.endswith(".")


def test_nothing_is_said_where_nothing_speaks_against_it() -> None:
    assert findings(PLAIN) == []
    assert findings(replace(PLAIN, claims=[claim()], asks=True)) == []
    assert findings(replace(PLAIN, related_party=True)) == [], "an answer asks for nothing"


def test_w03_a08_what_is_disputed_or_on_its_way_is_not_asked_for_and_what_is_promised_is() -> None:
    assert claim(disputed="30", in_flight="20", promised="50").asked == 50
    assert claim(disputed="80", in_flight="80").asked == 0


def test_r17_credits_are_taken_off_unless_they_cover_all() -> None:
    some = replace(PLAIN, claims=[claim()], credits=Decimal(30))
    assert (some.asked, some.credited) == (Decimal(70), Decimal(30))
    all_of_it = replace(PLAIN, claims=[claim()], credits=Decimal(100))
    assert (all_of_it.asked, all_of_it.credited) == (Decimal(100), Decimal(0))


_CLAIMS = st.builds(claim, promised=st.sampled_from(["0", "5"]), disputed=st.sampled_from(["0", "7"]))
_STANDINGS = st.builds(
    Standing, address=st.sampled_from(["", "a@b.example"]), on=st.just(DAY), day_there=st.just(DAY),
    claims=st.lists(_CLAIMS, max_size=2),
    gone=st.lists(st.just("R-9"), max_size=1), changed=st.lists(st.just("R-1"), max_size=1), asks=st.booleans(),
    merged=st.booleans(), related_party=st.booleans(), health=st.sampled_from(["ok", "bounced", "left"]),
    hold=st.sampled_from(["", "away, until 9 Mar 2026"]), contacted=st.sampled_from(["", "a mail"]),
    allowed=st.booleans(),
)  # fmt: skip


@given(_STANDINGS)
def test_a_mail_is_kept_here_exactly_for_what_its_writer_would_have_been_told(standing: Standing) -> None:
    found = findings(standing)
    asked = {one.code for one in found if one.weight == ASKS}
    grave = [one for one in found if one.weight == BLOCKS]
    assert (why_not(standing, asked) is None) == (not grave)
    assert (why_not(standing, ()) is None) == (not grave and not asked)
    assert {one.code for one in unanswered(found, ())} == asked
    assert unanswered(found, asked) == []


def test_the_address_of_a_mail_is_none_of_a_notice_and_cannot_be_guessed() -> None:
    key = b"a key of tests"
    address = reply_address("ar@nordwind.example", 17, key, kind=MAIL)
    assert read_reply_address(address, key, kind=MAIL) == 17
    assert read_reply_address(address, key) is None
    assert read_reply_address(reply_address("ar@nordwind.example", 17, key), key, kind=NOTICE) == 17
    assert read_reply_address(address.replace("+m17", "+m18"), key, kind=MAIL) is None
    assert read_reply_address(address.replace("+m", "+r"), key) is None
