#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What judging alone costs: events of one file, read before, by the compiled engine and by the reference,
# one thread, processor time, best of the rounds. All rules of the corpus and ours.
# usage: bench/engine.sh [ROUNDS [FILE]]     FILE: JSON lines; else the Windows events of the corpus
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
corpus=${CANH_CORPUS:-$top/../shared/corpus}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$top/tools/build-release"
lib=$top/build/release/src
"${CC:-cc}" -O2 -D_GNU_SOURCE -I"$top/src" -o "$work/engine" "$top/bench/engine.c" \
	"$lib/libcanh_detect.a" "$lib/libcanh_event.a" "$lib/libcanh_base.a" \
	$(pkg-config --libs libpcre2-8 expat gnutls jansson libarchive libdeflate libseccomp libsodium libxxhash libzstd yaml-0.1) \
	-lpthread
file=${2:-$work/otrf.jsonl}
[ -n "${2:-}" ] || find "$corpus/windows-json-otrf/windows" -name '*.jsonl' | sort | xargs cat >"$file"
"$work/engine" "$top/content/sigma/logsources" "${1:-20}" "$file" \
	"$corpus"/sigma-rules/rules{,-compliance,-emerging-threats,-placeholder,-threat-hunting} "$top/content/rules"
