#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `canh serve` with all Sigma rules of the corpus and a list of addresses: how long from a line to its alert on an
# open page, at rest, under as much load as it takes, and while rules and lists are changed under that load; what it
# takes in a second meanwhile, processor time by process, most memory. Nothing may be lost. See bench/README.md.
# usage: bench/live.sh [SECONDS]     of each part
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
"$top/tools/build-release"
export CANH=$top/build/release/canh CANH_SOURCE=$top CANH_CORPUS=${CANH_CORPUS:-$top/../shared/corpus}
exec python3 "$top/bench/live-load" "${1:-20}"
