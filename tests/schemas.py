"""The JSON Schemas that kspec ships, as validators."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

NAMES = ("check-1", "trace-1")


def schema(name: str) -> dict[str, Any]:
    text = files("kspec.report").joinpath("schema", f"{name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def validator(name: str) -> Draft202012Validator:
    resources = [(f"urn:kspec:{it}", Resource.from_contents(schema(it))) for it in NAMES]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(schema(name), registry=registry)
