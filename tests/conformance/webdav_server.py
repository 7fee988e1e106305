"""A WebDAV server on a folder, in a process of its own: python -m tests.conformance.webdav_server FOLDER PORT PASSWORD."""

import sys

from cheroot.wsgi import Server
from wsgidav.wsgidav_app import WsgiDAVApp

if __name__ == "__main__":
    folder, port, password = sys.argv[1:]
    app = WsgiDAVApp(
        {
            "host": "127.0.0.1",
            "port": int(port),
            "provider_mapping": {"/dav": folder},
            "simple_dc": {"user_mapping": {"*": {"clerk": {"password": password}}}},
            "logging": {"enable": False},
            "verbose": 0,
        }
    )
    server = Server(("127.0.0.1", int(port)), app)
    try:
        server.start()
    except KeyboardInterrupt:
        server.stop()
