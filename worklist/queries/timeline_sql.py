"""The statements behind the timeline: one union over all that happened with an account (%(ids)s). They only read.

Each row: kind, what, at, id, amount, currency, text, detail, state, more, by_id. by_id is who of us did it, 0 what the
customer did, NULL what no person did."""

# Events are placed at the moment they were recorded when that is their day, else at noon of their day: imported
# history keeps its order, and what happens now keeps its minute.
_NOON = "({day} + time '12:00') AT TIME ZONE 'UTC'"
_AT = "CASE WHEN {recorded}::date - {day} BETWEEN -1 AND 1 THEN {recorded} ELSE " + _NOON + " END"


def _at(day: str, recorded: str) -> str:
    return _AT.format(day=day, recorded=recorded)


# Every mail of ours by the ids that providers name.
_MAILS = " UNION ALL ".join(
    f"SELECT subject, message_id, provider_id FROM {table} WHERE customer_id = ANY(%(ids)s)"  # noqa: S608 (ours)
    for table in ("dunning_notice", "invoices_documentmail", "dunning_ownmessage")
)

_EVENTS = f"""
  SELECT 'document' AS kind, 'invoice' AS what, {_at("issued_on", "recorded_at")} AS at, id, total AS amount, currency,
         number AS text, '' AS detail, status AS state, due_on::text AS more,
         NULL::bigint AS by_id
    FROM invoices_invoice WHERE customer_id = ANY(%(ids)s) AND status <> 'draft'
  UNION ALL
  SELECT 'document', 'credit_note', {_at("issued_on", "recorded_at")}, id, total, currency, number, '', status, '',
         NULL
    FROM invoices_creditnote WHERE customer_id = ANY(%(ids)s) AND status <> 'draft'
  UNION ALL
  SELECT 'money', 'payment', {_at("received_on", "recorded_at")}, id, amount, currency, reference, '', method, '',
         recorded_by_id
    FROM invoices_payment WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'money', CASE WHEN a.reverses_id IS NULL THEN 'allocation' ELSE 'reversal' END,
         {_at("a.effective_on", "a.recorded_at")}, a.id, a.amount, a.currency, COALESCE(i.number, ''), a.reason, '',
         a.invoice_id::text,
         a.recorded_by_id
    FROM invoices_allocation a LEFT JOIN invoices_invoice i ON i.id = a.invoice_id
   WHERE a.customer_id = ANY(%(ids)s) AND a.payment_id IS NOT NULL
  UNION ALL
  SELECT 'money', 'adjustment', {_at("effective_on", "recorded_at")}, id, amount, currency, '', reason, kind, '',
         recorded_by_id
    FROM invoices_adjustment WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'money', 'refund', {_at("paid_on", "recorded_at")}, id, amount, currency, reference, '', kind, '',
         recorded_by_id
    FROM invoices_refund WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'note', 'merge', {_at("merged_on", "m.recorded_at")}, m.id, NULL, '', c.number, m.reason, '', c.name,
         m.recorded_by_id
    FROM customers_customermerge m JOIN customers_customer c ON c.id = m.absorbed_id
   WHERE m.survivor_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'promise', {_at("made_on", "recorded_at")}, id, amount, currency, '', note, via, promised_on::text,
         CASE WHEN via = 'payer' THEN 0 ELSE made_by_id END
    FROM invoices_promise WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'judgement', {_NOON.format(day="closed_on")}, id, amount, currency, '', '', state,
         promised_on::text,
         NULL
    FROM invoices_promise WHERE customer_id = ANY(%(ids)s) AND state <> 'open'
  UNION ALL
  SELECT 'word', 'plan', {_at("COALESCE(p.agreed_on, p.proposed_on)", "p.recorded_at")}, p.id, SUM(part.amount),
         p.currency, '', p.note, p.via, CASE WHEN p.agreed_on IS NULL THEN '' ELSE 'agreed' END,
         CASE WHEN p.via = 'payer' THEN 0 ELSE p.proposed_by_id END
    FROM invoices_paymentplan p LEFT JOIN invoices_planinstalment part ON part.plan_id = p.id
   WHERE p.customer_id = ANY(%(ids)s) GROUP BY p.id
  UNION ALL
  SELECT 'word', 'plan_ended', {_NOON.format(day="ended_on")}, id, NULL, currency, '', end_note, state, '',
         NULL
    FROM invoices_paymentplan WHERE customer_id = ANY(%(ids)s) AND ended_on IS NOT NULL
  UNION ALL
  SELECT 'word', 'dispute', {_at("opened_on", "recorded_at")}, id, amount, currency, reference, text, reason, via,
         CASE WHEN via = 'payer' THEN 0 ELSE opened_by_id END
    FROM invoices_dispute WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'dispute_closed', {_NOON.format(day="closed_on")}, id, amount, currency, reference,
         resolution, state, '',
         NULL
    FROM invoices_dispute WHERE customer_id = ANY(%(ids)s) AND state <> 'open'
  UNION ALL
  SELECT 'mail', 'notice', COALESCE(settled_at, sending_at, approved_at, created_at), id, amount, currency, step_name,
         CASE WHEN subject <> '' THEN subject ELSE reason_text END, state, channel || ' ' || to_address,
         NULL
    FROM dunning_notice WHERE customer_id = ANY(%(ids)s) AND state <> 'cancelled'
  UNION ALL
  SELECT 'mail', 'document_mail', COALESCE(settled_at, sending_at, created_at), id, NULL, '', subject, reason_text,
         state, to_address,
         NULL
    FROM invoices_documentmail WHERE customer_id = ANY(%(ids)s) AND state <> 'cancelled'
  UNION ALL
  SELECT 'mail', 'message', received_at, id, NULL, '', subject, left(said, 280), state,
         COALESCE(NULLIF(from_name, ''), from_address) || chr(31) || kind,
         0
    FROM dunning_inboundmessage WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'talk', 'activity', a.at, a.id, NULL, a.kind, a.text, a.outcome,
         CASE WHEN a.undone_at IS NULL AND EXISTS (SELECT 1 FROM worklist_activity n WHERE n.replaces_id = a.id)
              THEN 'replaced' WHEN a.pinned THEN 'pinned' ELSE '' END,
         concat_ws(chr(31), COALESCE(a.follow_up_on::text, ''), COALESCE(a.follow_up_done_on::text, ''),
           (SELECT string_agg(concat_ws(':', f.customer_id, f.id, f.name), chr(31) ORDER BY f.id)
            FROM worklist_notefile nf JOIN customers_attachment f ON f.id = nf.attachment_id
            WHERE nf.activity_id = a.id)),
         a.by_id
    FROM worklist_activity a WHERE a.customer_id = ANY(%(ids)s) AND a.undone_at IS NULL
  UNION ALL
  SELECT 'talk', 'payer_request', created_at, id, NULL, '', '', text, kind, '',
         0
    FROM invoices_payerrequest WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'handover', {_at("proposed_on", "recorded_at")}, id, amount, currency, kind, reason, 'proposed', '',
         proposed_by_id
    FROM dunning_handover WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'handover_given', {_NOON.format(day="handed_over_on")}, id, amount, currency, kind, '', 'handed_over',
         recipient,
         handed_over_by_id
    FROM dunning_handover WHERE customer_id = ANY(%(ids)s) AND handed_over_on IS NOT NULL
  UNION ALL
  SELECT 'word', 'handover_ended', {_NOON.format(day="ended_on")}, id, amount, currency, kind, end_note,
         CASE WHEN outcome <> '' THEN outcome ELSE state END, '',
         ended_by_id
    FROM dunning_handover WHERE customer_id = ANY(%(ids)s) AND ended_on IS NOT NULL
  UNION ALL
  SELECT 'word', 'credit_stop', {_at("since", "recorded_at")}, id, NULL, '', '', reason, 'stopped', '',
         stopped_by_id
    FROM customers_creditstop WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'credit_given', {_NOON.format(day="until")}, id, NULL, '', '', lifted_why, 'given', '',
         lifted_by_id
    FROM customers_creditstop WHERE customer_id = ANY(%(ids)s) AND until IS NOT NULL
  UNION ALL
  SELECT 'money', 'pay_session', created_at, id, amount, currency, reference, failure, state, '',
         0
    FROM invoices_paysession WHERE customer_id = ANY(%(ids)s) AND state <> 'succeeded'
  UNION ALL
  SELECT 'mail', 'own_message', COALESCE(settled_at, sending_at, created_at), id, NULLIF(amount, 0), currency,
         COALESCE(NULLIF(subject, ''), written_subject), reason_text, state, to_address, written_by_id
    FROM dunning_ownmessage WHERE customer_id = ANY(%(ids)s) AND (state <> 'cancelled' OR reason <> 'withdrawn')
  UNION ALL
  SELECT 'mail', 'tracking', t.happened_at, t.id, NULL, '', m.subject, t.text, t.kind, t.recipient, NULL
    FROM mails m CROSS JOIN LATERAL (
      SELECT e.* FROM customers_trackingevent e WHERE m.message_id <> '' AND e.message_id = m.message_id
      UNION SELECT e.* FROM customers_trackingevent e WHERE m.provider_id <> '' AND e.provider_id = m.provider_id
    ) t WHERE t.kind NOT IN ('sent', 'other')
  UNION ALL
  SELECT 'word', 'case_event', e.at, e.id, NULL, '', c.reference, e.text, e.kind,
         concat_ws(chr(31), e.stage, e.by_name, c.id), COALESCE(e.by_id, CASE WHEN e.by_name <> '' THEN 0 END)
    FROM invoices_disputeevent e JOIN invoices_disputecase c ON c.id = e.case_id
   WHERE c.customer_id = ANY(%(ids)s) AND e.kind NOT IN ('opened', 'closed', 'file')
  UNION ALL
  SELECT 'word', 'hold', {_at("starts_on", "created_at")}, id, NULL, '', '', note, reason, ends_on::text, owner_id
    FROM customers_hold WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'hold_released', {_NOON.format(day="released_on")}, id, NULL, '', '', '', reason, '', NULL
    FROM customers_hold WHERE customer_id = ANY(%(ids)s) AND released_on IS NOT NULL
  UNION ALL
  SELECT 'document', 'file', f.added_at, f.id, NULL, '', f.name, '', '',
         concat_ws(chr(31), f.customer_id, f.size, f.added_by_name),
         COALESCE(f.added_by_id, CASE WHEN f.added_by_name <> '' THEN 0 END)
    FROM customers_attachment f WHERE f.customer_id = ANY(%(ids)s)
     AND NOT EXISTS (SELECT 1 FROM worklist_notefile n WHERE n.attachment_id = f.id)
"""  # noqa: S608 (fixed fragments of our own)

