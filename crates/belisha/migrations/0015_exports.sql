-- What was made to leave the school: gathered, masked, checked and finished. Its content is
-- sealed under a key of its own.
create table export (
    id text primary key,
    purpose text not null constraint export_purpose check (purpose in ('chronology', 'transfer', 'recorder', 'subject-access')),
    -- incident:… or person:…
    about text not null,
    state text not null constraint export_state check (state in ('draft', 'finished', 'abandoned')),
    revision bigint not null,
    begun_at bigint not null,
    begun_by text not null,
    masked_at bigint,
    checked_at bigint,
    finished_at bigint,
    sealed_pack @BLOB@ not null,
    -- What was made of it, and the passphrase.
    sealed_finished @BLOB@,
    -- For a transfer: when the receipt is owed, when it was chased, and when it came.
    receipt_due_on text,
    chased_at bigint,
    received_on text,
    sealed_receipt @BLOB@
);
create index export_about on export (about, begun_at);
create index export_receipt on export (state, receipt_due_on);

-- What a pack speaks of: every case in it, so that nobody has the pack who may not have the case.
create table export_case (
    export text not null references export (id),
    incident text not null references incident (id),
    primary key (export, incident)
);
