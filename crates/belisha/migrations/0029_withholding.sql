-- The filter and its log, withheld from somebody while a case about them is dealt with.
create table incident_withholding (
    id text primary key,
    incident text not null references incident (id),
    person text not null references person (id),
    from_at bigint not null,
    withheld_by text not null,
    sealed_reason @BLOB@ not null,
    ended_at bigint,
    ended_by text
);
create index incident_withholding_person on incident_withholding (person, ended_at);
create index incident_withholding_incident on incident_withholding (incident);
