#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `canh hunt` with all Sigma rules: compiled engine against the reference, one thread against all,
# in turns on the same input; medians. What they find must be the same to the byte. See bench/README.md.
# usage: bench/hunt.sh [ROUNDS [TIMES]]     TIMES: how often the recorded events are repeated
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
corpus=${CANH_CORPUS:-$top/../shared/corpus}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$top/tools/build-release"
find "$corpus/windows-json-otrf/windows" -name '*.jsonl' | sort | xargs cat >"$work/unique.jsonl"
for ((i = 0; i < ${2:-20}; i++)); do cat "$work/unique.jsonl"; done >"$work/mixed.jsonl"
python3 - "$top/build/release/canh" "$work" "$corpus" "$top/content/rules" "${1:-5}" <<'PYTHON'
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

CANH, work, corpus, ours, rounds = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5])
RULES = [f"{corpus}/sigma-rules/{d}" for d in ("rules", "rules-compliance", "rules-emerging-threats", "rules-placeholder",
                                              "rules-threat-hunting")]
CORES = os.cpu_count() or 1


def hunt(*more):
    return [CANH, "hunt", "--format", "jsonl", *(w for r in [*RULES, ours] for w in ("--rules", r)), *map(str, more)]


def run(argv, out):
    """Wall and processor seconds, most memory in MiB of one run."""
    with open(out, "wb") as f:
        began = time.monotonic()
        p = subprocess.Popen(argv, stdout=f, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(p.pid, 0)
        wall = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        sys.exit(f"{argv[0]} ended with {status}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def row(name, runs, ready, events, size):
    wall, cpu, mem = (statistics.median(x) for x in zip(*runs))
    rest = max(cpu - ready, 1e-3)
    print(f"  {name:24} {events / rest:9.0f} events/s {size / 1e6 / rest:7.1f} MB/s of processor time; whole run "
          f"{wall:6.2f} s, {mem:4.0f} MiB", flush=True)
    return wall, rest


def compare(title, paths, ways):
    events = int(subprocess.run(hunt("--threads", 1, *paths), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                check=False).stdout.splitlines()[-1].split(b'"records":')[1].split(b",")[0])
    size = sum(f.stat().st_size for p in paths for f in ([p] if p.is_file() else p.rglob("*")) if f.is_file())
    print(f"{title}: {events} events, {size / 1e6:.1f} MB")
    runs = {name: [] for name in ways}
    for _ in range(rounds):
        for i, (name, more) in enumerate(ways.items()):
            runs[name].append(run(hunt(*more, *paths), work / f"{i}.out"))
    took = {name: row(name, runs[name], ready, events, size) for name in ways}
    outs = [(work / f"{i}.out").read_bytes() for i in range(len(ways))]
    print("  hits:", outs[0].count(b"\n") - 1, "the same in all" if len(set(outs)) == 1 else "NOT THE SAME")
    wall, rest = next(iter(took.values()))
    print("  to the first:", "; ".join(f"{n}: processor time {rest / r:.2f}x, whole run {wall / w:.2f}x"
                                       for n, (w, r) in list(took.items())[1:]))


empty = work / "empty"
empty.write_text("")
wall, ready, mem = (statistics.median(x) for x in zip(*(run(hunt("--threads", 1, empty), work / "x") for _ in range(rounds))))
print(f"rules read and compiled: {ready:.3f} s of processor time, {wall:.3f} s, {mem:.0f} MiB")
compare("unique JSON", [work / "unique.jsonl"], {"reference, 1 thread": ("--reference", "--threads", 1),
                                                 "compiled, 1 thread": ("--threads", 1)})
compare("mixed JSON", [work / "mixed.jsonl"], {"compiled, 1 thread": ("--threads", 1),
                                               f"compiled, {CORES} threads": ("--threads", CORES)})
compare("recorded event logs (EVTX)", [corpus / "evtx-attack"], {"reference, 1 thread": ("--reference", "--threads", 1),
                                                                 "compiled, 1 thread": ("--threads", 1),
                                                                 f"compiled, {CORES} threads": ("--threads", CORES)})
for name in ("chainsaw", "hayabusa", "zircolite", "rsigma"):
    print(f"{name}: {'in PATH, but not run by this script' if shutil.which(name) else 'absent'}")
PYTHON
