"""From text to tokens.

The words, signs and patterns are those of the grammar. Every word has one token type wherever it stands, except after a
dot, where it is a MEMBER, and after the `in` of an expectation or of `only in`, where a GLOB stands.

Signs of other languages become the token that was meant, and a diagnostic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from lark import Token

from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.language.grammar import load_vocabulary
from kspec.language.reserved import RESERVED
from kspec.system.amounts import BINARY, DECIMAL
from kspec.system.spans import Span

UNKNOWN: Final = "UNKNOWN"
"""The type of a token that no construct has, and that a diagnostic speaks of already."""

MAX_DIGITS: Final = 100
MAX_DIAGNOSTICS: Final = 20

_MEANT: Final[Mapping[str, str]] = {
    "&&": "and", "&": "and", "∧": "and", "||": "or", "|": "or", "\N{LOGICAL OR}": "or", "!": "not", "¬": "not",
    "=>": "implies", "<=>": "iff", "<->": "iff", "===": "==", "!==": "!=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=",
    ":=": "=", "→": "->", "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "%": "mod", "/": "div", "∀": "forall",
    "∃": "exists",
}  # fmt: skip
"""Signs of other languages, with the word or sign of kspec."""

# Other control characters could hide text from a reader, or end a line for an editor and not for kspec.
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_NEW_LINE: Final = re.compile(r"\r\n|\r|\n")

_NUMBERS: Final = frozenset({"INT", "AMOUNT"})
_EXPONENT: Final = re.compile("[eE][0-9]*")
_LIKE_A_SUFFIX: Final = re.compile("[A-Z]|[A-Za-z][bBiI]|[gkmnpu]")
_SUFFIXES: Final = f"the suffixes are {', '.join(suffix for suffix in (*DECIMAL, *BINARY) if suffix)}"

_UNKNOWN_HINTS: Final[Mapping[str, str]] = {
    '"': "only the file of an `import` stands in quotes, and it ends on its line",
    "'": "an enum names values; there are no texts",
    "`": "a name in backquotes is one word: `` `when` ``",
}


@dataclass(frozen=True, slots=True)
class Scanned:
    """`docs`: the text of the `##` comments before a token, by the position of the token."""

    tokens: tuple[Token, ...]
    docs: Mapping[int, str]
    diagnostics: tuple[Diagnostic, ...]


def scan(name: str, text: str) -> Scanned:
    """The tokens of a text; `name` is the file as messages show it."""
    return _Scanner(name, text).scan()


def shown(text: str) -> str:
    """A word as a message shows it."""
    return text if len(text) <= 40 else text[:37] + "..."


def token_span(name: str, token: Token) -> Span:
    return Span(name, token.line or 1, token.column or 1, token.end_line or 1, token.end_column or 1)


@cache
def _pattern() -> re.Pattern[str]:
    """One group for each sort of token; an earlier group wins."""
    vocabulary = load_vocabulary()
    patterns = vocabulary.patterns
    long = [sign for sign in _MEANT if len(sign) > 1]
    short = [sign for sign in _MEANT if len(sign) == 1]
    groups = {
        "SPACE": patterns["SPACE"],
        "WORD": patterns["NAME"],
        "COMMENT": patterns["COMMENT"],
        "AMOUNT": patterns["AMOUNT"],
        "INT": patterns["INT"],
        "QUOTED": patterns["QUOTED"],
        "STRING": patterns["STRING"],
        "FOREIGN_COMMENT": r"//[^\r\n]*|/\*[\s\S]*?\*/",
        "PRIME": r"(?<=[A-Za-z0-9_`])'",
        "TEXT": r"'[^'\r\n]*'",
        "MEANT": _alternatives(long),
        "SIGN": _alternatives(vocabulary.signs),
        "MEANT_SHORT": _alternatives(short),
        UNKNOWN: r"[\s\S]",
    }
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in groups.items()))


def _alternatives(signs: Iterable[str]) -> str:
    return "|".join(re.escape(sign) for sign in sorted(signs, key=lambda sign: (-len(sign), sign)))


class _Scanner:
    """One walk through a text."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.vocabulary = load_vocabulary()
        self.glob = re.compile(self.vocabulary.patterns["GLOB"])
        self.position = 0
        self.line = 1
        self.line_start = 0
        self.tokens: list[Token] = []
        self.docs: dict[int, str] = {}
        self.doc: list[str] = []
        self.diagnostics: list[Diagnostic] = []
        self.in_expectation = False
        self.glob_is_next = False
        self.unknown_end = -1

    def scan(self) -> Scanned:
        pattern = _pattern()
        while self.position < len(self.text) and len(self.diagnostics) < MAX_DIAGNOSTICS:
            match = pattern.match(self.text, self.position)
            assert match is not None, "the last group takes any character"
            group = match.lastgroup
            if group != "SPACE":
                if self.glob_is_next:
                    group, match = self._glob_instead(match)
                self._take(group, match.group())
            elif "\n" in match.group() or "\r" in match.group():
                self._skip_lines(match.group())
            self.position = match.end()
        return Scanned(tuple(self.tokens), self.docs, tuple(self.diagnostics))

    def _glob_instead(self, match: re.Match[str]) -> tuple[str | None, re.Match[str]]:
        """The glob at the position, or else `match`."""
        glob = self.glob.match(self.text, self.position)
        if match.lastgroup not in {"COMMENT", "FOREIGN_COMMENT"}:
            self.glob_is_next = False
        return ("GLOB", glob) if glob is not None else (match.lastgroup, match)

    def _take(self, group: str | None, text: str) -> None:
        match group:
            case "WORD":
                self._word(text)
            case "SIGN":
                self.in_expectation = self.in_expectation and text == ","
                self._add(self.vocabulary.signs[text], text)
            case "COMMENT":
                self._comment(text)
            case "INT" | "AMOUNT":
                self._number(group, text)
            case "QUOTED" | "STRING" | "GLOB":
                self._add(group, text)
            case "MEANT" | "MEANT_SHORT":
                self._meant(text)
            case "FOREIGN_COMMENT":
                self._report(Code.KS005, f"`{text[:2]}` begins no comment", text[:2], "a comment begins with `#`")
                self._skip_lines(text)
            case "PRIME":
                hint = "`=` gives the new value; in a `step`, `old(x)` is the one before"
                self._report(Code.KS005, "names have no primes", text, hint)
            case "TEXT":
                self._text(text)
            case _:
                self._unknown(text)

    def _skip_lines(self, text: str) -> None:
        for match in _NEW_LINE.finditer(text):
            self.line += 1
            self.line_start = self.position + match.end()

    def _comment(self, text: str) -> None:
        control = _CONTROL.search(text)
        if control is not None:
            self._report(Code.KS005, f"the comment has the control character {_character(control.group())}", text)
        if text.startswith("##") and not text.startswith("###"):
            self.doc.append(text[2:].strip())

    def _word(self, text: str) -> None:
        if self.tokens and self.tokens[-1].type == "DOT":
            self._add("MEMBER", text)
            return
        type = self.vocabulary.words.get(text, "NAME")
        if type == "EXPECT":
            self.in_expectation = True
        elif type == "IN":
            self.glob_is_next = self.in_expectation or (self.tokens[-1:] != [] and self.tokens[-1].type == "ONLY")
        elif text in RESERVED:
            self.in_expectation = False
        if self.tokens and self.tokens[-1].type in _NUMBERS and self.tokens[-1].end_pos == self.position:
            message, hint = _behind_number(text, type == "NAME")
            self._report(Code.KS006, message, text, hint)
            type = UNKNOWN
        self._add(type, text)

    def _number(self, type: str, text: str) -> None:
        digits = sum(map(str.isdigit, text))
        if digits > MAX_DIGITS:
            self._report(Code.KS009, f"a number has at most {MAX_DIGITS} digits, this one has {digits:,}", text)
            type, text = "INT", text[:1]
        self._add(type, text)

    def _meant(self, text: str) -> None:
        meant = _MEANT[text]
        self._report(Code.KS005, f"kspec has no `{text}`", text, f"write `{meant}`")
        self._add(self.vocabulary.words.get(meant) or self.vocabulary.signs[meant], meant, len(text))

    def _text(self, text: str) -> None:
        """Something in single quotes."""
        if self.tokens and self.tokens[-1].type == "IMPORT":
            hint = f'write `"{shown(text[1:-1])}"`'
        else:
            hint = "declare an `enum` with the values"
        self._report(Code.KS005, "nothing stands in single quotes", text, hint)
        self._add(UNKNOWN, text)

    def _unknown(self, text: str) -> None:
        """One diagnostic for a run of characters that nothing has."""
        if self.unknown_end != self.position:
            hint = _UNKNOWN_HINTS.get(text) or (
                "a name has English letters, digits and `_`" if text.isalpha() else None
            )
            self._report(Code.KS005, f"no construct has the character {_character(text)}", text, hint)
            self._add(UNKNOWN, text)
        self.unknown_end = self.position + 1

    def _add(self, type: str, text: str, width: int | None = None) -> None:
        start = self.position
        end = start + (len(text) if width is None else width)
        if self.doc:
            self.docs[start] = "\n".join(self.doc)
            self.doc.clear()
        column = start - self.line_start + 1
        self.tokens.append(Token(type, text, start, self.line, column, self.line, column + end - start, end))

    def _report(self, code: Code, message: str, text: str, hint: str | None = None) -> None:
        column = self.position - self.line_start + 1
        span = Span(self.name, self.line, column, self.line, column + len(text))
        self.diagnostics.append(Diagnostic(code, message, span, hint))


def _behind_number(word: str, is_name: bool) -> tuple[str, str]:
    """What is wrong with a word right behind a number, and a hint. `is_name`: it is no keyword."""
    if _EXPONENT.fullmatch(word):
        return "numbers have no exponents", "write all digits, or a suffix: `1k`, `1M`"
    if is_name and _LIKE_A_SUFFIX.fullmatch(word):
        return f"no amount has the suffix `{word}`", _SUFFIXES
    return f"a number runs into `{shown(word)}`", "put a space between them"


def _character(text: str) -> str:
    return f"`{text}`" if text.isprintable() and not text.isspace() else f"U+{ord(text):04X}"
