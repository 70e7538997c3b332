"""Where the parser's tables come from: beside the grammar, else from the cache, else they are made."""

from __future__ import annotations

from pathlib import Path

import lark
import pytest

from kspec.language import grammar_file, grammar_tables, parse_tokens
from kspec.language.grammar import OPTIONS, STARTS, grammar_text, tables_to_package
from kspec.language.grammar_tables import KEPT, Options, make_tables, parser_of, sealed_tables, tables_name
from kspec.language.parse import parse_file

TOY = 'file: "a"+\ncomponent_items: "b"\ncluster_item: "c"\nexpression: "d"\n'
OTHER = TOY.replace('"a"', '"x"')

MODELS = sorted((Path(__file__).parents[2] / "models").rglob("*.kspec"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no tables beside the grammar."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    package(None, monkeypatch)
    return tmp_path / "cache" / "kspec"


def package(tables: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar_tables, "packaged_tables", lambda: tables)


def forbid_making(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(text: str, options: Options) -> bytes:
        raise AssertionError("tables are made")

    monkeypatch.setattr(grammar_tables, "make_tables", make)


def test_packaged_tables_are_loaded_and_nothing_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(sealed_tables(TOY, OPTIONS), monkeypatch)
    forbid_making(monkeypatch)
    assert parser_of(TOY, OPTIONS).parse("aa", start="file").data == "file"
    assert not folder.exists()


def test_without_packaged_tables_they_are_made_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parser_of(TOY, OPTIONS)
    assert [file.name.split("-")[0] for file in folder.iterdir()] == ["grammar"]
    forbid_making(monkeypatch)
    assert parser_of(TOY, OPTIONS).parse("aa", start="file").data == "file"


@pytest.mark.parametrize("place", ["packaged", "kept"])
@pytest.mark.parametrize("damage", [b"", b"garbage", b"more"])
def test_damaged_tables_are_made_anew(place: str, damage: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = sealed_tables(TOY, OPTIONS)
    damaged = good + damage if damage == b"more" else damage
    if place == "packaged":
        package(damaged, monkeypatch)
    else:
        KEPT.store(tables_name(TOY, OPTIONS), make_tables(TOY, OPTIONS))
        (file,) = folder.iterdir()
        file.write_bytes(damaged)
    assert parser_of(TOY, OPTIONS).parse("aa", start="file").data == "file"
    assert KEPT.load(tables_name(TOY, OPTIONS)) is not None


def test_tables_of_another_grammar_are_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    package(sealed_tables(OTHER, OPTIONS), monkeypatch)
    assert parser_of(TOY, OPTIONS).parse("aa", start="file").data == "file"


def test_tables_of_another_lark_are_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    package(sealed_tables(TOY, OPTIONS), monkeypatch)
    parser_of(TOY, OPTIONS)
    monkeypatch.setattr(lark, "__version__", "9.9.9")
    forbid_making(monkeypatch)
    with pytest.raises(AssertionError, match="tables are made"):
        parser_of(TOY, OPTIONS)


def test_tables_of_other_options_are_not_loaded() -> None:
    others = [Options(**OPTIONS) for _ in range(3)]
    others[0]["lexer"] = "contextual"
    others[1]["start"] = list(STARTS[:1])
    others[2]["propagate_positions"] = False
    assert len({tables_name(TOY, options) for options in (OPTIONS, *others)}) == 4


def test_loaded_tables_parse_like_those_that_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = lark.Lark(grammar_text(), **OPTIONS)
    package(tables_to_package(), monkeypatch)
    forbid_making(monkeypatch)
    loaded = parser_of(grammar_text(), OPTIONS)
    texts = [path.read_text(encoding="utf-8") for path in MODELS]
    parsed = []
    for parser in (made, loaded):
        monkeypatch.setattr(parse_tokens, "load_parser", lambda parser=parser: parser)
        parsed.append([parse_file("a", text) for text in (*texts, "kind A { key }", "invariant a: b c")])
    assert parsed[0] == parsed[1]
    assert [terminal.name for terminal in loaded.terminals] == [terminal.name for terminal in made.terminals]


def test_a_checkout_keeps_its_tables_beside_the_grammar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar_file, "__file__", str(tmp_path / "kspec" / "language" / "grammar_file.py"))
    monkeypatch.setattr(grammar_file, "files", lambda _: tmp_path / "kspec")
    assert grammar_file.packaged_tables() is None
    (tmp_path / "grammar").mkdir()
    (tmp_path / "grammar" / "kspec.tables").write_bytes(b"of the checkout")
    assert grammar_file.packaged_tables() == b"of the checkout"
    (tmp_path / "kspec" / "grammar").mkdir(parents=True)
    (tmp_path / "kspec" / "grammar" / "kspec.lark").touch()
    assert grammar_file.packaged_tables() is None
