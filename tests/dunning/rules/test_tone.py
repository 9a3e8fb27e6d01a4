"""The second pair of eyes: threats, hard words out of place, and the wrong way to address people."""

import pytest

from dunning.rules.tone import is_informal, threat_in, wrong_address_in

THREATS = [
    ("en", "We will call the police."),
    ("en", "Pay now, or else."),
    ("en", "We will inform your employer."),
    ("en", "You are a thief"),
    ("de", "Sonst erstatten wir Strafanzeige."),
    ("de", "Wir schicken die Polizei."),
    ("de", "Es folgt ein Eintrag bei der SCHUFA."),
    ("de", "Sie werden es bereuen."),
    ("fr", "Nous déposerons plainte."),
    ("fr", "Nous viendrons à votre domicile."),
    ("fr", "Vous risquez la prison."),
    ("es", "Le pondremos una denuncia."),
    ("es", "Es usted un moroso."),
    ("es", "Irá a la cárcel."),
    ("nl", "Wij doen aangifte bij de politie."),
    ("nl", "Wij bellen uw werkgever."),
    ("nl", "U komt op de zwarte lijst."),
]
HARD = [
    ("en", "We will take legal action."),
    ("en", "A collection agency takes over."),
    ("de", "Wir geben die Sache an ein Inkassounternehmen."),
    ("de", "Es folgt ein Mahnbescheid."),
    ("fr", "Nous saisirons le tribunal."),
    ("fr", "Un huissier vous contactera."),
    ("es", "Iniciaremos acciones legales."),
    ("es", "Acudiremos al juzgado."),
    ("nl", "Wij schakelen een incassobureau in."),
    ("nl", "De deurwaarder komt."),
]
CALM = [
    ("en", "Our policy: please pay. We ship within 10 days and arrange everything."),
    ("en", "Perhaps it slipped through; the forum is open."),
    ("de", "Wir haften nicht dafür. Die Haftung bleibt. Bitte zahlen Sie."),
    ("de", "Der Betrag ist angezeigt, die Anlage liegt bei."),
    ("fr", "Le volume et la qualité ont été vérifiés, merci."),
    ("es", "El pago está pendiente desde el lunes."),
    ("nl", "Onze cellen zijn geleverd en de levering is compleet."),
]


@pytest.mark.parametrize(("language", "line"), THREATS)
def test_a_threat_is_found_in_every_language_even_in_a_last_letter(language: str, line: str) -> None:
    assert "threat" in threat_in(line, language, is_final=True)


@pytest.mark.parametrize(("language", "line"), HARD)
def test_what_follows_may_be_named_in_the_last_letter_only(language: str, line: str) -> None:
    assert "final stage" in threat_in(line, language, is_final=False)
    assert threat_in(line, language, is_final=True) == ""


@pytest.mark.parametrize(("language", "line"), CALM)
def test_calm_words_are_left_alone(language: str, line: str) -> None:
    assert threat_in(line, language, is_final=False) == ""


@pytest.mark.parametrize(
    ("language", "polite", "familiar"),
    [
        ("de", "Bitte zahlen Sie Ihre Rechnung.", "Bitte zahl deine Rechnung, du hast sie."),
        ("fr", "Nous vous prions de régler votre facture.", "Tu peux régler ta facture."),
        ("es", "Le rogamos que usted pague.", "Te pedimos que pagues tu factura."),
        ("nl", "Wilt u uw factuur betalen?", "Wil je jouw factuur betalen?"),
    ],
)
def test_the_agreed_way_to_address_people_is_kept(language: str, polite: str, familiar: str) -> None:
    assert wrong_address_in(polite, language, informal=False) == ""
    assert "does not fit" in wrong_address_in(familiar, language, informal=False)
    assert wrong_address_in(familiar, language, informal=True) == ""
    assert "does not fit" in wrong_address_in(polite, language, informal=True)
    assert is_informal(familiar, language)
    assert not is_informal(polite, language)


def test_english_has_one_way_and_an_unknown_language_is_not_judged() -> None:
    assert wrong_address_in("You owe us.", "en", informal=True) == ""
    assert threat_in("policja", "pl", is_final=False) == ""
    assert not is_informal("you", "en")
