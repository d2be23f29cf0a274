#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Event logs parsed, nothing else: to values, to text, to events, and printed, beside evtxexport (libevtx-utils)
# and evtx_dump.py (python3-evtx) on the same log: the distinct full chunks of the corpus, once. One thread, processor
# time, best of five (of the peers: of three; python3-evtx: one). Peers that are absent are named; what they do
# not read is told by the count of records.
# usage: bench/evtx.sh
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
corpus=${CANH_CORPUS:-$top/../shared/corpus}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$top/tools/build-release"
lib=$top/build/release/src
"${CC:-cc}" -O2 -D_GNU_SOURCE -I"$top/src" -o "$work/evtx" "$top/bench/evtx.c" \
	"$lib/libcanh_event.a" "$lib/libcanh_base.a" \
	$(pkg-config --libs expat gnutls jansson libarchive libdeflate libseccomp libsodium libxxhash libzstd yaml-0.1) -lpthread
log=$work/log.evtx
"$top/bench/evtx-join" "$corpus" 1 "$log"
bytes=$(stat -c %s "$log")
"$work/evtx" "$log" | tee "$work/ours"
events=$(sed -n '1s/.*(\([0-9]*\) events.*/\1/p' "$work/ours")

# told NAME RUNS COMMAND...: the best of its processor times, and how many records it printed
told() {
	local name=$1 runs=$2 best= took records
	shift 2
	for ((i = 0; i < runs; i++)); do
		took=$({ TIMEFORMAT='%U %S'; time "$@" >"$work/out" 2>/dev/null || true; } 2>&1 | awk '{ print $1 + $2 }')
		best=$(awk -v a="${best:-$took}" -v b="$took" 'BEGIN { print a < b ? a : b }')
	done
	records=$(grep -c '<EventID[ >]\|"EventID"' "$work/out" || true)
	# who stops early has read less than all of the bytes
	awk -v n="$name" -v t="$best" -v b="$bytes" -v r="$records" -v all="$events" \
		'BEGIN { printf "%-34s %8.1f MB/s %10.0f events/s  (%d of %d events)\n", n, b * r / all / t / 1e6, r / t, r, all }'
}

told "canh dump --format xml" 5 "$top/build/release/canh" dump --format xml "$log"
told "canh dump --format jsonl" 5 "$top/build/release/canh" dump --format jsonl "$log"
if command -v evtxexport >/dev/null; then
	told "evtxexport -f xml" 3 evtxexport -f xml "$log"
else
	echo "evtxexport is absent (libevtx-utils)"
fi
peer=$(command -v evtx_dump.py || command -v evtx_dump || true)
if [ -n "$peer" ]; then
	told "python3-evtx" 1 "$peer" "$log"
else
	echo "evtx_dump.py is absent (python3-evtx)"
fi
