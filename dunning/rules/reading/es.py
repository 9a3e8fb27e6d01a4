"""How Spanish says it. Words and patterns only. "Pagamos" is past and present alike, so it is read as neither."""

from dunning.rules.reading.language import Language, numbered, pattern

_WORDS = """
    la de que en un el los las y nos usted ustedes es son una del para su nuestra nuestro por que con hemos será
    factura pago gracias hola saludos buenos días al se lo semana viernes estimados fue ha está
"""
_MONTHS = numbered(
    "enero ene,febrero feb,marzo mar,abril abr,mayo may,junio jun,julio jul,agosto "
    "ago,septiembre setiembre sept sep,"
    "octubre oct,noviembre nov,diciembre dic",
    first=1,
)
_DAYS = numbered("lunes,martes,miércoles miercoles,jueves,viernes,sábado sabado,domingo", first=0)
_NUMBERS = numbered("un una,dos,tres,cuatro,cinco,seis,siete,ocho,nueve,diez,once,doce,trece,catorce", first=1) | {
    "quince": 15
}
_N = r"(?P<n>\d{1,3}|" + "|".join(_NUMBERS) + ")"
_PAY = (
    r"(?:pagar|abonar|liquidar|transferir|ingresar|saldar|(?:realizar|efectuar|hacer|"
    r"enviar) (?:el |la |un |una |su |dicho |dicha )?(?:pago|transferencia|abono|ingreso)|"
    r"proceder al pago)(?:les|lo|la|los|las|le)?"
)
_MONEY = r"(?:pago|transferencia|abono|ingreso|importe|factura|dinero)"
_WILL = (
    r"(?:pagaremos|pagaré|abonaremos|abonaré|liquidaremos|liquidaré|transferiremos|transferiré|"
    r"ingresaremos|ingresaré|saldaremos|"
    r"(?:realizaremos|realizaré|efectuaremos|efectuaré|haremos|haré|enviaremos|enviaré) (?:el |"
    r"la |un |una |su |dicho |dicha )?(?:pago|transferencia|abono|ingreso)|"
    rf"procederemos al (?:pago|abono)|(?:vamos|voy) a {_PAY})"
)
_NEXT = r"(?:próximo|proximo|que viene|siguiente)"

