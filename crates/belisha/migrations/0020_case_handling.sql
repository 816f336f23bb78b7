-- Who has a case in hand, after it was given to somebody. The newest row counts.
create table incident_assignment (
    id text primary key,
    incident text not null references incident (id),
    owner text not null references person (id),
    assigned_at bigint not null,
    assigned_by text not null
);
create index incident_assignment_incident on incident_assignment (incident, assigned_at);

-- Two cases that belong together and stay two.
create table incident_link (
    id text primary key,
    incident text not null references incident (id),
    other text not null references incident (id),
    made_at bigint not null,
    made_by text not null,
    removed_at bigint,
    removed_by text
);
create index incident_link_incident on incident_link (incident);
create index incident_link_other on incident_link (other);

-- A second report of one event: its case lives on in another, until that is undone.
create table incident_merge (
    id text primary key,
    incident text not null references incident (id),
    into_incident text not null references incident (id),
    made_at bigint not null,
    made_by text not null,
    undone_at bigint,
    undone_by text
);
create index incident_merge_incident on incident_merge (incident);
create index incident_merge_into on incident_merge (into_incident);

-- The merge with which a person came into a case, so that it can be undone.
alter table incident_person add column merge text;

-- Whose parents; none where it holds for every child of the case.
alter table incident_parents add column person text;

-- What was decided for one person: a step of the policy's table, 'other' or 'nothing'.
create table incident_sanction (
    id text primary key,
    incident text not null references incident (id),
    person text not null references person (id),
    step text not null,
    agreed_by text not null references person (id),
    decided_at bigint not null,
    decided_by text not null,
    sealed_words @BLOB@ not null
);
create index incident_sanction_incident on incident_sanction (incident, decided_at);

-- Support for one person. The newest row counts.
create table incident_support (
    id text primary key,
    incident text not null references incident (id),
    person text not null references person (id),
    decision text not null constraint incident_support_decision check (decision in ('planned', 'declined', 'ended')),
    responsible text,
    review_on text,
    decided_at bigint not null,
    decided_by text not null,
    sealed_words @BLOB@ not null,
    reminded_on text
);
create index incident_support_incident on incident_support (incident, decided_at);

-- What was learnt, and which clause of the policy it bears on.
create table incident_lesson (
    id text primary key,
    incident text not null references incident (id),
    clause text,
    made_at bigint not null,
    made_by text not null,
    sealed_words @BLOB@ not null
);
create index incident_lesson_incident on incident_lesson (incident, made_at);

-- When whoever has something to do was last told that it is overdue.
alter table incident_action add column reminded_on text;
