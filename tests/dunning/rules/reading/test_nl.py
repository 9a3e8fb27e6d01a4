"""Dutch sentences and what is to be read in them."""

import pytest

from tests.dunning.rules.reading.corpus import read

PROMISES = {
    "Wij betalen volgende week.": "promise 2026-11-27",
    "We zullen vrijdag 1.200,50 EUR overmaken.": "promise 2026-11-20 1200.50 EUR",
    "De factuur wordt op 3 december betaald.": "promise 2026-12-03",
    "Het bedrag wordt morgen overgemaakt.": "promise 2026-11-18",
    "Wij maken het bedrag vrijdag over.": "promise 2026-11-20",
    "Ik betaal de factuur uiterlijk 30 november.": "promise 2026-11-30",
    "De betaling volgt op 27-11-2026.": "promise 2026-11-27",
    "Wij gaan de factuur binnen 10 dagen betalen.": "promise 2026-11-27",
    "De betaling staat gepland voor donderdag.": "promise 2026-11-19",
    "Vrijdag betalen wij 500 euro.": "promise 2026-11-20 500.00 EUR",
    "Vandaag lukt het niet. Wij betalen maandag.": "promise 2026-11-23",
    "Excuses, wij waren het vergeten, we betalen morgen.": "promise 2026-11-18",
    "Wij voldoen de factuur eind van de maand.": "promise 2026-11-30",
    "U ontvangt de betaling over twee weken.": "promise 2026-12-01",
    "Beide facturen worden op 04/12 betaald.": "promise 2026-12-04",
    "Wij betalen 500 € op vrijdag en 700 € op 4 december.":
        "promise 2026-11-20 500.00 EUR; promise 2026-12-04 700.00 EUR",
    "Wij bevestigen dat wij de factuur van 3 november op 26 november betalen.": "promise 2026-11-26",
    "Wij betalen overmorgen.": "promise 2026-11-19",
    "Wij betalen op vrijdag 20 november.": "promise 2026-11-20",
    "We betalen de 30e.": "promise 2026-11-30",
}  # fmt: skip
NOTHING = (
    "Als de goederen beschadigd zijn, laat het weten.",
    "De klant betaalt vrijdag.",
    "Wij betalen op 31 november.",
    "De vergadering staat gepland voor 15 december.",
    "U betaalt vrijdag.",
    "Wij betalen pas na levering op 15 december.",
    "Wij betalen vrijdag 10 %.",
    "Wij betalen vrijdag niet.",
    "Wij hebben nog niet betaald.",
    "De factuur is niet betaald.",
    "Wij betalen vrijdag als de goederen er zijn.",
    "Zodra de creditnota er is, betalen wij op 15 december.",
    "Wij hopen vrijdag te betalen.",
    "Wij zouden vrijdag kunnen betalen.",
    "Wij proberen vrijdag te betalen.",
    "Kunnen wij op 15 december betalen?",
    "Wij betalen binnenkort.",
    "Wij betalen vrijdag de helft.",
    "Wij betalen vrijdag of maandag.",
    "Wij betalen altijd op de 15e van de maand.",
    "U vraagt ons om voor vrijdag te betalen.",
    "Wij betalen nooit voor 15 december.",
    "Wij hebben geen bezwaar.",
    "Ik bel u vrijdag.",
    "Hebben wij dit al betaald?",
    "Stuur ons een kopie van de factuur alstublieft.",
    "Waarschijnlijk betalen wij vrijdag.",
    "De goederen zijn niet beschadigd.",
)
OTHERS = {
    "Wij hebben deze factuur al betaald.": "already_paid",
    "Wij hebben op 12 november 1.200,50 € overgemaakt, kenmerk NL-7712.": "already_paid 2026-11-12 1200.50 EUR NL-7712",
    "De factuur is gisteren betaald.": "already_paid 2026-11-16",
    "De betaling is op 09-11-2026 verricht.": "already_paid 2026-11-09",
    "Wij betwisten deze factuur.": "dispute other",
    "De goederen waren beschadigd.": "dispute quality",
    "Wij hebben de goederen nooit ontvangen.": "dispute not_received",
    "De prijs klopt niet.": "dispute price",
    "Er ontbreken 3 dozen.": "dispute quantity",
    "Dit is dubbel gefactureerd.": "dispute duplicate",
    "Het inkoopnummer ontbreekt op de factuur.": "dispute po_missing",
    "Ik ben afwezig tot 5 december.": "out_of_office 2026-12-05",
    "Ik ben op vakantie. Ik ben weer aanwezig op 30 november.": "out_of_office 2026-11-29",
    "Ik ben niet op kantoor tot en met 27 november. Bij spoed kunt u contact opnemen met Jan "
    "de Boer (jan@acme.example).":
        "out_of_office 2026-11-27 Jan de Boer jan@acme.example",
    "Mevrouw Smit werkt niet meer bij ons. Mail naar administratie@acme.example.": "left administratie@acme.example",
    "Hij is uit dienst.": "left",
    "Ik ben niet de juiste persoon. Graag mailen naar facturen@acme.example.": "wrong_contact facturen@acme.example",
    "U heeft de verkeerde contactpersoon.": "wrong_contact",
}  # fmt: skip


@pytest.mark.parametrize(("said", "found"), PROMISES.items())
def test_a_promise_is_read_with_its_day_and_amount(said: str, found: str) -> None:
    assert read(said, language="nl", country="NL") == found


@pytest.mark.parametrize("said", NOTHING)
def test_what_is_no_promise_and_no_dispute_is_left_to_a_person(said: str) -> None:
    assert read(said, language="nl", country="NL") == "-"


@pytest.mark.parametrize(("said", "found"), OTHERS.items())
def test_other_answers_are_read(said: str, found: str) -> None:
    assert read(said, language="nl", country="NL") == found