PAGE = f"""
WITH mails AS ({_MAILS})
SELECT shown.*, COALESCE(NULLIF(TRIM(u.first_name), ''), u.username, '') AS who FROM (
  SELECT * FROM ({_EVENTS}) events
  WHERE (%(kind)s = '' OR kind = %(kind)s)
    AND (%(by)s::bigint IS NULL OR by_id = %(by)s)
    AND (%(text)s = '' OR concat_ws(' ', text, detail, more, amount::text) ILIKE %(text)s)
    AND (%(before)s::timestamptz IS NULL OR (at, what, id) < (%(before)s, %(what)s, %(row)s))
  ORDER BY at DESC, what DESC, id DESC LIMIT %(size)s
) shown LEFT JOIN accounts_user u ON u.id = shown.by_id
ORDER BY shown.at DESC, shown.what DESC, shown.id DESC
"""  # noqa: S608 (fixed fragments of our own)

# Who of us did anything there, by name.
PEOPLE = f"""
WITH mails AS ({_MAILS})
SELECT u.id, COALESCE(NULLIF(TRIM(u.first_name || ' ' || u.last_name), ''), u.username) AS name FROM accounts_user u
WHERE u.id IN (SELECT by_id FROM ({_EVENTS}) events WHERE by_id > 0) ORDER BY name, u.id
"""  # noqa: S608 (fixed fragments of our own)
