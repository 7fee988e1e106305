"""The service that csv_service.py reads, in a process of its own: python -m tests.conformance.csv_server FOLDER PORT PASSWORD.

FOLDER/<book>/ holds about.json and <sheet>.csv.
"""

import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        folder, _, password = sys.argv[1:]
        book, _, sheet = unquote(self.path).strip("/").partition("/")
        file = Path(folder) / book / (f"{sheet}.csv" if sheet else "about.json")
        if self.headers["Authorization"] != quote(password):
            self.send_error(HTTPStatus.UNAUTHORIZED)
        elif not file.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            body = file.read_bytes()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), _Answers).serve_forever()
