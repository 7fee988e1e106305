"""A systemd unit: of the whole system for root, else of the user, kept running after logging off."""

import os
from pathlib import Path

from sync_service.errors import TaizhangError
from sync_service.install.program import Program, call
from sync_service.troubles import of_system

HINT = "请把这一行交给管电脑的人；也可以不装，开机后自己运行 taizhang run。"


def _quoted(text: str) -> str:
    """One word of a command line (systemd.syntax(7), systemd.service(5)): % and $ mean something there."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _is_system() -> bool:
    return os.geteuid() == 0  # type: ignore[attr-defined, unused-ignore] # POSIX only


def _systemctl(*words: str, may_fail: bool = False) -> str:
    return call(["systemctl", *([] if _is_system() else ["--user"]), *words], HINT, may_fail=may_fail)


def unit_path(program: Program) -> Path:
    """Where the unit lies."""
    if _is_system():
        return Path("/etc/systemd/system") / f"{program.name}.service"
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return home / "systemd" / "user" / f"{program.name}.service"


def unit(program: Program, *, system: bool) -> str:
    """The unit's text."""
    folder = str(program.folder).replace("%", "%%")
    return f"""\
[Unit]
Description={program.title.replace("%", "%%")}
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart={" ".join(map(_quoted, program.command))}
WorkingDirectory={folder}
Restart=always
RestartSec=30
KillSignal=SIGINT
TimeoutStopSec=120
UMask=0077
NoNewPrivileges=true
Environment=PYTHONUTF8=1

[Install]
WantedBy={"multi-user" if system else "default"}.target
"""


def text(program: Program) -> str:
    """The unit as it would be installed here."""
    return unit(program, system=_is_system())


def install(program: Program) -> str:
    """Installs and starts the service; what is to be said of it. Raises TaizhangError if systemd does not take it."""
    path = unit_path(program)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(program), "utf-8")
    except OSError as error:
        what, cure = of_system(error)
        raise TaizhangError(f"写不了 {path}：{what}", f"{cure}，再运行一次。") from error
    _systemctl("daemon-reload")
    _systemctl("enable", f"{program.name}.service")
    _systemctl("restart", f"{program.name}.service")
    if not _is_system():  # without it the service would end when its user logs off
        call(
            ["loginctl", "enable-linger"],
            "请管电脑的人运行 loginctl enable-linger 加上你的用户名，不然注销以后就停了。",
        )
    return f"已装好并启动，以后开机自动运行：{path}"


def status(program: Program) -> str:
    """What the system says of the service, in a line."""
    if not unit_path(program).exists():
        return "没有装成自动运行。要装请运行 taizhang service install。"
    state = _systemctl("is-active", f"{program.name}.service", may_fail=True)
    words = {
        "active": "正在运行",
        "activating": "正在启动，或出错后等着重启",
        "inactive": "已停止",
        "failed": "出错停了",
    }
    return f"已装成自动运行，现在{words.get(state, state)}。各乡镇的情况见 taizhang status。"


def remove(program: Program) -> str:
    """Stops the service and takes it out; what is to be said of it. Raises TaizhangError if systemd refuses."""
    path = unit_path(program)
    if not path.exists():
        return "本来就没有装成自动运行。"
    _systemctl("disable", "--now", f"{program.name}.service")
    path.unlink()
    _systemctl("daemon-reload")
    return "已停止并取消自动运行；数据都还在。"
