-- A guided review of a case. The guide is one of rules::guides; what it still lacks is
-- kept as the keys of its pages, which are words of ours.
create table review (
    id text primary key,
    incident text not null references incident (id),
    guide text not null,
    opened_at bigint not null,
    opened_by text not null,
    sign_by bigint,
    lacks text not null,
    -- How many answers were ever given: a signature stands while this has not grown.
    answers bigint not null,
    withdrawn_at bigint,
    constraint review_once unique (incident, guide)
);

-- An answer, added to and never written over: the newest to a question stands.
create table review_answer (
    id text primary key,
    review text not null references review (id),
    number bigint not null,
    question text not null,
    made_at bigint not null,
    made_by text not null,
    sealed_value @BLOB@ not null,
    sealed_reason @BLOB@ not null,
    constraint review_answer_number unique (review, number)
);

create table review_signature (
    id text primary key,
    review text not null references review (id),
    made_at bigint not null,
    made_by text not null,
    way text not null,
    answers bigint not null,
    sealed_words @BLOB@ not null
);
create index review_signature_review on review_signature (review);

create table review_escalation (
    id text primary key,
    review text not null references review (id),
    made_at bigint not null,
    made_by text not null,
    sealed_reason @BLOB@ not null
);
create index review_escalation_review on review_escalation (review);

-- A matter that goes, or must go, to an agency outside.
create table referral (
    id text primary key,
    incident text not null references incident (id),
    -- The review whose answers ask for it, and under which name; empty where a person added it.
    review text references review (id),
    need text not null,
    -- The agencies of which one is enough, by their keys.
    agencies text not null,
    made_at bigint not null,
    made_by text not null,
    due_at bigint,
    chase_on text,
    withdrawn_at bigint,
    -- The day on which somebody was last told that it is overdue.
    told_on text,
    sealed_why @BLOB@ not null
);
create index referral_incident on referral (incident);
create index referral_review on referral (review);

create table referral_step (
    id text primary key,
    referral text not null references referral (id),
    -- Its place in the order, which no clock decides.
    number bigint not null,
    step text not null constraint referral_step_step check (step in ('sent', 'acknowledged', 'advice', 'refused', 'outcome', 'chased')),
    agency text not null,
    how text not null,
    made_at bigint not null,
    made_by text not null,
    sealed_words @BLOB@ not null,
    sealed_reference @BLOB@ not null
);
create unique index referral_step_referral on referral_step (referral, number);

-- How the school reaches an agency that has no national number.
create table agency_contact (
    agency text primary key,
    phone text not null,
    out_of_hours text not null,
    email text not null,
    web text not null,
    note text not null,
    checked_on text not null,
    changed_at bigint not null,
    changed_by text not null
);

-- Whether a nude picture of a child may be part of the case: 'yes', 'no', or 'unknown',
-- which counts as yes. Empty for a triage from before this was asked.
alter table incident_triage add column imagery text not null default '';

-- A device that was set aside: what it is, from whom, who took it, where it is kept.
-- Never what is on it.
create table incident_custody (
    id text primary key,
    incident text not null references incident (id),
    taken_at bigint not null,
    made_at bigint not null,
    made_by text not null,
    sealed_device @BLOB@ not null,
    sealed_from @BLOB@ not null,
    sealed_taken_by @BLOB@ not null,
    sealed_place @BLOB@ not null,
    sealed_bag @BLOB@ not null
);
create index incident_custody_incident on incident_custody (incident);

-- Each time such a device passed to somebody else.
create table incident_custody_move (
    id text primary key,
    custody text not null references incident_custody (id),
    moved_at bigint not null,
    made_at bigint not null,
    made_by text not null,
    sealed_to @BLOB@ not null,
    sealed_reference @BLOB@ not null
);
create index incident_custody_move_custody on incident_custody_move (custody);

-- An allegation below the harm threshold, lowered to a low-level concern.
create table incident_lowering (
    id text primary key,
    incident text not null references incident (id),
    lowered_at bigint not null,
    lowered_by text not null,
    from_kind text not null,
    sealed_reason @BLOB@ not null
);
create index incident_lowering_incident on incident_lowering (incident);
