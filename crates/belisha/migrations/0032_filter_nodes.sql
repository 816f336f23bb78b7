-- A resolver at another site. It is invited with a code that is good once, and asks with a token from then on.
create table filter_node (
    id text primary key,
    name text not null,
    name_key text not null,
    invited_at bigint not null,
    invited_by text not null,
    code_hash @BLOB@,
    code_until bigint not null,
    token_hash @BLOB@,
    enrolled_at bigint,
    -- When it last asked, and what it said of itself.
    seen_at bigint,
    snapshot text not null,
    ended_at bigint,
    ended_by text,
    ended_for text
);
create unique index filter_node_name on filter_node (name_key) where ended_at is null;
create unique index filter_node_token on filter_node (token_hash) where token_hash is not null;

-- How far each file of a node's log has been taken in.
create table filter_node_file (
    node text not null references filter_node (id),
    name text not null,
    received bigint not null,
    primary key (node, name)
);
