"""The fixed words around a notice (column heads, buttons, footers), per language, so that no label is left in another
one (R18). Another language is another entry of this table and a set of templates."""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The labels of one language. `colon` is what stands behind a label; French puts a hard space before it."""

    invoice: str
    issued: str
    due: str
    days_late: str
    late_one: str
    late_many: str
    amount: str
    credits: str
    fee: str
    interest: str
    total: str
    held: str
    pay_button: str
    pay_sentence: str
    iban: str
    bic: str
    account_holder: str
    reference: str
    partly: str
    date: str
    customer_number: str
    phone: str
    mail: str
    page: str
    call: str
    footer: str
    footer_informal: str
    wrote: str
    colon: str = ":"

    def late(self, days: int) -> str:
        """'1 day late', '9 days late'."""
        return (self.late_one if days == 1 else self.late_many).format(n=days)


WORDS: Mapping[str, Words] = {
    "en": Words(
        invoice="Invoice",
        issued="Dated",
        due="Due",
        days_late="Days late",
        late_one="{n} day late",
        late_many="{n} days late",
        amount="Open",
        credits="Credits and payments not yet allocated",
        fee="Reminder fee",
        interest="Interest so far, not part of the total",
        total="Total",
        held="In clarification, not asked for now",
        pay_button="See and pay",
        pay_sentence="See the invoices, pay, or tell us if something is wrong:",
        iban="IBAN",
        bic="BIC",
        account_holder="Account holder",
        reference="Reference",
        partly="the rest is in clarification",
        date="Date",
        customer_number="Customer number",
        phone="Telephone",
        mail="E-mail",
        page="Page",
        call="Call {name} about {amount}: {number} is {days} days late.",
        footer="If you have paid in the meantime, thank you; please disregard this message. "
        "Wrong recipient or an objection? Reply to this message.",
        footer_informal="If you have paid in the meantime, thank you; please disregard this message. "
        "Wrong recipient or an objection? Reply to this message.",
        wrote="On {day}, {name} wrote:",
    ),
    "de": Words(
        invoice="Rechnung",
        issued="Vom",
        due="Fällig",
        days_late="Tage überfällig",
        late_one="{n} Tag überfällig",
        late_many="{n} Tage überfällig",
        amount="Offen",
        credits="Gutschriften und noch nicht zugeordnete Zahlungen",
        fee="Mahngebühr",
        interest="Zinsen bis heute, nicht in der Summe enthalten",
        total="Summe",
        held="In Klärung, derzeit nicht angefordert",
        pay_button="Ansehen und bezahlen",
        pay_sentence="Rechnungen ansehen, bezahlen oder uns sagen, wenn etwas nicht stimmt:",
        iban="IBAN",
        bic="BIC",
        account_holder="Kontoinhaber",
        reference="Verwendungszweck",
        partly="der Rest ist in Klärung",
        date="Datum",
        customer_number="Kundennummer",
        phone="Telefon",
        mail="E-Mail",
        page="Seite",
        call="{name} anrufen wegen {amount}: {number} ist {days} Tage überfällig.",
        footer="Wenn Sie inzwischen bezahlt haben, danken wir Ihnen; diese Nachricht ist dann gegenstandslos. "
        "Falscher Empfänger oder ein Einwand? Antworten Sie einfach auf diese Nachricht.",
        footer_informal="Wenn du inzwischen bezahlt hast, danken wir dir; diese Nachricht ist dann gegenstandslos. "
        "Falscher Empfänger oder ein Einwand? Antworte einfach auf diese Nachricht.",
        wrote="Am {day} schrieb {name}:",
    ),
    "fr": Words(
        invoice="Facture",
        issued="Du",
        due="Échéance",
        days_late="Jours de retard",
        late_one="{n} jour de retard",
        late_many="{n} jours de retard",
        amount="Reste dû",
        credits="Avoirs et paiements non encore affectés",
        fee="Frais de relance",
        interest="Intérêts à ce jour, non compris dans le total",
        total="Total",
        held="En cours de vérification, non réclamé pour le moment",
        pay_button="Consulter et payer",
        pay_sentence="Pour consulter les factures, payer ou signaler un problème :",
        iban="IBAN",
        bic="BIC",
        account_holder="Titulaire du compte",
        reference="Référence du virement",
        partly="le reste est en cours de vérification",
        date="Date",
        customer_number="Numéro de client",
        phone="Téléphone",
        mail="Courriel",
        page="Page",
        call="Appeler {name} au sujet de {amount} : {number} a {days} jours de retard.",
        footer="Si vous avez réglé entre-temps, nous vous remercions et vous prions de ne pas tenir compte de ce "
        "message. Vous n’êtes pas le bon destinataire, ou vous contestez cette somme ? Répondez simplement à ce "
        "message.",
        footer_informal="Si tu as réglé entre-temps, merci ; ne tiens pas compte de ce message. "
        "Tu n’es pas le bon destinataire, ou tu contestes cette somme ? Réponds simplement à ce message.",
        wrote="Le {day}, {name} a écrit :",
        colon=" :",
    ),
    "es": Words(
        invoice="Factura",
        issued="Fecha",
        due="Vencimiento",
        days_late="Días de retraso",
        late_one="{n} día de retraso",
        late_many="{n} días de retraso",
        amount="Pendiente",
        credits="Abonos y pagos aún sin asignar",
        fee="Gastos de reclamación",
        interest="Intereses hasta hoy, no incluidos en el total",
        total="Total",
        held="En aclaración, no se reclama por ahora",
        pay_button="Ver y pagar",
        pay_sentence="Para ver las facturas, pagar o avisarnos si algo no está bien:",
        iban="IBAN",
        bic="BIC",
        account_holder="Titular de la cuenta",
        reference="Concepto",
        partly="el resto está en aclaración",
        date="Fecha",
        customer_number="Número de cliente",
        phone="Teléfono",
        mail="Correo electrónico",
        page="Página",
        call="Llamar a {name} por {amount}: {number} lleva {days} días de retraso.",
        footer="Si entretanto ya ha pagado, se lo agradecemos; en ese caso no tenga en cuenta este mensaje. "
        "¿No es usted el destinatario correcto o no está de acuerdo? Responda a este mensaje.",
        footer_informal="Si entretanto ya has pagado, te lo agradecemos; en ese caso no tengas en cuenta este mensaje. "
        "¿No eres el destinatario correcto o no estás de acuerdo? Responde a este mensaje.",
        wrote="El {day}, {name} escribió:",
    ),
    "nl": Words(
        invoice="Factuur",
        issued="Datum",
        due="Vervalt",
        days_late="Dagen te laat",
        late_one="{n} dag te laat",
        late_many="{n} dagen te laat",
        amount="Openstaand",
        credits="Creditnota’s en nog niet toegewezen betalingen",
        fee="Aanmaningskosten",
        interest="Rente tot vandaag, niet in het totaal",
        total="Totaal",
        held="In onderzoek, nu niet gevraagd",
        pay_button="Bekijken en betalen",
        pay_sentence="Facturen bekijken, betalen of laten weten dat er iets niet klopt:",
        iban="IBAN",
        bic="BIC",
        account_holder="Rekeninghouder",
        reference="Betalingskenmerk",
        partly="de rest is in onderzoek",
        date="Datum",
        customer_number="Klantnummer",
        phone="Telefoon",
        mail="E-mail",
        page="Pagina",
        call="Bel {name} over {amount}: {number} is {days} dagen te laat.",
        footer="Hebt u intussen betaald, dan danken wij u; u kunt dit bericht dan als niet verzonden beschouwen. "
        "Bent u niet de juiste persoon of hebt u bezwaar? Beantwoord dit bericht.",
        footer_informal="Heb je intussen betaald, dan danken we je; je kunt dit bericht dan als niet verzonden "
        "beschouwen. Ben je niet de juiste persoon of heb je bezwaar? Beantwoord dit bericht.",
        wrote="Op {day} schreef {name}:",
    ),
}


def language_of(*wanted: str) -> str:
    """The first of these languages that we can write in, by its bare code; English if none."""
    for code in wanted:
        bare = code.replace("_", "-").split("-")[0].lower()
        if bare in WORDS:
            return bare
    return "en"
