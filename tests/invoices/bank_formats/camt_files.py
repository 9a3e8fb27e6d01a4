"""Writes camt files for tests, as small as a test needs them. Every number in them is made up here."""

OWN, PAYER = "DE03700800900700800900", "DE05111222333444555666"
BODIES = {
    "052": ("BkToCstmrAcctRpt", "Rpt"), "053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
}  # fmt: skip


def namespace(kind: str = "053", version: str = "08") -> str:
    """The namespace of the message."""
    return f"urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"


def camt(*statements: str, kind: str = "053", version: str = "08", encoding: str = "UTF-8", head: str = "") -> bytes:
    """The file. `head` goes between declaration and document; statements are written as those of `kind`."""
    body, each = BODIES[kind]
    inner = "\n".join(one.replace("<Stmt>", f"<{each}>").replace("</Stmt>", f"</{each}>") for one in statements)
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n{head}<Document xmlns="{namespace(kind, version)}">\n<{body}>\n'
        f"<GrpHdr><MsgId>M1</MsgId></GrpHdr>\n{inner}\n</{body}>\n</Document>\n"
    )
    return text.encode(encoding)


def statement(
    *entries: str, account: str = f"<IBAN>{OWN}</IBAN>", currency: str = "EUR", opening: str = "", closing: str = "",
    balances: str = "", number: str = "7",
) -> str:  # fmt: skip
    """One statement. Balances are signed amounts in `currency`, left out when empty; `currency` may be empty too."""
    kept_in = f"<Ccy>{currency}</Ccy>" if currency else ""
    stated = "".join(
        balance(code, amount, currency or "EUR") for code, amount in (("OPBD", opening), ("CLBD", closing)) if amount
    )
    return (
        f"<Stmt><Id>S-{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb><Acct><Id>{account}</Id>{kept_in}</Acct>"
        f"{stated}{balances}\n" + "\n".join(entries) + "</Stmt>"
    )


def balance(code: str, amount: str, currency: str = "EUR", on: str = "2026-11-02") -> str:
    """One balance; a minus makes it a debit."""
    side = "DBIT" if amount.startswith("-") else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount.lstrip('-')}</Amt>"
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def entry(
    amount: str = "10.00", *payments: str, side: str = "CRDT", currency: str = "EUR", status: str = "<Cd>BOOK</Cd>",
    booked: str = "<Dt>2026-11-02</Dt>", valued: str = "<Dt>2026-11-03</Dt>", flag: str = "", reference: str = "",
    note: str = "",
) -> str:  # fmt: skip
    """One entry with the given payments; what is empty is left out."""
    tags = (("RvslInd", flag), ("Sts", status), ("BookgDt", booked), ("ValDt", valued), ("AcctSvcrRef", reference))
    inner = "".join(f"<{tag}>{text}</{tag}>" for tag, text in tags if text)
    details = f"<NtryDtls>{''.join(payments)}</NtryDtls>" if payments else ""
    details += f"<AddtlNtryInf>{note}</AddtlNtryInf>" if note else ""
    return f"<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{inner}<BkTxCd/>{details}</Ntry>"


def payment(
    *, amount: str = "", currency: str = "EUR", side: str = "", debtor: str = "", creditor: str = "",
    debtor_account: str = "", creditor_account: str = "", more_parties: str = "", remittance: str = "",
    references: str = "", more: str = "",
) -> str:  # fmt: skip
    """One payment of an entry. Parties and remittance are XML; accounts are IBANs."""
    stated = f"<Amt Ccy='{currency}'>{amount}</Amt>" if amount else ""
    sided = f"<CdtDbtInd>{side}</CdtDbtInd>" if side else ""
    parties = "".join(
        f"<{tag}>{name}</{tag}>" * bool(name) + f"<{tag}Acct><Id><IBAN>{iban}</IBAN></Id></{tag}Acct>" * bool(iban)
        for tag, name, iban in (("Dbtr", debtor, debtor_account), ("Cdtr", creditor, creditor_account))
    )
    return (
        f"<TxDtls><Refs>{references}</Refs>{stated}{sided}<RltdPties>{parties}{more_parties}</RltdPties>"
        f"<RmtInf>{remittance}</RmtInf>{more}</TxDtls>"
    )
