-- A case. Its kind decides who may know of it; see rules::access.
create table incident (
    id text primary key,
    -- Random, for people to quote; not a running number, whose gaps would tell.
    reference text not null constraint incident_reference_once unique,
    kind text not null,
    about text not null,
    state text not null,
    opened_at bigint not null,
    policy_version text not null,
    guidance text not null,
    revision bigint not null,
    -- Sealed: a short title that the readers gave it.
    sealed_title @BLOB@,
    risk text not null,
    category text not null,
    acknowledge_by bigint,
    acknowledged_at bigint,
    acknowledged_by text,
    -- Where the alert stands in the route: 0 is the first person told.
    stage bigint not null,
    moves_on_at bigint,
    late boolean not null
);
create index incident_state on incident (state, opened_at);

-- What somebody reported, in their words, sealed under its own key so that the
-- reporter keeps a view of what they sent and nothing more.
create table report (
    id text primary key,
    incident text not null references incident (id),
    reporter text,
    channel text not null,
    happened_at bigint,
    happened_on text not null,
    reported_at bigint not null,
    at_risk boolean not null,
    told_lead text not null,
    sealed_words @BLOB@ not null,
    sealed_place @BLOB@ not null,
    sealed_knows_how @BLOB@ not null
);
create index report_incident on report (incident);
create index report_reporter on report (reporter);

-- Each person's own part in the case. Subject exclusion is computed from these
-- rows at each access, so they name persons by id even where the words are sealed.
create table incident_person (
    id text primary key,
    incident text not null references incident (id),
    person text not null,
    part text not null constraint incident_person_part check (part in ('harmed', 'alleged', 'witness', 'reporter', 'other')),
    added_at bigint not null,
    added_by text not null,
    removed_at bigint
);
create index incident_person_incident on incident_person (incident);
create index incident_person_person on incident_person (person);

-- Who has been told, or will be when the alert moves on. The rules read this;
-- a technician who reads it learns ids, never words.
create table incident_reader (
    incident text not null references incident (id),
    person text not null,
    -- 'first', 'copy', 'next', 'shared'.
    why text not null,
    stage bigint not null,
    from_at bigint not null,
    until_at bigint,
    given_by text not null,
    primary key (incident, person, why)
);
create index incident_reader_person on incident_reader (person);

-- The chronology: added to, never edited. A correction is a new entry that
-- points to the one it corrects.
create table incident_entry (
    id text primary key,
    incident text not null references incident (id),
    kind text not null,
    made_at bigint not null,
    made_by text not null,
    happened_on text not null,
    corrects text references incident_entry (id),
    sealed @BLOB@ not null
);
create index incident_entry_incident on incident_entry (incident, made_at);

create table incident_action (
    id text primary key,
    incident text not null references incident (id),
    owner text not null references person (id),
    due_on text not null,
    made_at bigint not null,
    made_by text not null,
    sealed_words @BLOB@ not null,
    -- Tasks that the route demands carry their kind: 'designated-officer'.
    kind text not null,
    done_at bigint,
    done_by text,
    sealed_outcome @BLOB@
);
create index incident_action_incident on incident_action (incident);
create index incident_action_owner on incident_action (owner, done_at);

create table incident_triage (
    id text primary key,
    incident text not null references incident (id),
    triaged_at bigint not null,
    triaged_by text not null,
    category text not null,
    child_at_risk boolean not null,
    outcome text not null,
    sealed_reason @BLOB@ not null
);

-- Parents told, or a reasoned hold.
create table incident_parents (
    id text primary key,
    incident text not null references incident (id),
    decision text not null constraint incident_parents_decision check (decision in ('informed', 'held', 'hold-lifted')),
    made_at bigint not null,
    made_by text not null,
    informed_on text,
    sealed_reason @BLOB@ not null
);

create table incident_confirmation (
    incident text primary key references incident (id),
    confirmed_at bigint not null,
    confirmed_by text not null
);

create table incident_external_record (
    incident text primary key references incident (id),
    recorded_at bigint not null,
    recorded_by text not null,
    log_name text not null,
    sealed_reference @BLOB@ not null
);

create table incident_closure (
    id text primary key,
    incident text not null references incident (id),
    closed_at bigint not null,
    closed_by text not null,
    sealed_outcome @BLOB@ not null,
    reopened_at bigint,
    reopened_by text,
    sealed_reopen_reason @BLOB@
);
create index incident_closure_incident on incident_closure (incident);
