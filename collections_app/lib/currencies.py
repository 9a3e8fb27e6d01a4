"""ISO 4217: which codes exist and how many decimals each has. Our own table, because CLDR's digits are for display.

Must not hold rates, names or symbols' translations. Units that are not money (XAU, XDR, XTS, XXX) are left out.
"""

from decimal import Decimal

from collections_app.lib.errors import BadInput, quoted

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DECIMALS = "CLF UYW"
_TWO_DECIMALS = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP
    COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
    JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN
    NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
# Withdrawn, but old ledgers still hold open items in them.
_WITHDRAWN = "ANG BGN CUC HRK LTL LVL MRO SLL STD VEF ZMK ZWL"

_QUANTA: dict[str, Decimal] = {
    **dict.fromkeys(_NO_DECIMALS.split(), Decimal("1")),
    **dict.fromkeys(_TWO_DECIMALS.split() + _WITHDRAWN.split(), Decimal("0.01")),
    **dict.fromkeys(_THREE_DECIMALS.split(), Decimal("0.001")),
    **dict.fromkeys(_FOUR_DECIMALS.split(), Decimal("0.0001")),
}


def is_currency(code: object) -> bool:
    """Whether this is an ISO 4217 currency code in capitals, current or recently withdrawn."""
    return isinstance(code, str) and code in _QUANTA


def quantum(currency: str) -> Decimal:
    """The smallest unit of the currency: 0.01 for EUR, 1 for JPY, 0.001 for KWD. Unknown code: BadInput."""
    if not is_currency(currency):
        raise BadInput(
            f"{quoted(currency)} is not a currency code. Use the three capital letters of ISO 4217, such as EUR.",
            code="unknown_currency",
        )
    return _QUANTA[currency]


def digits(currency: str) -> int:
    """How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD. Unknown code: BadInput."""
    return -int(quantum(currency).as_tuple().exponent)
