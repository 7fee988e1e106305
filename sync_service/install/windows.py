"""A task of Windows' task scheduler: starts when its user logs on, again a minute after it ended, and never twice at once."""

import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from sync_service.install.program import Program, call

HINT = "请用“以管理员身份运行”打开命令行再试；也可以不装，登录后自己运行 taizhang run。"


def text(program: Program) -> str:
    """The task as schtasks takes it: https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema."""
    command, *arguments = program.command
    return f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{escape(program.title)}</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(command)}</Command>
      <Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments>
      <WorkingDirectory>{escape(str(program.folder))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def install(program: Program) -> str:
    """Installs and starts the task; what is to be said of it. Raises TaizhangError if Windows does not take it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "task.xml"
        file.write_text(text(program), "utf-16")
        call(["schtasks", "/Create", "/TN", program.name, "/XML", str(file), "/F"], HINT)
    call(["schtasks", "/Run", "/TN", program.name], HINT)
    return f"已装好并启动，以后登录 Windows 就自动运行（任务计划程序里的 {program.name}）。"


def status(program: Program) -> str:
    """What the system says of the task."""
    said = call(["schtasks", "/Query", "/TN", program.name, "/FO", "LIST"], HINT, may_fail=True)
    if program.name not in said:
        return "没有装成自动运行。要装请运行 taizhang service install。"
    return f"已装成自动运行：\n{said}\n各乡镇的情况见 taizhang status。"


def remove(program: Program) -> str:
    """Ends the task and takes it out; what is to be said of it. Raises TaizhangError if Windows refuses."""
    if "没有装成" in status(program):
        return "本来就没有装成自动运行。"
    call(["schtasks", "/End", "/TN", program.name], HINT, may_fail=True)
    call(["schtasks", "/Delete", "/TN", program.name, "/F"], HINT)
    return "已停止并取消自动运行；数据都还在。"
