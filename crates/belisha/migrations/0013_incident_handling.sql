-- What handling a case needs beyond the report.
alter table incident add column is_open boolean not null default true;
create index incident_queue on incident (is_open, opened_at);
create index incident_moves_on on incident (moves_on_at);

-- Names of people who are not on the register, as the reporter wrote them.
alter table report add column sealed_others @BLOB@;

-- A communication that is especially disturbing or unlawful, or material that may be illegal.
alter table incident_triage add column police_question boolean not null default false;
create index incident_triage_incident on incident_triage (incident, triaged_at);
create index incident_parents_incident on incident_parents (incident, made_at);
create index incident_person_part on incident_person (part, person);

-- 'closed' or 'no-further-action'.
alter table incident_closure add column ending text not null default 'closed';

-- Whether the police were told, once the triage asked.
create table incident_police (
    id text primary key,
    incident text not null references incident (id),
    decision text not null constraint incident_police_decision check (decision in ('told', 'not-told')),
    made_at bigint not null,
    made_by text not null,
    sealed_reason @BLOB@ not null
);
create index incident_police_incident on incident_police (incident, made_at);

-- A post in the route that nobody could be told for, and why.
create table incident_gap (
    incident text not null references incident (id),
    post text not null,
    why text not null constraint incident_gap_why check (why in ('empty', 'excluded', 'never-reads')),
    primary key (incident, post)
);
