"""What the coordinator reads of an entry."""

from collections.abc import Mapping

from sync_service.audit.chain import Entry

WHAT: Mapping[str, str] = {
    "run": "运行入库", "forget": "删除个人信息", "lift_forget": "解除删除", "reveal": "看完整内容", "export": "导出",
    "seal": "封存", "unseal": "解封", "restore": "恢复备份", "service": "自动运行开始",
    "serve": "校验网页打开", "submit": "网页上交表", "token_new": "做口令", "token_revoke": "作废口令",
}  # fmt: skip
"""What can be done, by the word that entries carry."""

_ABOUT: Mapping[str, str] = {
    "run": "第几次运行", "kind": "类别", "note": "说明", "new": "新增", "changed": "变更", "gone": "关闭", "undoes": "撤销第几次",
    "person": "人（代号）", "forms": "表", "rows": "行", "versions": "历史版本", "reason": "依据", "command": "命令",
    "period": "期", "by": "谁", "township": "乡镇", "token": "口令号", "sha256": "文件指纹", "bytes": "字节", "head": "原来的链头",
}  # fmt: skip
_KINDS = {"sync": "同步", "undo": "撤销", "confirm": "确认或决定"}


def told(entry: Entry) -> str:
    """What was done, with what it is about."""
    parts = [
        f"{_ABOUT[name]} {_KINDS.get(str(value), value) if name == 'kind' else value}"
        for name, value in entry.about.items()
        if value not in ("", 0)
    ]
    return f"{WHAT[entry.what]}　{'，'.join(parts)}".rstrip("　")
