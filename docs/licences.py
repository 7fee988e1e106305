"""The licences of everything that taizhang is built on: docs/第三方许可.md, made from what is installed by constraints.txt."""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from workbook_templates.markdown import table

ROOT = Path(__file__).parents[1]
USED = ("postgresql", "demo", "remote")
"""The optional parts that a county may install; `dev` is for us."""
_NOTES = {
    "xlwings": "本体 BSD-3-Clause；我们用到的 remote 引擎（xlwings.pro）是 PolyForm Noncommercial 1.0.0，机关、学校等非商业使用免费，"
    "公司经营使用要另买许可证（county.toml 的 xlwings_licence）",
    "docxtpl": "LGPL：作为库引用，没有改动它",
    "psycopg": "LGPL：作为库引用，没有改动它；只在用 PostgreSQL 时安装",
    "psycopg-binary": "LGPL：同上",
    "python-stdnum": "LGPL：作为库引用，没有改动它",
    "asyncssh": "按 EPL-2.0 使用；只在用 SFTP 时安装",
    "odfpy": "按 Apache-2.0 使用；只在示范县和测试里用",
    "pcodedmp": "GPL：只在测试里由 oletools 带入，不随程序分发",
}
_LONGEST = 60


class Pinned(NamedTuple):
    """A line of constraints.txt."""

    name: str
    version: str


def pinned() -> list[Pinned]:
    """Everything that constraints.txt pins."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").split()
    return [Pinned(name, version) for name, _, version in (line.partition("==") for line in lines)]


def licence(one: Distribution) -> str:
    """What a package says of its licence, in a few words."""
    said = one.metadata
    stated = [said[name] for name in ("License-Expression", "License") if name in said]
    first = str(next(iter(stated), "")).split("\n")[0]
    classified = [c.rpartition(" :: ")[2] for c in said.get_all("Classifier") or [] if c.startswith("License ::")]
    return first if first and len(first) <= _LONGEST else " / ".join(classified)


def _needed(requirements: Iterable[str], extras: Iterable[str] = ()) -> Iterator[str]:
    for text in requirements:
        wanted = Requirement(text)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield canonicalize_name(wanted.name)
            yield from _needed(distribution(wanted.name).requires or (), wanted.extras)


def runtime() -> frozenset[str]:
    """The names of what is installed at a county: the dependencies and the optional parts, with all that they need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(line for part in USED for line in optional[part])]
    return frozenset(_needed(wanted))


def licences_page() -> str:
    """The page as Markdown."""
    used = runtime()
    rows: dict[bool, list[tuple[str, str, str, str]]] = {True: [], False: []}
    for name, version in pinned():
        row = name, version, licence(distribution(name)), _NOTES.get(canonicalize_name(name), "")
        rows[canonicalize_name(name) in used].append(row)
    headers = ("名称", "版本", "许可证", "说明")
    return "\n".join(
        (
            "# 第三方许可\n",
            "本页由 `make docs` 按 `constraints.txt` 生成，许可证取自各软件包自己的声明。台账本身是 MIT 许可证（[LICENSE](../LICENSE)）。\n",
            "## 县里的电脑上会装的\n",
            table(headers, rows[True]),
            "## 只在开发和测试时用的\n",
            table(headers, rows[False]),
        )
    )
