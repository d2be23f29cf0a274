#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `canh hunt` beside rsigma on the same recorded Windows events (JSON lines) and the same rules, in turns, one thread:
# processor time with and without the reading of rules, and whether they find the same (rule, event).
# rsigma routes by log source only where events name theirs, so for both the input tells product, service and category.
# usage: bench/peers.sh [ROUNDS [TIMES]]     RSIGMA: the program, else the one in PATH
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
"$top/tools/build-release"
export CANH=$top/build/release/canh CANH_CORPUS=${CANH_CORPUS:-$top/../shared/corpus}
exec python3 "$top/bench/peer-hunt" "${1:-5}" "${2:-20}"
