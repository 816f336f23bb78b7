-- One row an entry, written in the transaction of the act it records.
-- `line` is the exact text that is hashed; nothing here is ever changed.
create table journal_entry (
    sequence bigint primary key,
    line text not null,
    leaf @BLOB@ not null,
    -- Copies of three members of the line, so that pages can list entries.
    at_ms bigint not null,
    action text not null,
    object text not null,
    actor text not null
);
create index journal_entry_object on journal_entry (object, sequence);
create index journal_entry_actor on journal_entry (actor, sequence);

-- What an entry says that not everybody may read, sealed under the key of the
-- record it is about. Destroying that key destroys this and leaves the proof.
create table journal_payload (
    sequence bigint primary key references journal_entry (sequence),
    sealed @BLOB@ not null
);

-- The one row that every write locks first, so that entries have one order.
create table journal_head (
    only_row bigint primary key constraint journal_head_one check (only_row = 1),
    head @BLOB@ not null
);

create table journal_checkpoint (
    size bigint primary key,
    made_at bigint not null,
    note text not null
);

-- only: sqlite
create trigger journal_entry_stays before update on journal_entry
begin select raise(abort, 'a journal entry is never changed'); end;
create trigger journal_entry_kept before delete on journal_entry
begin select raise(abort, 'a journal entry is never removed'); end;
create trigger journal_checkpoint_stays before update on journal_checkpoint
begin select raise(abort, 'a checkpoint is never changed'); end;
create trigger journal_checkpoint_kept before delete on journal_checkpoint
begin select raise(abort, 'a checkpoint is never removed'); end;
-- end
-- only: postgres
create function journal_is_append_only() returns trigger language plpgsql as
$$ begin raise exception 'the journal is never changed'; end $$;
create trigger journal_entry_stays before update or delete or truncate on journal_entry
for each statement execute function journal_is_append_only();
create trigger journal_checkpoint_stays before update or delete or truncate on journal_checkpoint
for each statement execute function journal_is_append_only();
-- end

-- A form that is sent twice acts once: its submission is remembered here.
create table submission (
    id text primary key,
    made_at bigint not null,
    made_by text,
    -- Where the first sending led, so that the second leads there too.
    led_to text not null
);
