#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `canh sweep` against the `yara` command: the rule set of the corpus over files of the corpus, one thread each.
# Both take turns; told is the least processor time of whole runs, and the same without the loading of rules
# (a run over an empty folder), and with two threads how long ours takes. What is found must be the same.
# usage: bench/sweep.sh [ROUNDS]     CANH names the program, default build/release/canh
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
canh=${CANH:-$top/build/release/canh}
corpus=${CANH_CORPUS:-$top/../shared/corpus}
rounds=${1:-3}
command -v yara >/dev/null || { echo "yara: absent, nothing to compare with"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/none" "$work/files"
for part in evtx-attack windows-json-otrf timeline-plaso logs-crowdsec; do cp -R "$corpus/$part" "$work/files"; done
bytes=$(find "$work/files" -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')
echo "$(find "$corpus/yara-signature-base/yara" -name '*.yar' | wc -l) rule files, $(find "$work/files" -type f | wc -l) files, $bytes bytes"

rules=()
for file in "$corpus"/yara-signature-base/yara/*.yar; do rules+=("$(basename "$file" .yar):$file"); done
ours() { "$canh" sweep --threads "$1" --format jsonl --rules "$corpus/yara-signature-base/yara" "$2"; }
theirs() {
	yara -p "$1" -w -r -N -d filename= -d filepath= -d extension= -d filetype= -d owner= "${rules[@]}" "$2"
}

# least NAME COMMAND...: keep the least microseconds of processor time and of real time under that name
declare -A cpu real
least() {
	local name=$1 t r
	shift
	read -r t r < <({ TIMEFORMAT='%U %S %R'; time "$@" >"$work/out.$name" 2>/dev/null; } 2>&1 |
		awk '{ printf "%d %d\n", ($1 + $2) * 1e6, $3 * 1e6 }')
	if [ -z "${cpu[$name]:-}" ] || [ "$t" -lt "${cpu[$name]}" ]; then cpu[$name]=$t; fi
	if [ -z "${real[$name]:-}" ] || [ "$r" -lt "${real[$name]}" ]; then real[$name]=$r; fi
}
for _ in $(seq "$rounds"); do
	least ours ours 1 "$work/files"
	least theirs theirs 1 "$work/files"
	least ours-none ours 1 "$work/none"
	least theirs-none theirs 1 "$work/none"
	least ours-two ours 2 "$work/files"
	least theirs-two theirs 2 "$work/files"
done
grep -o '"path":"[^"]*","kind":"yara","rule":"[^"]*"' "$work/out.ours" | sed 's/"path":"\(.*\)","kind.*"rule":"\(.*\)"/\2 \1/' | sort >"$work/a"
sort "$work/out.theirs" >"$work/b"
cmp "$work/a" "$work/b" || { echo "they do not find the same"; exit 1; }
echo "found by both: $(wc -l <"$work/a")"
for name in ours theirs ours-none theirs-none ours-two theirs-two; do
	awk -v n="$name" -v c="${cpu[$name]}" -v r="${real[$name]}" 'BEGIN { printf "%-12s %7.3f s of processor, %7.3f s\n", n, c / 1e6, r / 1e6 }'
done
awk -v a="${cpu[ours]}" -v an="${cpu[ours-none]}" -v b="${cpu[theirs]}" -v bn="${cpu[theirs-none]}" -v n="$bytes" 'BEGIN {
	printf "whole runs: %.2fx the processor time of yara; at most 1.00 wanted, 1.05 with what turns differ by\n", a / b
	printf "without loading rules: %.2fx; %.1f MB/s against %.1f MB/s\n", (a - an) / (b - bn), n / (a - an), n / (b - bn)
	exit a > 1.05 * b }'
