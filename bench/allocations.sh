#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How often an event makes canh ask for memory when all is warm: calls of malloc and its like, and of mmap, counted by a
# library loaded before the program, in a hunt and in each process of a server. See bench/README.md.
# usage: bench/allocations.sh [TIMES]     of the recorded events, after two that warm up
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -n "${CANH:-}" ] || "$top/tools/build-release"
export CANH=${CANH:-$top/build/release/canh} CANH_SOURCE=$top CANH_CORPUS=${CANH_CORPUS:-$top/../shared/corpus}
"${CC:-cc}" -O2 -shared -fPIC -o "$work/allocations.so" "$top/bench/allocations.c"
python3 "$top/bench/allocations" "$work/allocations.so" "${1:-3}" \
	"$CANH_CORPUS"/sigma-rules/rules{,-compliance,-emerging-threats,-placeholder,-threat-hunting} "$top/content/rules"
