# The menu: what one does here, in the order in which one comes to need it.
# `just` only saves typing; every line below can be typed as it stands.

# List these words.
menu:
    @just --list --unsorted

# Start a made-up school and open it for sign-in.
run:
    cargo run -- demo

# The Rust tests on SQLite, while working.
fast:
    ./test fast

# Everything, as each change is checked; installs what is missing.
test:
    ./test

# Format and lints alone.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# The journeys in a browser, against the program as last built.
e2e:
    cargo build --workspace --bins --locked
    npm --prefix e2e test

# A picture of every page, as each person sees it, in e2e/shots/pictures.
pictures:
    cargo build --workspace --bins --locked
    npm --prefix e2e run pictures

# Write a made-up school into a folder and stop.
seed dir="demo" pupils="210" years="1" seed="1":
    cargo run -- demo --data {{dir}} --pupils {{pupils}} --years {{years}} --seed {{seed}} --no-serve

# Verify a school's journal.
verify dir="demo":
    cargo run -- journal verify --data {{dir}}

# Rewrite docs/requirements.md from the tests as they stand.
requirements:
    cargo run -p belisha-tidy -- requirements
