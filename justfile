# `just ready` is the whole check before a change lands. `just` alone lists the recipes.

_default:
    @just --list --unsorted

# Everything that .ci/run checks, fastest first
ready: typos format-check clippy test-rust build test-node types oxlint conformance deny publint

# Spelling in code, docs and tests
typos:
    typos

# Rust and JavaScript as their formatters print them
format-check:
    cargo fmt --all --check
    npm run --silent format:check

# Rewrite both
format:
    cargo fmt --all
    npm run --silent format

clippy:
    cargo clippy --locked --workspace --all-targets -- -D warnings

test-rust:
    cargo test --locked --workspace --quiet

# The release addon and the TypeScript face
build:
    npm run build

test-node:
    npx vitest run

# The declarations as users' strict compilers read them
types:
    npm run --silent check

oxlint:
    npm run --silent lint

# The recorded cases, with their floors
conformance *options:
    node conformance/run.mjs {{ options }}

# Beside the peer; `just bench --quick` takes a few minutes
bench *options:
    node bench/run.mjs {{ options }}

# Licences, duplicates and sources of the dependencies
deny:
    cargo deny --locked check licenses bans sources

publint:
    npm run --silent publint

# Accept changed snapshots after reading them
snapshots:
    INSTA_UPDATE=always cargo test --workspace --quiet
