-- Files that are kept with a record. The bytes stand in the records themselves, so that a
-- file, its row and its journal entry are there together or not at all.
create table file (
    id text primary key,
    -- The record that it is kept with: incident:…
    belongs_to text not null,
    -- Under whose key it is sealed: the same, or file:… where it is sealed to persons alone.
    record text not null references record_key (record),
    kind text not null,
    size_bytes bigint not null,
    state text not null constraint file_state check (state in ('clean', 'not-scanned', 'quarantined', 'infected')),
    added_at bigint not null,
    added_by text not null,
    scanned_at bigint,
    -- Its name, what it shows and what was found in it.
    sealed_about @BLOB@ not null
);
create index file_belongs_to on file (belongs_to, added_at);
create index file_state_of on file (state);
create index file_added_by on file (added_by, added_at);

-- The sealed bytes in order; an age file when they are put together.
create table file_piece (
    file text not null references file (id),
    number bigint not null,
    sealed @BLOB@ not null,
    primary key (file, number)
);
