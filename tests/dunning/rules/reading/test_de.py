"""German sentences and what is to be read in them."""

import pytest

from tests.dunning.rules.reading.corpus import read

PROMISES = {
    "Wir zahlen bis zum 15.12.": "promise 2026-12-15",
    "Wir werden den Betrag von 1.200,50 EUR am Freitag überweisen.": "promise 2026-11-20 1200.50 EUR",
    "Die Rechnung wird am 01.12.2026 bezahlt.": "promise 2026-12-01",
    "Der Betrag wird morgen überwiesen.": "promise 2026-11-18",
    "Am Freitag überweisen wir 500 Euro.": "promise 2026-11-20 500.00 EUR",
    "Ich überweise den Betrag heute noch.": "promise 2026-11-17",
    "Wir begleichen die Rechnung nächste Woche.": "promise 2026-11-27",
    "Die Zahlung erfolgt am 15. Dezember.": "promise 2026-12-15",
    "Ihre Rechnung ist für den 30.11. zur Zahlung vorgemerkt.": "promise 2026-11-30",
    "Wir bestätigen, dass wir den Betrag am 27.11. überweisen.": "promise 2026-11-27",
    "Leider haben wir die Rechnung übersehen, wir zahlen bis Freitag.": "promise 2026-11-20",
    "Wir können heute nichts tun. Am Montag zahlen wir 2.000 €.": "promise 2026-11-23 2000.00 EUR",
    "Die Zahlung wird bis Ende der Woche veranlasst.": "promise 2026-11-20",
    "Wir überweisen die Summe innerhalb von 10 Tagen.": "promise 2026-11-27",
    "Wir werden bis Monatsende zahlen.": "promise 2026-11-30",
    "Wir zahlen am Freitag, dem 20. November.": "promise 2026-11-20",
    "Wir zahlen 500 € am Freitag und 700 € am 04.12.": "promise 2026-11-20 500.00 EUR; promise 2026-12-04 700.00 EUR",
    "Sie erhalten das Geld spätestens am 24.11.2026.": "promise 2026-11-24",
    "Wir haben die Rechnung vom 03.11. geprüft, die Überweisung erfolgt am Donnerstag.": "promise 2026-11-19",
    "Die Rechnung Nr. 4711 wird in zwei Wochen bezahlt.": "promise 2026-12-01",
    "Gerne, wir überweisen übermorgen.": "promise 2026-11-19",
}  # fmt: skip
NOTHING = (
    "Falls die Ware beschädigt ist, melden Sie sich.",
    "Der Termin wurde storniert.",
    "Bis Freitag sind unsere Prüfer im Haus.",
    "Sie werden am Freitag zahlen.",
    "Wir zahlen am 31.11.",
    "Zahlungsziel ist der 15.12.",
    "Wir zahlen 500 €, 700 € am Freitag.",
    "Am 15.12. wird über die Rechnung entschieden.",
    "Ihre Rechnung vom 15.12. wird bezahlt.",
    "Die Rechnung wird erst nach Lieferung am 15.12. bezahlt.",
    "Wir zahlen 30 Tage nach Erhalt.",
    "Wir zahlen am Freitag 10 %.",
    "Bitte bestätigen Sie, dass Sie am 15.12. zahlen.",
    "Wir zahlen nicht am Freitag.",
    "Wir werden am 15.12. nicht zahlen.",
    "Wir haben noch nicht bezahlt.",
    "Die Rechnung wurde nicht bezahlt.",
    "Wir zahlen am Freitag, wenn die Ware da ist.",
    "Sobald die Gutschrift da ist, überweisen wir am 15.12.",
    "Wir hoffen, dass wir am Freitag zahlen.",
    "Wir könnten am Freitag zahlen.",
    "Wir würden am 15.12. überweisen.",
    "Voraussichtlich zahlen wir am Freitag.",
    "Können wir am 15.12. zahlen?",
    "Zahlen wir am Freitag?",
    "Sie haben uns gebeten, bis Freitag zu zahlen.",
    "Wir zahlen bald.",
    "Wir zahlen die Hälfte am Freitag.",
    "Wir zahlen am Freitag oder am Montag.",
    "Wir zahlen immer am 15. des Monats.",
    "Wir werden keine Zahlung am 15.12. leisten.",
    "Wir verweigern die Zahlung, die am 15.12. fällig wird.",
    "Haben wir das schon bezahlt?",
    "Die Ware ist nicht beschädigt.",
    "Ich melde mich am Freitag.",
    "Wir prüfen die Rechnung bis zum 20.11.",
    "Bitte senden Sie uns eine Kopie der Rechnung.",
    "Wir zahlen am Freitag, 21.11.",
)
OTHERS = {
    "Der Auftrag wurde von uns storniert.": "dispute other",
    "Die Rechnung haben wir bereits am 03.11. bezahlt.": "already_paid 2026-11-03",
    "Wir haben 1.200,50 € am 12.11.2026 überwiesen, Verwendungszweck RE-2026-77.":
        "already_paid 2026-11-12 1200.50 EUR RE-2026-77",
    "Der Betrag wurde gestern überwiesen.": "already_paid 2026-11-16",
    "Das ist schon bezahlt.": "already_paid",
    "Wir widersprechen der Rechnung.": "dispute other",
    "Die Ware war beschädigt.": "dispute quality",
    "Wir haben die Ware nie erhalten.": "dispute not_received",
    "Der Preis stimmt nicht.": "dispute price",
    "Es wurden nur 8 statt 10 Kartons geliefert.": "dispute quantity",
    "Die Leistung wurde doppelt berechnet.": "dispute duplicate",
    "Auf der Rechnung fehlt die Bestellnummer, bitte die Bestellnummer angeben.": "dispute po_missing",
    "Ich bin bis zum 05.12. nicht im Büro.": "out_of_office 2026-12-05",
    "Ich bin derzeit im Urlaub. Ab dem 30.11. bin ich wieder erreichbar.": "out_of_office 2026-11-29",
    "Ich bin bis einschließlich 27.11.2026 abwesend. In dringenden Fällen wenden Sie sich "
    "bitte an Frau Eva Klein (eva.klein@acme.example).":
        "out_of_office 2026-11-27 Eva Klein eva.klein@acme.example",
    "Herr Maier ist nicht mehr bei uns tätig. Bitte wenden Sie sich an buchhaltung@acme.example.":
        "left buchhaltung@acme.example",
    "Frau Sommer hat das Unternehmen verlassen.": "left",
    "Ich bin dafür nicht zuständig. Bitte schreiben Sie an rechnung@acme.example.":
        "wrong_contact rechnung@acme.example",
    "Ich bin der falsche Ansprechpartner.": "wrong_contact",
}  # fmt: skip


@pytest.mark.parametrize(("said", "found"), PROMISES.items())
def test_a_promise_is_read_with_its_day_and_amount(said: str, found: str) -> None:
    assert read(said, language="de") == found


@pytest.mark.parametrize("said", NOTHING)
def test_what_is_no_promise_and_no_dispute_is_left_to_a_person(said: str) -> None:
    assert read(said, language="de") == "-"


@pytest.mark.parametrize(("said", "found"), OTHERS.items())
def test_other_answers_are_read(said: str, found: str) -> None:
    assert read(said, language="de") == found
