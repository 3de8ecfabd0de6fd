#!/usr/bin/env bash
# Writes crates.tsv: name, version and licence of every third-party crate that a build for Linux on
# x86-64 compiles. It does not run in a build; run it when Cargo.lock changes. Needs cargo, python3.
set -euo pipefail
cd "$(dirname "$0")"
cargo metadata --format-version 1 --locked --filter-platform x86_64-unknown-linux-gnu |
    python3 -c '
import json, sys
packages = [p for p in json.load(sys.stdin)["packages"] if p["source"]]
for package in sorted(packages, key=lambda p: (p["name"], p["version"])):
    print(package["name"], package["version"], package["license"], sep="\t")
' >crates.tsv
