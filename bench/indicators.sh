#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `canh match` with a made list of mixed indicators (addresses, ranges, names, URLs, digests, mail, files), 10 million by
# default: processor time and most memory of loading, and speed over log lines of which one in 200 holds an entry.
# DESIGN.md wants 10 million in 10 s and 1 GiB.
# usage: bench/indicators.sh [ENTRIES [MEGABYTES]]     CANH names the program, default build/release/canh
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
canh=${CANH:-$top/build/release/canh}
entries=${1:-10000000}
megabytes=${2:-1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${CC:-cc}" -O2 -o "$work/indicators" "$top/bench/indicators.c"
"$work/indicators" list "$entries" >"$work/list"
"$work/indicators" text "$entries" "$megabytes" >"$work/text"
echo "192.0.2.1" >"$work/line"
echo "$entries entries, $(stat -c %s "$work/list") bytes; $(wc -l <"$work/text") lines, $(stat -c %s "$work/text") bytes"

# cost COMMAND...: processor seconds and most memory (KiB) of the best of three; what it printed in $work/out
cost() {
	local least= t
	for _ in 1 2 3; do
		/usr/bin/time -o "$work/time" -f "%U %S %M" "$@" >"$work/out" 2>"$work/err" || [ $? = 1 ] ||
			{ cat "$work/err" >&2; exit 1; }
		t=$(tail -n 1 "$work/time" | awk '{ print $1 + $2, $3 }')
		if [ -z "$least" ] || awk -v a="$t" -v b="$least" 'BEGIN { split(a, x); split(b, y); exit !(x[1] < y[1]) }'; then
			least=$t
		fi
	done
	echo "$least"
}

load=$(cost "$canh" match --count --list "$work/list" "$work/line")
whole=$(cost "$canh" match --count --list "$work/list" "$work/text")
selected=$(tail -n 1 "$work/out")
awk -v l="$load" -v w="$whole" -v b="$(stat -c %s "$work/text")" -v n="$selected" 'BEGIN {
	split(l, x); split(w, y)
	printf "load           %8.2f s  %6.0f MiB\n", x[1], x[2] / 1024
	printf "match          %8.2f s  %6.0f MB/s without loading, %d lines\n", y[1] - x[1], b / (y[1] - x[1]) / 1e6, n
}'
if [ "$entries" -ge 10000000 ]; then
	awk -v l="$load" 'BEGIN { split(l, x); ok = x[1] <= 10 && x[2] <= 1048576
		print ok ? "within 10 s and 1 GiB" : "more than 10 s or 1 GiB"; exit !ok }'
fi
