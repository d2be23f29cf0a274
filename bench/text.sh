#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Text lines to events, and our reading of a rule base against liblognorm with the same rules on the same
# messages in the same run: sshd of the corpus. At least 3x liblognorm wanted; DESIGN.md asks for 1 M
# lines/s a core. Absent: liblognorm-dev.
# usage: bench/text.sh [ROUNDS]
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
corpus=${CANH_CORPUS:-$top/../shared/corpus}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pkg-config --exists lognorm || { echo "liblognorm is not installed: nothing to compare with"; exit 77; }
"$top/tools/build-release"
lib=$top/build/release/src
"${CC:-cc}" -O2 -D_GNU_SOURCE -I"$top/src" $(pkg-config --cflags lognorm) -o "$work/text" "$top/bench/text.c" \
	"$lib/libcanh_event.a" "$lib/libcanh_base.a" \
	$(pkg-config --libs lognorm expat gnutls jansson libarchive libdeflate libseccomp libsodium libxxhash libzstd yaml-0.1) \
	-lfastjson -lpthread
{
	cat "$corpus/logs-ossec/log-entries/sshd"
	grep -v '^#' "$corpus/logs-fail2ban/logs/sshd" | grep 'sshd\[[0-9]*\]: '
} >"$work/lines"
"$work/text" "$top/content/decoders" "$top/content/decoders/sshd.rulebase" "$work/lines" "${1:-500}"
