-- The life of a policy version: from which version its draft was begun, so that no
-- draft undoes by accident what came into force meanwhile; and from which day a later
-- version holds in its place, so that any past day has its policy.
alter table policy_version add column begun_from text references policy_version (id);
alter table policy_version add column superseded_on text;
-- The day on which somebody gave their word, by the school's clock.
alter table policy_attestation add column given_on text;

create index policy_version_state on policy_version (state);
create index policy_attestation_clause on policy_attestation (clause, attested_at);
create index agreement_due_agreement on agreement_due (agreement);
