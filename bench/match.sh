#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `canh match` against grep -F -f, rg -F -f and grepcidr: the addresses of the corpus over log lines.
# One thread each, best of three, whole runs with loading the list. Peers that are absent are named.
# usage: bench/match.sh [MEGABYTES]     CANH names the program, default build/release/canh
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
canh=${CANH:-$top/build/release/canh}
list=$top/../shared/corpus/ioc-ipsum/ipsum.txt
megabytes=${1:-250}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

grep -v '^#' "$list" | cut -f 1 >"$work/list"
"$top/bench/match-text" "$list" "$megabytes" >"$work/text"
bytes=$(stat -c %s "$work/text")
cat "$work/text" >/dev/null
echo "$(wc -l <"$work/list") addresses, $(wc -l <"$work/text") lines, $bytes bytes"

# best NAME COMMAND...: microseconds of processor time of the best of three
declare -A took
best() {
	local name=$1 least=0 t
	shift
	if ! command -v "$1" >/dev/null; then
		echo "$name: absent"
		return
	fi
	"$@" >"$work/out" 2>"$work/err" || [ $? = 1 ] || { echo "$name: ended badly"; cat "$work/err"; exit 1; }
	for _ in 1 2 3; do
		t=$({ TIMEFORMAT='%U %S'; time "$@" >"$work/out" 2>/dev/null || true; } 2>&1 |
			awk '{ printf "%d", ($1 + $2) * 1e6 }')
		if [ "$least" = 0 ] || [ "$t" -lt "$least" ]; then least=$t; fi
	done
	took[$name]=$least
	awk -v n="$name" -v t="$least" -v b="$bytes" -v l="$(tail -n 1 "$work/out")" \
		'BEGIN { printf "%-14s %8.3f s  %7.0f MB/s  %s lines\n", n, t / 1e6, b / t, l }'
}

best "canh match" "$canh" match --count --list "$work/list" "$work/text"
best "grep -F -f" env LC_ALL=C grep -c -F -f "$work/list" "$work/text"
if command -v rg >/dev/null; then best "rg -F -f" rg -j 1 -c -F -f "$work/list" "$work/text"; else echo "rg -F -f: absent"; fi
best "grepcidr" grepcidr -c -f "$work/list" "$work/text"
ours=${took["canh match"]}
fastest=
for name in "${!took[@]}"; do
	[ "$name" = "canh match" ] && continue
	if [ -z "$fastest" ] || [ "${took[$name]}" -lt "${took[$fastest]}" ]; then fastest=$name; fi
done
[ -n "$fastest" ] || { echo "no peer is installed: nothing to compare with"; exit 77; }
awk -v p="$fastest" -v a="${took[$fastest]}" -v b="$ours" \
	'BEGIN { printf "ratio to the fastest peer (%s): %.1fx; at least 5x wanted\n", p, a / b; exit a < 5 * b }'
