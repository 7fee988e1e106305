"""The status as a page for a browser: no script, nothing from elsewhere."""

from html import escape

from sync_service.endpoint.page import inside_hash, page_text
from sync_service.service import words
from sync_service.service.status import Status, TownshipStatus

_CLASSES = {"×": "bad", "▲": "warn"}


def _row(one: TownshipStatus, now: str) -> str:
    numbers = "".join(f'<td class="number">{n}</td>' for n in (one.rows, one.errors, one.warnings, one.held))
    symbol = words.symbol(one)
    return (
        f'<tr class="{_CLASSES.get(symbol, "")}"><td>{escape(one.name)}</td><td>{words.ago(one.reached_at, now)}</td>'
        f"{numbers}<td>{symbol} {escape(words.state(one))}</td></tr>"
    )


def status_page(status: Status) -> tuple[str, str]:
    """The page, and its Content-Security-Policy."""
    html = page_text(__package__, "status_page.html")
    troubles = [
        f"<li><b>{escape(one.name)}</b>：{escape(words.trouble(one))}</li>"
        for one in status.townships
        if words.trouble(one)
    ]
    parts = {
        "COUNTY": escape(status.county),
        "AT": words.clock(status.at),
        "FACTS": "".join(f"<dt>{name}</dt><dd>{escape(said)}</dd>" for name, said in words.facts(status)),
        "ROWS": "".join(_row(one, status.at) for one in status.townships),
        "TROUBLES": f"<section><h2>要处理的</h2><ul>{''.join(troubles)}</ul></section>" if troubles else "",
    }
    for name, value in parts.items():
        html = html.replace(f"{{{{{name}}}}}", value)
    policy = (
        f"default-src 'none'; style-src {inside_hash('style', html)}; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return html, policy
