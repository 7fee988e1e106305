"""An SFTP server on a folder, in a process of its own: python -m tests.conformance.sftp_server FOLDER PORT PASSWORD KEY."""

import asyncio
import sys

import asyncssh


class _Door(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("clerk", sys.argv[3])


def _rooted(channel: "asyncssh.SSHServerChannel[bytes]") -> asyncssh.SFTPServer:
    return asyncssh.SFTPServer(channel, chroot=sys.argv[1].encode())


async def _serve() -> None:
    await asyncssh.listen(
        "127.0.0.1", int(sys.argv[2]), server_factory=_Door, server_host_keys=[sys.argv[4]], sftp_factory=_rooted
    )
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
