"""What the endpoint can be asked and what it answers, as an OpenAPI document, made from the same routes as the application.

It is a page of docs/, for those who write clients and for the tests that hold the endpoint to it. The endpoint itself does not
give it out: whoever finds the port is told nothing about what else there is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sync_service.endpoint.frames import BUTTONS, FILES

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXT: Mapping[str, Any] = {"text/plain": {"schema": {"type": "string"}}}
_REFUSAL: Mapping[str, Any] = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
_REFUSED: Mapping[str, str] = {
    "400": "请求不成样子", "403": "没有口令、口令不对，或是别的乡镇的工作簿", "404": "没有这个网页", "405": "没有这个网页",
    "408": "传得太慢", "409": "交不成：县里正开着，或版本不对", "413": "太大", "422": "读不了，或不是工作簿",
    "429": "太频繁", "503": "太忙，请过一会儿再来", "504": "太复杂，没有查完",
}  # fmt: skip
_SAID: Mapping[str, tuple[str, str]] = {
    "check": ("校验一本工作簿，不入库", "Verdict"),
    "copy": ("要一份标注过的副本", ""),
    "submit": ("校验并上交", "Submitted"),
    "check_sheet": ("校验当前表", "Actions"),
    "check_all": ("校验全部", "Actions"),
    "next_problem": ("跳到下一处", "Actions"),
    "clear_marks": ("清除标记", "Actions"),
    "show_feedback": ("看县里的反馈", "Actions"),
}
_COUNT = {"type": "integer", "minimum": 0}
_SCHEMAS: Mapping[str, Any] = {
    "Refusal": {
        "type": "object",
        "required": ["message", "cure"],
        "properties": {"message": {"type": "string"}, "cure": {"type": "string"}},
        "additionalProperties": False,
    },
    "Verdict": {
        "type": "object",
        "required": ["file", "township", "readable", "errors", "warnings", "confirmed", "notices", "parts"],
        "properties": {
            "file": {"type": "string"},
            "township": {"type": "string"},
            "readable": {"type": "boolean"},
            **dict.fromkeys(("errors", "warnings", "confirmed", "notices"), _COUNT),
            "parts": {"type": "array", "items": {"type": "object", "required": ["kind", "heading", "count", "blocks"]}},
        },
    },
    "Submitted": {
        "type": "object",
        "required": ["new", "at", "errors", "warnings"],
        "properties": {
            "new": {"type": "boolean"},
            "at": {"type": "string"},
            **dict.fromkeys(("errors", "warnings"), _COUNT),
        },
    },
    "Actions": {
        "type": "object",
        "required": ["actions"],
        "properties": {"actions": {"type": "array", "items": {"type": "object"}}},
    },
}


def _answers(found: Mapping[str, Any], refusal: Mapping[str, Any], refused: Sequence[str]) -> dict[str, Any]:
    return {
        "200": {"description": "办好了", "content": found},
        **{code: {"description": _REFUSED[code], "content": refusal} for code in refused},
    }


def _posted(action: str, body: Mapping[str, Any], refusal: Mapping[str, Any], headers: Sequence[Any]) -> dict[str, Any]:
    summary, schema = _SAID[action]
    of = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    found = {"application/json": of} if schema else {_WORKBOOK: {"schema": {"type": "string", "format": "binary"}}}
    return {
        "post": {
            "summary": summary,
            "operationId": action,
            "security": [{"token": []}],
            "parameters": headers,
            "requestBody": {"required": True, "content": body},
            "responses": _answers(found, refusal, [code for code in _REFUSED if code not in {"404", "405"}]),
        }
    }


def openapi() -> dict[str, Any]:
    """The document (OpenAPI 3.0.3)."""
    workbook = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    payload = {"application/json": {"schema": {"type": "object"}}}
    name = {
        "name": "X-File-Name", "in": "header", "description": "文件名，百分号编码", "schema": {"type": "string", "pattern": "^[!-~]*$"},
    }  # fmt: skip
    open_to_all = {
        "/": {
            "get": {"summary": "校验网页", "responses": {"200": {"description": "网页", "content": {"text/html": {}}}}}
        },
        "/healthz": {"get": {"summary": "开着没有", "responses": {"200": {"description": "开着", "content": _TEXT}}}},
    }
    at_the_county = {
        path: {
            "get": {
                "summary": "运行情况，只给县里看",
                "security": [{}, {"token": []}],
                "responses": _answers({media: {}}, _TEXT, ["403", "429", "503"]),
            }
        }
        for path, media in (("/status", "text/html"), ("/status.json", "application/json"))
    }
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "台账校验网页",
            "version": "1",
            "description": "口令放在 Authorization 里，只开自己乡镇的工作簿。",
        },
        "paths": {
            **open_to_all,
            **at_the_county,
            **{f"/{action}": _posted(action, workbook, _REFUSAL, [name]) for action in FILES},
            **{f"/xlwings/{action}": _posted(action, payload, _TEXT, []) for action in BUTTONS},
        },
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
    }
