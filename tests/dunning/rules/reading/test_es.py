"""Spanish sentences and what is to be read in them."""

import pytest

from tests.dunning.rules.reading.corpus import read

PROMISES = {
    "Pagaremos la semana que viene.": "promise 2026-11-27",
    "Les pagaremos 1.200,50 EUR el viernes.": "promise 2026-11-20 1200.50 EUR",
    "La factura será pagada el 3 de diciembre.": "promise 2026-12-03",
    "Realizaremos la transferencia mañana.": "promise 2026-11-18",
    "Vamos a pagar 500 euros antes del 15/12/2026.": "promise 2026-12-15 500.00 EUR",
    "Se abonará el importe el próximo lunes.": "promise 2026-11-23",
    "El pago se realizará a finales de mes.": "promise 2026-11-30",
    "Haremos la transferencia en 10 días.": "promise 2026-11-27",
    "El pago está programado para el 27 de noviembre de 2026.": "promise 2026-11-27",
    "Hoy no podemos hacer nada. Pagaremos el jueves.": "promise 2026-11-19",
    "Sí, pagaremos el viernes.": "promise 2026-11-20",
    "Disculpe, se nos olvidó, pagaremos mañana.": "promise 2026-11-18",
    "Las dos facturas serán abonadas el 04/12.": "promise 2026-12-04",
    "Recibirán el pago en dos semanas.": "promise 2026-12-01",
    "Nos comprometemos a pagar el 1 de diciembre.": "promise 2026-12-01",
    "Transferiremos 500 € el viernes y 700 € el 4 de diciembre.":
        "promise 2026-11-20 500.00 EUR; promise 2026-12-04 700.00 EUR",
    "Le confirmo que abonaremos la factura del 3 de noviembre el 26 de noviembre.": "promise 2026-11-26",
    "Voy a hacer la transferencia pasado mañana.": "promise 2026-11-19",
    "Abonaremos la factura el día 30.": "promise 2026-11-30",
    "Pagaremos el viernes 20 de noviembre.": "promise 2026-11-20",
}  # fmt: skip
NOTHING = (
    "Si la mercancía está dañada, avísenos.",
    "El cliente pagará el viernes.",
    "Pagaremos el 31 de noviembre.",
    "La reunión está prevista para el 15 de diciembre.",
    "Ustedes pagarán el viernes.",
    "No se pagará hasta el 15 de diciembre.",
    "Pagaremos tras la entrega el viernes.",
    "No pagaremos el viernes.",
    "Todavía no hemos pagado.",
    "La factura no ha sido pagada.",
    "Pagaremos el viernes si llega la mercancía.",
    "En cuanto recibamos el abono, pagaremos el 15 de diciembre.",
    "Esperamos pagar el viernes.",
    "Podríamos pagar el 15 de diciembre.",
    "Intentaremos pagar el viernes.",
    "¿Podemos pagar el 15 de diciembre?",
    "Pagamos el viernes.",  # paid or will pay: nobody knows
    "Pagaremos pronto.",
    "Pagaremos la mitad el viernes.",
    "Pagaremos el viernes o el lunes.",
    "Siempre pagamos el día 15.",
    "Nos piden que paguemos antes del viernes.",
    "Nunca pagaremos el 15 de diciembre.",
    "No hay ninguna reclamación.",
    "Le llamaré el viernes.",
    "¿Ya hemos pagado esta factura?",
    "Por favor, envíenos una copia de la factura.",
    "Probablemente pagaremos el viernes.",
)
OTHERS = {
    "Ya hemos pagado esta factura.": "already_paid",
    "Hemos transferido 1.200,50 € el 12 de noviembre, referencia TR-5512.":
        "already_paid 2026-11-12 1200.50 EUR TR-5512",
    "La factura fue pagada ayer.": "already_paid 2026-11-16",
    "El pago se realizó el 09/11/2026.": "already_paid 2026-11-09",
    "Impugnamos esta factura.": "dispute other",
    "La mercancía llegó dañada.": "dispute quality",
    "No hemos recibido la mercancía.": "dispute not_received",
    "El precio no es el acordado.": "dispute price",
    "Faltan 3 cajas en la entrega.": "dispute quantity",
    "Nos han facturado dos veces lo mismo.": "dispute duplicate",
    "Falta el número de pedido en la factura.": "dispute po_missing",
    "Estoy fuera de la oficina hasta el 5 de diciembre.": "out_of_office 2026-12-05",
    "Estoy de vacaciones. Vuelvo el 30 de noviembre.": "out_of_office 2026-11-29",
    "Estaré ausente hasta el 27 de noviembre. En caso de urgencia, contacte con Ana López (ana.lopez@acme.example).":
        "out_of_office 2026-11-27 Ana López ana.lopez@acme.example",
    "El señor García ya no trabaja en la empresa. Contacte con pagos@acme.example.": "left pagos@acme.example",
    "Ha dejado la empresa.": "left",
    "No soy la persona adecuada. Escriba a facturas@acme.example.": "wrong_contact facturas@acme.example",
    "Tienen el departamento equivocado.": "wrong_contact",
}  # fmt: skip


@pytest.mark.parametrize(("said", "found"), PROMISES.items())
def test_a_promise_is_read_with_its_day_and_amount(said: str, found: str) -> None:
    assert read(said, language="es", country="ES") == found


@pytest.mark.parametrize("said", NOTHING)
def test_what_is_no_promise_and_no_dispute_is_left_to_a_person(said: str) -> None:
    assert read(said, language="es", country="ES") == "-"


@pytest.mark.parametrize(("said", "found"), OTHERS.items())
def test_other_answers_are_read(said: str, found: str) -> None:
    assert read(said, language="es", country="ES") == found
