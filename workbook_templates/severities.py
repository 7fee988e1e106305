"""How errors, warnings and notices are told apart wherever they are shown: in words, by a sign, by a colour."""

from collections.abc import Mapping

from workbook_templates.catalogue import Severity

SEVERITIES: Mapping[Severity, str] = {"error": "错误", "warning": "提醒", "notice": "提示"}
SYMBOLS: Mapping[Severity, str] = {"error": "×", "warning": "▲", "notice": "○"}
CONFIRMED, CONFIRMED_SYMBOL = "已说明", "√"
FILLS: Mapping[Severity, str] = {"error": "#F6C9C0", "warning": "#FFE9A8", "notice": "#DCE9F7"}
"""The fills of cells in which something was found. No other cell of a workbook has one of them."""
