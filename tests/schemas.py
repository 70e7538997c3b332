"""The JSON Schemas that kspec ships, as validators: each stands alone."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

NAMES = ("check-1", "simulate-1", "trace-1")


def schema(name: str) -> dict[str, Any]:
    text = files("kspec.report").joinpath("schema", f"{name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name))
