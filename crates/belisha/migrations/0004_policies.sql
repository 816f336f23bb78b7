-- A version of the policy: the whole text. The state follows from the rows that
-- point to it; `state` repeats it for lists and is checked against them.
create table policy_version (
    id text primary key,
    number bigint not null constraint policy_version_number_once unique,
    text text not null,
    pack text not null,
    state text not null constraint policy_version_state check (state in ('draft', 'proposed', 'approved', 'in-force', 'superseded', 'withdrawn')),
    revision bigint not null,
    made_at bigint not null,
    made_by text not null,
    in_force_on text,
    reviewed_on text,
    next_review_on text
);

create table policy_approval (
    id text primary key,
    version text not null references policy_version (id),
    approver text not null,
    decision text not null constraint policy_approval_decision check (decision in ('approved', 'refused')),
    minute text not null,
    reason text not null,
    approved_at bigint not null,
    approved_by text not null,
    -- The text that was approved, so that a later change voids the approval.
    fingerprint text not null,
    constraint policy_approval_once unique (version, approver, fingerprint)
);

-- Somebody's word that a clause is kept, where no record can show it.
create table policy_attestation (
    id text primary key,
    clause text not null,
    control text not null,
    attested_at bigint not null,
    attested_by text not null,
    until_on text,
    says text not null
);

create table agreement_signature (
    id text primary key,
    person text not null references person (id),
    agreement text not null,
    version text not null references policy_version (id),
    signed_at bigint not null,
    signed_on text not null,
    -- As typed by the signer.
    full_name text not null,
    post text not null,
    until_on text,
    basis text not null,
    -- The journal's sequence number of the signing.
    sequence bigint,
    withdrawn_at bigint
);
create index agreement_signature_person on agreement_signature (person, agreement);

create table agreement_signature_clause (
    signature text not null references agreement_signature (id),
    clause text not null,
    fingerprint text not null,
    primary key (signature, clause)
);

-- Who owes which agreement, one row a person and agreement, kept up to date by
-- the acts that change it (a start date, a signature, a new version).
create table agreement_due (
    person text not null references person (id),
    agreement text not null,
    due_on text not null,
    signed_on text,
    until_on text,
    -- Clauses that changed since the person signed, by id, separated by spaces.
    changed_clauses text not null,
    gate text not null,
    primary key (person, agreement)
);
