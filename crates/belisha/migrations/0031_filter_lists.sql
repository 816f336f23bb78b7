-- Where the filter was tested: at the resolver of this server, or at that of a site.
alter table filter_test add column place text not null default '';

-- What somebody decided about a version of a list: to take one that was held, to refuse one, or to go back.
create table filter_list_decision (
    id text primary key,
    list text not null,
    decision text not null constraint filter_list_decision_kind check (decision in ('take', 'refuse', 'back')),
    -- The digest of the version's files.
    version text not null,
    reason text not null,
    made_at bigint not null,
    made_by text not null,
    -- When another decision about the list took its place.
    ended_at bigint
);
create unique index filter_list_decision_list on filter_list_decision (list) where ended_at is null;

-- How the lists stood, each time that this changed.
create table filter_refresh (
    id text primary key,
    seen_at bigint not null,
    compiled_at bigint not null,
    -- When every source was last asked and none failed.
    refreshed_at bigint,
    lists bigint not null,
    held bigint not null,
    -- How many of them are of illegal content.
    illegal bigint not null,
    -- Tells one set of held versions from another, so that each is told once.
    mark text not null
);
create index filter_refresh_seen on filter_refresh (seen_at);

-- When those who look at changes were told that one waits for them.
alter table approval add column review_told_at bigint;
