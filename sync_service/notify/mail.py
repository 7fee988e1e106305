"""Mail, by any server that speaks SMTP."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from sync_service.notify.digest import Message
from sync_service.notify.robots import UndeliveredError
from sync_service.notify.settings import NotifyPart
from sync_service.sources.access import Account

SECONDS = 20
"""So long a mail server may keep silent."""


def _mail(part: NotifyPart, sender: str, message: Message, now: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = message.title
    mail["From"] = sender
    mail["To"] = ", ".join(part.mail_to)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail.set_content("\n".join(message.lines) + "\n\n这封信是 taizhang 自动发的，不用回。\n")
    return mail


def send(part: NotifyPart, account: Account, message: Message, now: datetime) -> None:
    """Sends a mail. Raises UndeliveredError."""
    trusted = ssl.create_default_context(cafile=account.certificates or None)
    sender = part.mail_from or account.user
    try:
        if part.mail_security == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(part.mail_server, part.mail_port, timeout=SECONDS, context=trusted)
        else:
            server = smtplib.SMTP(part.mail_server, part.mail_port, timeout=SECONDS)
        with server:
            if part.mail_security == "starttls":
                server.starttls(context=trusted)
            if account.password:
                server.login(account.user or sender, account.password)
            server.send_message(_mail(part, sender, message, now))
    except smtplib.SMTPAuthenticationError:
        raise UndeliveredError("邮件服务器不认账号或授权码，请核对账号文件") from None
    except smtplib.SMTPResponseException as error:
        raise UndeliveredError(f"邮件服务器没有收（{error.smtp_code}）") from None
    except (smtplib.SMTPException, OSError) as error:  # its text may quote addresses
        raise UndeliveredError(f"连不上邮件服务器，或它不肯加密（{type(error).__name__}）") from None