SPANISH = Language(
    code="es",
    words=frozenset(_WORDS.split()),
    months=_MONTHS,
    weekdays=_DAYS,
    numbers=_NUMBERS,
    relative=(
        ("today", pattern(r"\bhoy\b", r"\besta (?:tarde|noche)\b")),
        ("today_past", pattern(r"\bhoy\b", r"\besta mañana\b")),
        ("overmorrow", pattern(r"\bpasado mañana\b")),
        ("tomorrow", pattern(r"(?<!la )(?<!pasado )(?<!esta )\bmañana\b")),
        ("yesterday", pattern(r"\bayer\b")),
        ("before_yesterday", pattern(r"\banteayer\b")),
        ("last_week", pattern(r"\bla semana pasada\b")),
        ("this_week", pattern(r"\b(?:(?:a )?finales de |fin de )?esta semana\b")),
        (
            "next_week",
            pattern(
                r"\b(?:(?:a )?(?:principios|mediados|finales) de )?(?:la )?(?:próxima semana|proxima semana|"
                r"semana que viene|semana próxima|semana siguiente)\b"
            ),
        ),
        (
            "month_end",
            pattern(r"\b(?:a |el )?(?:fin|final|finales) (?:de|del|de este) mes\b(?! (?:próximo|que viene))"),
        ),
        (
            "next_month_end",
            pattern(r"\b(?:a )?(?:fin|final|finales) (?:de|del) (?:próximo mes|mes (?:próximo|que viene))\b"),
        ),
        ("named_month_end", pattern(rf"\b(?:a )?(?:fin|final|finales) de (?P<m>{'|'.join(_MONTHS)})\b")),
        ("in_days", pattern(rf"\b(?:en|dentro de|en un plazo de)(?: los)?(?: próximos)? {_N} días?\b(?! de retraso)")),
        ("in_weeks", pattern(rf"\b(?:en|dentro de|en un plazo de)(?: las)?(?: próximas)? {_N} semanas?\b")),
        (
            "day_of_month",
            pattern(r"\b(?:el|antes del) (?:próximo )?(?:día )?(?P<d>\d{1,2})(?=\W*$|[,;.]| como| por| a | para)"),
        ),
    ),
    next_weekday=pattern(_NEXT),
    next_skips=False,
    not_when=pattern(
        r"\b(?:de fecha|con fecha(?: de)?|fechada(?: el)?|emitida(?: el)?|desde(?: el)?|"
        r"vencida(?: el)?|vencimiento|nº|n°)\s(?:de\s)?$",
        r"\bfacturas? (?:[\w/-]{1,20} )?(?:del|de)\s$",
    ),
    clauses=pattern(
        r"[;:]\s",
        r",\s",
        r"\s-\s",
        r"\s(?:pero|sin embargo|aunque|sino)\s",
        r"\sy (?=(?:pagaremos|pagaré|abonaremos|abonaré|haremos|será|se pagará)\b)",
    ),
    governed=pattern(r"(?:que|la cual|el cual)\b"),
    negation=pattern(
        r"\bno\b(?! más tarde)",
        r"\bnunca\b",
        r"\bjamás\b",
        r"\bning[uú]n\w*\b",
        r"\btampoco\b",
        r"\bsin\b(?! (?:falta|demora|más|retraso))",
        r"\bimposible\b",
        r"\brechaz\w*\b",
        r"\bneg(?:amos|arse|ar)\b",
        r"\bni\b",
        r"\bincapaces?\b",
        r"\ben lugar de\b",
    ),
    doubt=pattern(
        r"\b(?:si|cuando|en cuanto|tan pronto|una vez|siempre que|siempre|a condición|podría\w*|"
        r"podremos|podemos|puedo|podré|debería\w*|debemos|debo|esper\w*|intent\w*|"
        r"trat(?:aremos|aré|amos|o) de|quizás?|tal vez|probablemente|posiblemente|normalmente|"
        r"generalmente|habitualmente|cada|todos los|querríamos|quisiéramos|queremos|"
        r"después de|tras (?:recibir|la entrega|la recepción|revisar)|depende\w*|creo|creemos|"
        r"pensamos|pienso|"
        r"pensaba|dud\w+|a lo mejor|aproximadamente|salvo|a menos|propon\w*|ofrec\w*|o|"
        r"prevemos|previsiblemente|pedi\w*|solicit\w*|exig\w*|como pronto)\b",
    ),
    part=pattern(
        r"\b(?:mitad|partes?|parcial(?:mente|es)?|plazos|cuotas?|tercio|anticipo|una de las|"
        r"algunas?)\b",
        r"\d ?%",
    ),
    promise=pattern(
        rf"\b{_WILL}\b",
        r"\b(?:será|serán|quedará|quedarán)(?: \w+mente)? (?:pagad[ao]s?|abonad[ao]s?|liquidad[ao]s?|"
        r"transferid[ao]s?|saldad[ao]s?|ingresad[ao]s?)\b",
        r"\bse (?:les |le )?(?:pagará|pagarán|abonará|abonarán|liquidará|liquidarán|transferirá|"
        r"ingresará|hará efectiv[ao])\b",
        r"\b(?:pago|transferencia|abono|ingreso)\b.{0,50}\b(?:se (?:realizará|efectuará|hará|enviará)|"
        r"está (?:programad[ao]|previst[ao]|planificad[ao])|saldrá|será (?:realizad[ao]|efectuad[ao]|"
        r"enviad[ao])|llegará)\b",
        r"\bse (?:realizará|efectuará|hará|enviará) (?:el |la |su )?(?:pago|transferencia|abono|"
        r"ingreso)\b",
        rf"\b{_MONEY}\b.{{0,40}}\bestá (?:programad[ao]|previst[ao]|planificad[ao])\b",
        r"\b(?:recibirán?|tendrán?) (?:el |su |la )?(?:pago|transferencia|dinero|abono|importe)\b",
        rf"\b(?:prometemos|prometo|nos comprometemos a|me comprometo a) {_PAY}\b",
    ),
    paid=pattern(
        r"\b(?:hemos|he|ha|han)(?: ya)? (?:pagado|abonado|liquidado|transferido|ingresado|saldado|"
        r"realizado (?:el |la |un |una )?(?:pago|transferencia)|hecho (?:el |la |un |una )?(?:pago|"
        r"transferencia)|efectuado (?:el |la |un |una )?(?:pago|transferencia))\b",
        r"\b(?:ha|han|fue|fueron|está|están)(?: ya)?(?: sido)? (?:pagad[ao]s?|abonad[ao]s?|"
        r"liquidad[ao]s?|transferid[ao]s?|saldad[ao]s?|cargad[ao]s?)\b",
        r"\bya (?:está |fue |la |lo )?(?:pagad[ao]s?|pagamos|abonamos|abonad[ao]s?|liquidad[ao]s?)\b",
        r"\b(?:pago|transferencia)\b.{0,30}\b(?:se (?:realizó|hizo|efectuó)|fue (?:realizad[ao]|"
        r"hech[ao]|efectuad[ao])|ha sido (?:realizad[ao]|efectuad[ao]|enviad[ao]))\b",
        r"\b(?:realizamos|hicimos|efectuamos) (?:el |la |una? )?(?:pago|transferencia)\b",
    ),
    reference=pattern(
        r"\b(?:referencia|ref|concepto|número de (?:operación|"
        r"transferencia))[.:#\s]{1,3}(?:es )?(?P<ref>[a-z0-9/-]{0,20}\d[a-z0-9/-]{2,20})"
    ),
    disputes=(
        (
            "not_received",
            pattern(
                r"\bno hemos recibido (?:la |el |los |las |ninguna |ningún )?(?:mercancía|pedido|entrega|"
                r"material|productos?|paquete|envío|servicio)\b",
                r"\b(?:mercancía|pedido|entrega|material|producto|paquete|envío)\b.{0,40}\b(?:nunca|"
                r"no) (?:ha |han |fue )?(?:llegó|llegado|llegaron|entregad[ao]|recibid[ao]|"
                r"sido entregad[ao])\b",
                r"\bservicio no (?:se )?(?:prestó|prestado|realizado)\b",
            ),
        ),
        (
            "duplicate",
            pattern(
                r"\b(?:facturad[ao]s?|cobrad[ao]s?|factura) (?:dos veces|por duplicado|duplicada)\b",
                r"\bfacturado (?:dos veces|doble)\b",
            ),
        ),
        (
            "quality",
            pattern(
                r"\b(?:dañad[ao]s?|defectuos[ao]s?|rot[ao]s?|en mal estado|mala calidad|inservibles?|"
                r"averiad[ao]s?)\b"
            ),
        ),
        (
            "quantity",
            pattern(
                r"\bcantidad(?:es)? (?:es |son |está )?(?:incorrectas?|errónea\w*|equivocada\w*|no (?:es|"
                r"coincide))\b",
                r"\bsolo (?:hemos recibido|recibimos|llegaron) \d+\b",
                r"\bfaltan \d+\b",
            ),
        ),
        (
            "price",
            pattern(
                r"\bprecios? (?:\w+ ){0,2}(?:incorrectos?|erróneos?|equivocados?|no (?:es|son|coinciden?|"
                r"corresponden?)|más altos?)\b",
                r"\bcobrado de más\b",
                r"\bdescuento (?:\w+ )?(?:falta|no)\b",
                r"\bno es el precio acordado\b",
            ),
        ),
        (
            "po_missing",
            pattern(
                r"\b(?:falta|sin|necesitamos) (?:el |un )?número de (?:pedido|orden)\b",
                r"\bnúmero de (?:pedido|orden)\b.{0,20}\b(?:falta|obligatorio|necesario|no aparece)\b",
            ),
        ),
        (
            "other",
            pattern(
                r"\b(?:impugnamos|impugno|disputamos|reclamamos|discrepamos)\b",
                r"\bno (?:aceptamos|acepto|estamos de acuerdo|estoy de acuerdo|reconocemos)\b",
                r"\bfactura\b.{0,20}\b(?:es|está) (?:incorrecta|errónea|mal|equivocada)\b",
                r"\b(?:nunca|no) (?:hemos )?(?:pedimos|pedido|encargado|solicitado)\b",
                r"\b(?:esperamos|solicitamos) (?:el |un |su )?(?:abono de la factura|nota de crédito|"
                r"factura rectificativa)\b",
                r"\bpedido\b.{0,20}\b(?:cancelado|anulado)\b",
            ),
        ),
    ),
    no_dispute=pattern(
        r"\bno (?:impugnamos|disputamos|reclamamos|está dañad[ao]|están dañad[ao]s)\b",
        r"\bsin (?:reclamaciones|incidencias)\b",
        r"\bninguna (?:reclamación|objeción|incidencia)\b",
        r"\bno (?:hay|tenemos) (?:ninguna )?(?:reclamación|objeción|queja)\b",
    ),
    away=pattern(
        r"\bfuera de (?:la )?oficina\b",
        r"\bde vacaciones\b",
        r"\bde baja\b",
        r"\bausente\b",
        r"\b(?:estoy|estaré) de viaje\b",
        r"\bno (?:estaré|estoy) en la oficina\b",
    ),
    until=pattern(r"\b(?:hasta|al)\s(?:el\s)?(?:próximo\s)?(?:\w+\s)?(?:día\s)?$"),
    back=pattern(
        r"\b(?:de vuelta|de regreso|regreso|regresaré|vuelvo|volveré|reincorporaré|reincorporo|"
        r"a partir del)\b.{0,22}$"
    ),
    left=pattern(
        r"\bya no (?:trabaja|forma parte|está (?:en la empresa|con nosotros)|pertenece)\b",
        r"\bha (?:dejado|abandonado) (?:la|nuestra) (?:empresa|compañía)\b",
        r"\bdejó (?:la|nuestra) (?:empresa|compañía)\b",
        r"\bse ha jubilado\b",
    ),
    wrong=pattern(
        r"\bno (?:soy|es|somos) (?:la persona|el contacto|el destinatario|el departamento|"
        r"el responsable|la responsable|responsable)\b",
        r"\bpersona equivocada\b",
        r"\b(?:contacto|departamento|destinatario|correo) (?:equivocado|incorrecto|erróneo)\b",
        r"\bno (?:me encargo|llevo|gestiono)\b",
    ),
    instead=pattern(
        r"\b(?:contact(?:e|en|ar|o)|escrib(?:a|an|ir)|dir[ií](?:ja|janse|jase|girse|gir)\w*|envi(?:e|"
        r"en|ar)|env[ií]e\w*|póngase|pónganse|sustitu\w*|urgen\w*|responsable|encargad[ao]|hable|"
        r"llame|es|está)\b"
    ),
)
