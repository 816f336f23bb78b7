-- How long a closed case is kept, as it was last worked out.
create table retention_term (
    incident text primary key references incident (id),
    -- None where no end can be said yet, and then what lacks.
    due_on text,
    lacks text not null,
    -- When those who may decide were told that its time is over.
    told_at bigint
);
create index retention_term_due on retention_term (due_on);

-- A reason for which a case is kept, whatever its time: a claim, a complaint, an inquiry.
create table retention_hold (
    id text primary key,
    incident text not null references incident (id),
    placed_at bigint not null,
    placed_by text not null,
    -- Under the key of the case, as all that is written about it.
    sealed_reason @BLOB@ not null,
    ended_at bigint,
    ended_by text,
    sealed_end_reason @BLOB@
);
create index retention_hold_incident on retention_hold (incident);

-- What a person decided when its time was over. The newest counts.
create table retention_decision (
    id text primary key,
    incident text not null references incident (id),
    decision text not null constraint retention_decision_word check (decision in ('destroy', 'keep')),
    keep_until text,
    decided_at bigint not null,
    decided_by text not null,
    sealed_reason @BLOB@ not null
);
create index retention_decision_incident on retention_decision (incident);

-- All that is left of a case that was destroyed: that it was, by whom and under which rule.
create table retention_destruction (
    -- The case that was; nothing else bears this id any more.
    incident text primary key,
    reference text not null,
    kind text not null,
    rule text not null,
    opened_on text not null,
    closed_on text not null,
    due_on text not null,
    -- How many keys were shredded, and how many files went with them.
    keys_shredded bigint not null,
    files_destroyed bigint not null,
    decided_by text not null,
    agreed_by text not null,
    destroyed_at bigint not null
);

-- Who could read the case when it was destroyed: they, and nobody else ever, see that it was.
create table retention_witness (
    incident text not null references retention_destruction (incident),
    person text not null,
    primary key (incident, person)
);
create index retention_witness_person on retention_witness (person);
