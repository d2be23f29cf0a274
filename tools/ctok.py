# SPDX-License-Identifier: Apache-2.0
"""C source as tokens, for the checks: comments are gone, strings are one token each.

Not a parser. Knows just enough (comments, literals, line joins, directives) that a check
never takes a word in a comment or in a string for code.
"""
import re
from typing import Iterator, NamedTuple

_TOKEN = re.compile(r"""
    (?P<gap>(?:\s|\\\n|//(?:\\\n|[^\n])*|/\*.*?\*/)+)
  | (?P<str>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*")
  | (?P<chr>[uUL]?'(?:\\.|[^'\\\n])*')
  | (?P<id>[A-Za-z_]\w*)
  | (?P<num>\.?\d(?:[eEpP][+-]|[\w.])*)
  | (?P<op>->|\+\+|--|<<=|>>=|\.\.\.|<<|>>|[<>=!+\-*/%&|^]=|&&|\|\||\#\#|.)
""", re.X | re.S)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)
_COMMENT_OR_LITERAL = re.compile(
    r'//(?:\\\n|[^\n])*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]+|[0-7]{1,3}|.)", re.S)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\n": ""}


class Token(NamedTuple):
    kind: str  # str, chr, id, num or op
    text: str
    line: int


def tokens(text: str) -> Iterator[Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "gap":
            yield Token(match.lastgroup or "op", match.group(), line)
        line += match.group().count("\n")


def includes(text: str) -> Iterator[tuple[int, str, bool]]:
    """Line, path and whether it was written with angle brackets, in order."""
    def blank(match: re.Match) -> str:
        found = match.group()
        return re.sub(r"[^\n]", " ", found) if found.startswith("/") else found

    bare = _COMMENT_OR_LITERAL.sub(blank, text)
    for match in _INCLUDE.finditer(bare):
        yield bare.count("\n", 0, match.start()) + 1, match.group(2), match.group(1) == "<"


def literal(token: str) -> str:
    """The text of a string token; \\x and octal escapes become one character each."""
    def one(match: re.Match) -> str:
        seq = match.group(1)
        if seq[0] == "x" and len(seq) > 1:
            return chr(int(seq[1:], 16))
        if seq[0] in "01234567":
            return chr(int(seq, 8))
        return _SIMPLE.get(seq, seq)

    return _ESCAPE.sub(one, token[token.index('"') + 1:-1])


def arguments(toks: list[Token], at: int) -> list[list[Token]]:
    """The arguments of the call whose opening bracket is toks[at]."""
    args: list[list[Token]] = [[]]
    depth = 0
    for tok in toks[at:]:
        if tok.kind == "op" and tok.text in "([{":
            depth += 1
            if depth == 1:
                continue
        elif tok.kind == "op" and tok.text in ")]}":
            depth -= 1
            if depth == 0:
                return args
        elif tok.text == "," and depth == 1:
            args.append([])
            continue
        args[-1].append(tok)
    return args
