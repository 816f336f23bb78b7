-- What is written down of a device or a network that the filter knows. A row is never changed but to say
-- when it ended: a change ends one row and begins the next, and a retired device has no row in force.
create table filter_device (
    id text primary key,
    -- The device, whatever is written down of it.
    device text not null,
    name text not null,
    -- The name in small letters: no two devices in use share one.
    name_key text not null,
    hardware text,
    address text,
    for_group text not null,
    class text references class (id),
    holder text references person (id),
    site text not null,
    -- The path by which it asks over encrypted DNS.
    token text,
    made_at bigint not null,
    made_by text not null,
    ended_at bigint,
    ended_by text,
    -- Why it is in use no longer; nothing where another row follows.
    retired_for text
);
create index filter_device_device on filter_device (device, made_at);
create unique index filter_device_name on filter_device (name_key) where ended_at is null;
create unique index filter_device_hardware on filter_device (hardware) where ended_at is null and hardware is not null;
create unique index filter_device_address on filter_device (address) where ended_at is null and address is not null;
