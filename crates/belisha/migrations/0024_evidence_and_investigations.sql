-- One item of evidence: what, where and who keeps it are sealed. It is never changed: a
-- correction is another row, which names the one before it.
create table incident_evidence (
    id text primary key,
    incident text not null references incident (id),
    captured_at bigint not null,
    sent_on boolean not null,
    made_at bigint not null,
    made_by text not null,
    corrects text references incident_evidence (id),
    sealed_what @BLOB@ not null,
    sealed_place @BLOB@ not null,
    sealed_keeper @BLOB@ not null,
    sealed_sent_to @BLOB@ not null,
    constraint incident_evidence_corrected_once unique (corrects)
);
create index incident_evidence_incident on incident_evidence (incident, made_at);

-- What an investigation found, and the clause that was broken, if one. The newest row counts.
create table incident_investigation (
    id text primary key,
    incident text not null references incident (id),
    clause text,
    finding text not null constraint incident_investigation_finding check (finding in ('shown', 'not-shown', 'nobody-known')),
    made_at bigint not null,
    made_by text not null,
    sealed_investigator @BLOB@ not null,
    sealed_words @BLOB@ not null
);
create index incident_investigation_incident on incident_investigation (incident, made_at);

-- Whether the triage asks for an investigation, by its own decision or by the policy's.
alter table incident_triage add column investigates boolean not null default false;

-- A case whose review is not signed says so in lists.
update incident set state = 'in-review'
where state in ('triaged', 'responding')
  and exists (select 1 from review
    where review.incident = incident.id and review.withdrawn_at is null
      and not exists (select 1 from review_signature
        where review_signature.review = review.id and review_signature.answers = review.answers));
