"""What the documentation site takes from the code when it is built: the API and the settings.

A page says where with ``<!-- operations -->`` or ``<!-- settings -->``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mkdocs.exceptions import PluginError

_CODE = re.compile(r"(<pre.*?</pre>)", re.DOTALL)
_CHINESE = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_WRAPPED = re.compile(f"(?<={_CHINESE})\n(?={_CHINESE})")
_ELSEWHERE = re.compile(r"<(?:script|img|iframe)[^>]*\ssrc=[\"']?(?:https?:)?//[^>]*>")
_STYLE_ELSEWHERE = re.compile(
    r"<link[^>]*rel=[\"']?(?:stylesheet|preconnect|icon)[^>]*href=[\"']?(?:https?:)?//[^>]*>"
)


def on_page_markdown(markdown: str, **_: object) -> str:
    """Put what is read from the code in the place of its marker."""
    for marker, written in (
        ("<!-- operations -->", lambda: operations(described_api())),
        ("<!-- settings -->", settings_table),
    ):
        if marker in markdown:
            markdown = markdown.replace(marker, written())
    return markdown


def on_page_content(html: str, **_: object) -> str:
    """Join wrapped lines of Chinese, between which a browser would put a space."""
    parts = _CODE.split(html)
    return "".join(part if n % 2 else _WRAPPED.sub("", part) for n, part in enumerate(parts))


def on_post_build(config: Any) -> None:  # noqa: ANN401 (mkdocs has no types)
    """Refuse a site that would load anything from another host.

    Raises
    ------
    PluginError
        If a page does; names the page and the element.
    """
    for page in sorted(Path(config["site_dir"]).rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        found = _ELSEWHERE.search(text) or _STYLE_ELSEWHERE.search(text)
        if found:
            raise PluginError(f"{page} loads from another host: {found[0]}")


def described_api() -> dict[str, Any]:
    """Give the OpenAPI description of the service over the bundled digest."""
    from assistant.settings import Settings
    from ui.opening import OpeningAssistant
    from ui.server import create_app

    with TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))
        return create_app(OpeningAssistant(settings), settings, with_pages=False).openapi()


def settings_table() -> str:
    """Lay out all settings as a table: variable, default, meaning."""
    from pydantic_core import PydanticUndefined

    from assistant.settings import Settings

    rows = ["| 变量 | 默认 | 含义 |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        if name == "book":
            default = "随附摘要版"
        elif field.default is PydanticUndefined:
            default = "系统的用户数据目录"
        elif field.default in (None, ()):
            default = "—"
        else:
            default = f"`{field.default}`"
        rows.append(f"| `GUIDE_{name.upper()}` | {default} | {_cell(field.description)} |")
    return "\n".join(rows)


def operations(api: dict[str, Any]) -> str:
    """Write every operation of an OpenAPI description, then the schemas that they name."""
    lines: list[str] = []
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            lines += _operation(method.upper(), path, operation)
    lines += ["## 数据结构", ""]
    for name, schema in sorted(api["components"]["schemas"].items()):
        lines += _schema(name, schema)
    return "\n".join(lines)


def _operation(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield from (f"## {method} {path}", "", operation.get("summary", ""), "")
    if "description" in operation:
        yield from (operation["description"], "")
    if parameters := operation.get("parameters"):
        yield from ("| 参数 | 位置 | 类型 | 必填 | 说明 |", "| --- | --- | --- | --- | --- |")
        for one in parameters:
            required = "是" if one.get("required") else ""
            said = _cell(one.get("description"))
            kind = _kind(one["schema"])
            yield f"| `{one['name']}` | {one['in']} | {kind} | {required} | {said} |"
        yield ""
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield from (f"请求（`{kind}`）：{_kind(content.get('schema', {}))}", "")
        yield from _example(content)
    yield from ("| 状态 | 内容 |", "| --- | --- |")
    for status, response in operation["responses"].items():
        kinds = [
            f"`{kind}` {_kind(content.get('schema', {}))}"
            for kind, content in response.get("content", {}).items()
        ]
        yield f"| {status} | {'；'.join(kinds) or _cell(response.get('description'))} |"
    yield ""


def _example(content: dict[str, Any]) -> Iterator[str]:
    if "example" in content:
        text = json.dumps(content["example"], ensure_ascii=False, indent=2)
        yield from ("```json", text, "```", "")


def _schema(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield from (f"### {name}", "")
    if "description" in schema:
        yield from (schema["description"], "")
    properties = schema.get("properties", {})
    if properties:
        yield from ("| 字段 | 类型 | 必填 |", "| --- | --- | --- |")
        for field, of in properties.items():
            required = "是" if field in schema.get("required", ()) else ""
            yield f"| `{field}` | {_kind(of)} | {required} |"
        yield ""


def _kind(schema: dict[str, Any]) -> str:
    """Say what values a schema takes, in one table cell."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " 或 ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return "、".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        items = schema.get("prefixItems")
        of = "，".join(map(_kind, items)) if items else _kind(schema.get("items", {}))
        return f"array of {of}"
    return str(schema.get("type", "any"))


def _cell(text: object) -> str:
    return str(text or "").replace("|", "\\|").replace("\n", " ")
