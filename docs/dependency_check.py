"""make audit: whether anything that taizhang is built on has a known vulnerability; python -m docs.dependency_check.

pip-audit asks the vulnerability database on the internet. It lives in a virtual environment of its own, so that nothing of it
comes into ours. Where it cannot be had or cannot ask, the pinned versions are listed, to be compared by hand elsewhere.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from docs.licences import ROOT, pinned

LIST = "https://osv.dev/list?ecosystem=PyPI"


def _asked() -> list[dict[str, object]] | None:
    """What pip-audit found of each pinned package; None if it could not be had or could not ask."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        installed = subprocess.run([python, "-m", "pip", "install", "-q", "pip-audit"], check=False)
        if installed.returncode:
            return None
        options = ["--no-deps", "--disable-pip", "-f", "json", "-r"]
        command = [str(python), "-m", "pip_audit", *options, str(ROOT / "constraints.txt")]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    try:
        found: list[dict[str, object]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    return found


def main() -> int:
    """The exit code: 0 nothing is known, or nobody could be asked; 1 something is."""
    found = _asked()
    if found is None:
        print("pip-audit could not ask. Compare these versions with", LIST, "on a PC that is on the internet:")
        print("\n".join(f"  {name} {version}" for name, version in pinned()))
        return 0
    bad = [one for one in found if one.get("vulns")]
    for one in bad:
        print(one["name"], one["version"], one["vulns"])
    print(f"{len(found)} packages, {len(bad)} with known vulnerabilities.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
