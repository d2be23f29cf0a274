# SPDX-License-Identifier: Apache-2.0
"""The part of the PO format that po/ uses: msgid and msgstr, over several lines if need be.

Contexts, plurals and obsolete entries are refused: nothing here needs them.
"""
import re
from pathlib import Path
from typing import NamedTuple

import ctok

_CONVERSION = re.compile(r"%(?:%|([-+ #0]*)(\d+\$)?[-+ #0]*(\*|\d+)?(?:\.(\*|\d+))?"
                         r"(hh|ll|[hlLqjzt])?([A-Za-z]))")

_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Entry(NamedTuple):
    line: int
    id: str
    text: str
    fuzzy: bool


class BadPo(Exception):
    """Not a PO file as we write them: where and why."""


def _string(where: str, rest: str) -> str:
    if not re.fullmatch(r'"(?:\\.|[^"\\])*"', rest):
        raise BadPo(f"{where}: expected a quoted string")
    return ctok.literal(rest)


def read(path: Path) -> list[Entry]:
    """Every entry but the header; raises BadPo."""
    entries: list[Entry] = []
    part, fuzzy = None, False
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where, line = f"{path}:{n}", line.strip()
        if line.startswith("#") or not line:
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            if line.startswith("#~"):
                raise BadPo(f"{where}: an obsolete entry; take it out")
            continue
        word, _, rest = line.partition(" ")
        if word == "msgid":
            entries.append(Entry(n, _string(where, rest), "", fuzzy))
            fuzzy = False
        elif word == "msgstr" and part == "msgid":
            entries[-1] = entries[-1]._replace(text=_string(where, rest))
        elif line.startswith('"') and part == "msgid":
            entries[-1] = entries[-1]._replace(id=entries[-1].id + _string(where, line))
            continue
        elif line.startswith('"') and part == "msgstr":
            entries[-1] = entries[-1]._replace(text=entries[-1].text + _string(where, line))
            continue
        else:
            raise BadPo(f"{where}: expected msgid, then msgstr")
        part = word
    return [e for e in entries if e.id]


def quoted(text: str) -> str:
    """A literal that both C and PO read back as `text`."""
    return '"' + "".join(_NAMED.get(c, f"\\{ord(c):03o}" if ord(c) < 32 else c) for c in text) + '"'


def conversions(fmt: str) -> list[str]:
    """What a printf format takes, in order: `%-5.*lu` gives `*` and `lu`; raises ValueError."""
    found = []
    at = fmt.find("%")
    while at != -1:
        match = _CONVERSION.match(fmt, at)
        if match is None:
            raise ValueError(f"not a conversion: {fmt[at:at + 8]!r}")
        _, place, width, precision, size, kind = match.groups()
        if place:
            raise ValueError("positional conversions cannot be rendered")
        if kind:
            found += ["*"] * [width, precision].count("*") + [(size or "") + kind]
        at = fmt.find("%", match.end())
    return found
