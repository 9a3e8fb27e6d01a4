"""French sentences and what is to be read in them."""

import pytest

from tests.dunning.rules.reading.corpus import read

PROMISES = {
    "Nous paierons le 3 décembre.": "promise 2026-12-03",
    "Nous vous réglerons 1 200,50 € vendredi.": "promise 2026-11-20 1200.50 EUR",
    "Le virement sera effectué demain.": "promise 2026-11-18",
    "La facture sera payée la semaine prochaine.": "promise 2026-11-27",
    "Nous allons payer 500 euros avant le 15/12/2026.": "promise 2026-12-15 500.00 EUR",
    "Je vous ferai le virement lundi.": "promise 2026-11-23",
    "Nous la réglerons au plus tard le 30 novembre.": "promise 2026-11-30",
    "Le paiement est prévu le 27 novembre 2026.": "promise 2026-11-27",
    "Nous effectuerons le virement sous 10 jours.": "promise 2026-11-27",
    "Le règlement interviendra à la fin du mois.": "promise 2026-11-30",
    "Nous ne pouvons rien faire aujourd'hui. Nous paierons vendredi prochain.": "promise 2026-11-20",
    "Nous nous engageons à payer le 1er décembre.": "promise 2026-12-01",
    "Vous recevrez le paiement dans deux semaines.": "promise 2026-12-01",
    "Désolé, nous avions oublié, nous paierons demain.": "promise 2026-11-18",
    "Votre facture est programmée pour vendredi 20 novembre.": "promise 2026-11-20",
    "Les deux factures seront réglées le 04/12.": "promise 2026-12-04",
    "Nous virerons 500 € vendredi et 700 € le 4 décembre.":
        "promise 2026-11-20 500.00 EUR; promise 2026-12-04 700.00 EUR",
    "Nous vous confirmons que nous paierons la facture du 3 novembre le 26 novembre.": "promise 2026-11-26",
    "On vous paie après-demain.": "promise 2026-11-19",
    "Nous procéderons au virement jeudi.": "promise 2026-11-19",
}  # fmt: skip
NOTHING = (
    "Si la marchandise est endommagée, dites-le-nous.",
    "Le client paiera vendredi.",
    "Vous payez vendredi.",
    "Nous paierons le 31 novembre.",
    "La réunion est prévue le 15 décembre.",
    "Nous ne contestons rien, nous vérifions.",
    "Après livraison nous paierons le 15 décembre.",
    "Vous serez payés vendredi ou plus tard.",
    "Nous ne paierons pas vendredi.",
    "Nous n'avons pas encore payé.",
    "La facture n'a pas été réglée.",
    "Nous paierons vendredi si la marchandise arrive.",
    "Dès réception de l'avoir, nous paierons le 15 décembre.",
    "Nous espérons payer vendredi.",
    "Nous devrions payer le 15 décembre.",
    "Nous pourrions payer vendredi.",
    "Pouvons-nous payer le 15 décembre ?",
    "Le virement sera effectué prochainement.",
    "Nous paierons la moitié vendredi.",
    "Nous paierons vendredi ou lundi.",
    "Nous payons toujours le 15 du mois.",
    "Vous nous demandez de payer avant vendredi.",
    "Nous refusons de payer le 15 décembre.",
    "Nous ne contestons pas la facture.",
    "Merci de nous envoyer une copie de la facture.",
    "Je vous rappelle vendredi.",
    "Avons-nous déjà payé cette facture ?",
    "Nous n'avons aucune réclamation.",
    "Nous paierons vendredi 21 novembre.",
)
OTHERS = {
    "Nous avons déjà payé cette facture.": "already_paid",
    "Nous avons réglé 1 200,50 € le 12 novembre, référence VIR-8812.": "already_paid 2026-11-12 1200.50 EUR VIR-8812",
    "La facture a été payée hier.": "already_paid 2026-11-16",
    "Le virement a déjà été effectué le 09/11/2026.": "already_paid 2026-11-09",
    "Nous contestons cette facture.": "dispute other",
    "La marchandise était endommagée.": "dispute quality",
    "Nous n'avons jamais reçu la marchandise.": "dispute not_received",
    "Le prix ne correspond pas à notre commande.": "dispute price",
    "Il en manque 3 dans la livraison.": "dispute quantity",
    "Cette prestation a été facturée deux fois.": "dispute duplicate",
    "Le numéro de commande est manquant sur la facture.": "dispute po_missing",
    "Je suis absente jusqu'au 5 décembre.": "out_of_office 2026-12-05",
    "Je suis en congés. Je serai de retour le 30 novembre.": "out_of_office 2026-11-29",
    "Je suis absent du bureau jusqu'au 27 novembre inclus. En cas d'urgence, contactez Mme "
    "Anne Petit (anne.petit@acme.example).":
        "out_of_office 2026-11-27 Anne Petit anne.petit@acme.example",
    "M. Dupont a quitté la société. Merci de contacter compta@acme.example.": "left compta@acme.example",
    "Elle ne travaille plus chez nous.": "left",
    "Je ne suis pas la bonne personne. Veuillez écrire à factures@acme.example.": "wrong_contact factures@acme.example",
    "Vous avez le mauvais interlocuteur.": "wrong_contact",
}  # fmt: skip


@pytest.mark.parametrize(("said", "found"), PROMISES.items())
def test_a_promise_is_read_with_its_day_and_amount(said: str, found: str) -> None:
    assert read(said, language="fr", country="FR") == found


@pytest.mark.parametrize("said", NOTHING)
def test_what_is_no_promise_and_no_dispute_is_left_to_a_person(said: str) -> None:
    assert read(said, language="fr", country="FR") == "-"


@pytest.mark.parametrize(("said", "found"), OTHERS.items())
def test_other_answers_are_read(said: str, found: str) -> None:
    assert read(said, language="fr", country="FR") == found
