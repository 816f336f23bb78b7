-- The words that were signed, with name, post and day, exactly as they are hashed into
-- the journal's entry; empty for a signature on paper.
alter table agreement_signature add column signed_text text not null default '';
-- Where the signed paper is kept; null for a signature given on screen.
alter table agreement_signature add column paper_place text;
-- Who entered it: the signer on screen, the office for paper.
alter table agreement_signature add column recorded_by text not null default '';

-- Somebody will not sign, and says why. They may still sign later.
create table agreement_decline (
    id text primary key,
    person text not null references person (id),
    agreement text not null,
    version text not null references policy_version (id),
    declined_at bigint not null,
    sealed_reason @BLOB@ not null
);
create index agreement_decline_person on agreement_decline (person, agreement);
