"""English sentences and what is to be read in them. A promise that is not one would be the worst mistake."""

import pytest

from tests.dunning.rules.reading.corpus import read

PROMISES = {
    "We will pay 1.200,50 EUR on Friday.": "promise 2026-11-20 1200.50 EUR",
    "We will pay EUR 1,200.50 by 15 December.": "promise 2026-12-15 1200.50 EUR",
    "I'll transfer the full amount tomorrow.": "promise 2026-11-18",
    "We'll settle the invoice by the end of the week.": "promise 2026-11-20",
    "Payment will be made next week.": "promise 2026-11-27",
    "The invoice will be paid on 3rd December.": "promise 2026-12-03",
    "Your invoice is scheduled for payment on 27/11/2026.": "promise 2026-11-27",
    "Payment of £2,350 has been scheduled for Monday.": "promise 2026-11-23 2350.00 GBP",
    "We are paying the outstanding balance on Friday, 20 November.": "promise 2026-11-20",
    "Both invoices are included in our payment run on the 30th.": "promise 2026-11-30",
    "No problem, we will pay on Thursday.": "promise 2026-11-19",
    "We cannot pay today, but we will pay on Friday.": "promise 2026-11-20",
    "I would like to inform you that we will transfer the amount by 1 December.": "promise 2026-12-01",
    "We will pay no later than 30 November.": "promise 2026-11-30",
    "You will receive the payment within 5 days.": "promise 2026-11-22",
    "We will pay 500 EUR on Friday and 700 EUR on 4 December.":
        "promise 2026-11-20 500.00 EUR; promise 2026-12-04 700.00 EUR",
    "We will transfer the money in two weeks.": "promise 2026-12-01",
    "We will pay at the end of the month.": "promise 2026-11-30",
    "Regarding invoice R-4711 dated 3 November, we will pay it on Friday next week.": "promise 2026-11-27",
    "Will pay on Friday.": "promise 2026-11-20",
    "I shall send you the payment on Wednesday.": "promise 2026-11-18",
}  # fmt: skip
NOTHING = (
    "If goods are damaged, please tell us.",
    "Our meeting was cancelled.",
    "Our heating is broken, sorry for the delay.",
    "Should you dispute this, call me.",
    "The bank will be closed on Friday.",
    "Our auditors will be here until Friday, 20 November.",
    "Please confirm that you will pay on Friday.",
    "They will pay on Friday.",
    "The customer promised to pay on Friday.",
    "We will pay the other supplier first, perhaps you on Friday.",
    "We will pay 500 EUR, 700 EUR on Friday.",
    "We will pay on 31 November.",
    "We will pay within 500 days.",
    "I will be back on Friday and look into the payment.",
    "We deny that the invoice will be paid on Friday.",
    "It is impossible for us to say that we will pay on Friday.",
    "We will have paid by Friday.",
    "We will pay 10% on Friday.",
    "We had promised that we will pay on Friday, but this is off.",
    "We'll pay as soon as possible.",
    "Yesterday we agreed we would pay on Friday.",
    "The cheque is in the mail.",
    "We will not pay on Friday.",
    "We won't be able to pay before 15 December.",
    "We never said we will pay on Friday.",
    "I don't think we will pay on Friday.",
    "We will pay on Friday if the goods arrive.",
    "Once the credit note arrives, we will pay by 15 December.",
    "We hope to pay on Friday.",
    "We will try to pay by Friday.",
    "We should be able to pay on Friday.",
    "Will we have to pay by Friday?",
    "Can we pay on 15 December?",
    "You asked us to pay by Friday.",
    "We will pay soon.",
    "We will pay half on Friday.",
    "We will pay on Friday or Monday.",
    "We will pay on Friday, 21 November.",  # the 21st is a Saturday
    "We usually pay on the 15th of each month.",
    "We have not paid yet.",
    "The invoice was not paid because of a mistake.",
    "If we have already paid, please ignore this.",
    "Have we paid this already?",
    "Please send us a copy of the invoice, we never received it.",
    "The goods are not damaged, everything is fine.",
    "Thank you for your message, I will look into it on Friday.",
    "Our new bookkeeper starts on 1 December.",
    "We will discuss this on Friday.",
    "We may pay 15 invoices.",
)
OTHERS = {
    "We cancelled nothing, but the order was cancelled by your colleague.": "dispute other",
    "Three items arrived broken.": "dispute quality",
    "We have already paid this invoice.": "already_paid",
    "We paid 1,200.50 EUR on 12 November, reference TX-99812.": "already_paid 2026-11-12 1200.50 EUR TX-99812",
    "The invoice was paid last Friday.": "already_paid 2026-11-13",
    "Payment was made yesterday.": "already_paid 2026-11-16",
    "We dispute this invoice.": "dispute other",
    "Half of the pallets arrived damaged.": "dispute quality",
    "We did not receive the goods.": "dispute not_received",
    "The price is not what we agreed.": "dispute price",
    "We only received 8 of 10 boxes.": "dispute quantity",
    "You have invoiced us twice for the same order.": "dispute duplicate",
    "The PO number is missing on your invoice.": "dispute po_missing",
    "I am out of the office until 5 December.": "out_of_office 2026-12-05",
    "I am on annual leave. I will be back on Monday, 30 November.": "out_of_office 2026-11-29",
    "I am out of office until 24/11/2026. In urgent cases please contact Jane Doe (jane.doe@acme.example).":
        "out_of_office 2026-11-24 Jane Doe jane.doe@acme.example",
    "Pat Miller has left the company. Please contact accounts@acme.example instead.": "left accounts@acme.example",
    "She no longer works here.": "left",
    "I am not the right person for this. Please write to Mr. Tom Baker <tom@acme.example>.":
        "wrong_contact Tom Baker tom@acme.example",
    "You have the wrong department.": "wrong_contact",
    "The goods were damaged, but we will pay 500 EUR on Friday.":
        "promise 2026-11-20 500.00 EUR; dispute quality 500.00 EUR",
}  # fmt: skip


@pytest.mark.parametrize(("said", "found"), PROMISES.items())
def test_a_promise_is_read_with_its_day_and_amount(said: str, found: str) -> None:
    assert read(said) == found


@pytest.mark.parametrize("said", NOTHING)
def test_what_is_no_promise_and_no_dispute_is_left_to_a_person(said: str) -> None:
    assert read(said) == "-"


@pytest.mark.parametrize(("said", "found"), OTHERS.items())
def test_other_answers_are_read(said: str, found: str) -> None:
    assert read(said) == found


def test_a_day_that_can_be_read_in_two_ways_is_none_unless_the_country_says_which() -> None:
    said = "We will pay on 12/11/2026."
    assert read(said, country="") == "-"
    assert read(said, country="US") == "promise 2026-12-11"
    assert read("We will pay on 1/12/2026.", country="GB") == "promise 2026-12-01"
    assert read("We will pay on 11/27/2026.", country="") == "promise 2026-11-27"


def test_a_dollar_is_the_customers() -> None:
    assert read("We will pay $500 on Friday.", currency="CAD") == "promise 2026-11-20 500.00 CAD"
    assert read("We will pay $500 on Friday.", currency="EUR") == "promise 2026-11-20 500.00 USD"
