"""A registry on loopback that serves OCI archives as they lie on the disk, counts what is asked of it, and can be slow."""
import http.server
import json
import re
import socket
import tarfile
import threading
import time

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
PIECE = 1 << 17


class Blob:
    """A piece of an archive."""

    def __init__(self, path, offset, size):
        self.path, self.offset, self.size = path, offset, size

    def read(self, start, end):
        with open(self.path, "rb") as file:
            file.seek(self.offset + start)
            left = end - start
            while left:
                piece = file.read(min(PIECE, left))
                left -= len(piece)
                yield piece


class Limit:
    """Bytes per second, of all that use it together."""

    def __init__(self, rate):
        self.rate, self.free, self.lock = rate, 0, threading.Lock()

    def take(self, size):
        with self.lock:
            # What a busy machine missed for a moment may be made good.
            self.free = max(self.free, time.monotonic() - 0.2) + size / self.rate
            pause = self.free - time.monotonic()
        if pause > 0:
            time.sleep(pause)


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):
        # An engine's bridge has its address only while a container runs.
        self.socket.setsockopt(socket.SOL_IP, getattr(socket, "IP_FREEBIND", 15), 1)
        super().server_bind()


class LoopbackRegistry:
    """
    archives: by the name of their repository. rate: bytes per second, of each connection, or with shared of all together.
    delay: seconds before each answer.
    """

    def __init__(self, archives, address="127.0.0.1", rate=None, shared=False, delay=0):
        self.blobs, self.manifests = {}, {}
        for repository, archive in archives.items():
            with tarfile.open(archive) as tar:
                for member in tar:
                    if member.name.startswith("blobs/sha256/") and member.isfile():
                        self.blobs["sha256:" + member.name.rpartition("/")[2]] = Blob(archive, member.offset_data, member.size)
                index = json.load(tar.extractfile("index.json"))
            self.manifests[repository] = index["manifests"][0]["digest"]
        self.rate, self.delay = rate, delay
        self.shared = Limit(rate) if rate and shared else None
        self.lock = threading.Lock()
        self.requests = self.bytes = 0
        self.server = Server((address, 0), self.handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.host = "%s:%d" % (address, self.server.server_address[1])

    def reference(self, repository):
        return "%s/%s@%s" % (self.host, repository, self.manifests[repository])

    def counted(self):
        """Requests and bytes since the last time."""
        with self.lock:
            counted = (self.requests, self.bytes)
            self.requests = self.bytes = 0
        return counted

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def handler(registry):  # noqa: N805, the handler's own is self
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                self.limit = registry.shared or (Limit(registry.rate) if registry.rate else None)

            def do_GET(self):
                self.answer(body=True)

            def do_HEAD(self):
                self.answer(body=False)

            def answer(self, body):
                time.sleep(registry.delay)
                with registry.lock:
                    registry.requests += 1
                if re.fullmatch(r"/v2/?", self.path.partition("?")[0]):
                    return self.reply(200, {"Content-Length": "0"})
                found = re.fullmatch(r"/v2/(.+)/(manifests|blobs)/([^?]+)(\?.*)?", self.path)
                digest = found and (found[3] if found[3].startswith("sha256:") else registry.manifests.get(found[1]))
                blob = registry.blobs.get(digest)
                if blob is None:
                    return self.reply(404, {"Content-Length": "0"})
                start, end, status, headers = 0, blob.size, 200, {"Docker-Content-Digest": digest, "Accept-Ranges": "bytes"}
                headers["Content-Type"] = MANIFEST if found[2] == "manifests" else "application/octet-stream"
                wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
                if wanted and int(wanted[1]) < blob.size:
                    start, status = int(wanted[1]), 206
                    end = min(blob.size, int(wanted[2]) + 1) if wanted[2] else blob.size
                    headers["Content-Range"] = "bytes %d-%d/%d" % (start, end - 1, blob.size)
                headers["Content-Length"] = str(end - start)
                self.reply(status, headers)
                if body:
                    try:
                        for piece in blob.read(start, end):
                            if self.limit:
                                self.limit.take(len(piece))
                            self.wfile.write(piece)
                            with registry.lock:
                                registry.bytes += len(piece)
                    except OSError:
                        # Who asked has gone, which is no business of ours.
                        self.close_connection = True

            def reply(self, status, headers):
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        return Handler
