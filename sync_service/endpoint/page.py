"""The check page: one file of HTML with its style and its program inside, and the policy that lets a browser run just these."""

import hashlib
import re
from base64 import b64encode
from html import escape
from importlib.resources import files

from sync_service.settings import CountySetup

_INSIDE = {tag: re.compile(f"<{tag}>(.*?)</{tag}>", re.DOTALL) for tag in ("style", "script")}


def inside_hash(tag: str, html: str) -> str:
    """The hash by which a browser knows the only `tag` of the page."""
    (text,) = _INSIDE[tag].findall(html)
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def page_text(package: str, name: str) -> str:
    """A page's HTML with the look that all our pages share; its other {{names}} are still to be filled in."""
    look = (files(__package__) / "look.css").read_text("utf-8")
    return (files(package) / name).read_text("utf-8").replace("{{LOOK}}", look)


def check_page(setup: CountySetup) -> tuple[str, str]:
    """The page for this county, and its Content-Security-Policy."""
    html = page_text(__package__, "page.html")
    for name, value in {"COUNTY": setup.county.name, "UPLOAD_MB": str(setup.settings.endpoint.upload_mb)}.items():
        html = html.replace(f"{{{{{name}}}}}", escape(value))
    policy = (
        f"default-src 'none'; style-src {inside_hash('style', html)}; script-src {inside_hash('script', html)}; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return html, policy
