"""
Ways out of the city for platforms that call the hub. A Door pushes requests over HTTP, in order, each again and again until it is answered 2xx. A Caller is a
device that dials in over TCP: what asks for an answer is kept and sent again after each new call until the answer comes; what asks for none is sent once.
Both work in a thread of their own: whoever gives them something never waits.
"""

import collections
import hashlib
import http.client
import secrets
import socket
import threading
import time
import urllib.parse
import urllib.request

PAUSE, PATIENCE = 0.1, 30.0             # seconds of wall time
Reply = collections.namedtuple("Reply", "status headers body")
Item = collections.namedtuple("Item", "path body headers method sign done refused")


class Digest:
    """Digest authentication (RFC 7616, MD5 or SHA-256, qop auth) of one user; `nonce` is that of the last challenge: change it to be wrong once."""

    def __init__(self, user, password):
        self.user, self.password, self.realm, self.nonce, self.count, self.algorithm = user, password, None, None, 0, "MD5"

    def challenged(self, header):
        """Of WWW-Authenticate; False when it asks for something else."""
        scheme, _, rest = header.partition(" ")
        if scheme.lower() != "digest":
            return False
        said = {key.lower(): value for key, value in urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest)).items()}
        self.realm, self.nonce, self.count, self.algorithm = said.get("realm", ""), said["nonce"], 0, said.get("algorithm", "MD5")
        return True

    def _hash(self, text):
        return hashlib.new("sha256" if self.algorithm.upper().startswith("SHA-256") else "md5", text.encode()).hexdigest()

    def header(self, method, path):
        self.count += 1
        own, count = secrets.token_hex(8), "%08x" % self.count
        secret = self._hash("%s:%s:%s" % (self.user, self.realm, self.password))
        response = self._hash(":".join((secret, self.nonce, count, own, "auth", self._hash("%s:%s" % (method, path)))))
        return ('Digest username="%s", realm="%s", nonce="%s", uri="%s", algorithm=%s, qop=auth, nc=%s, cnonce="%s", response="%s"' %
                (self.user, self.realm, self.nonce, path, self.algorithm, count, own, response))


class Door:
    """
    POSTs to `url` (http://HOST:PORT/PATH). sign(body) gives more headers and is asked anew at each attempt; both it and `headers` may be given with a
    request, too. What is refused for good (4xx but 429) is an error of the city's, unless the request says what is to be done then.
    """

    def __init__(self, url, headers=None, sign=None, digest=None):
        self.url, self.headers, self.sign, self.digest = urllib.parse.urlsplit(url), dict(headers or {}), sign, digest
        self.queue, self.lock, self.open, self.failed = collections.deque(), threading.Condition(), 0, None
        self.requests = self.unanswered = self.refused = 0      # attempts; those that were sent whole and had no answer; those that were told to come again
        self.peer = None
        threading.Thread(target=self._work, daemon=True).start()

    def send(self, body, path=None, headers=None, method="POST", sign=None, done=None, refused=None):
        """done(Reply) after 2xx; refused(Reply) after 4xx. Both come from the door's thread."""
        item = Item(path or self.url.path or "/", body if isinstance(body, bytes) else body.encode(), dict(self.headers, **(headers or {})), method, sign or self.sign, done, refused)
        with self.lock:
            self.queue.append(item)
            self.open += 1
            self.lock.notify()

    def waiting(self):
        with self.lock:
            return self.open

    def _work(self):
        while True:
            with self.lock:
                while not self.queue:
                    self.lock.wait()
                item = self.queue.popleft()
            try:
                self._deliver(item)
            except Exception as error:  # noqa: BLE001  a thread that dies in silence would let everybody wait
                self.failed = "%s %s: %r" % (item.method, item.path, error)
            with self.lock:
                self.open -= 1

    def _deliver(self, item):
        while True:
            reply = self._attempt(item)
            if reply and 200 <= reply.status < 300:
                if item.done:
                    item.done(reply)
                return
            if reply and reply.status == 401 and self.digest and self.digest.challenged(reply.headers.get("WWW-Authenticate", "")):
                continue
            if reply and 400 <= reply.status < 500 and reply.status != 429:
                if not item.refused:
                    raise ValueError("told %d: %s" % (reply.status, reply.body[:200].decode("utf-8", "replace")))
                item.refused(reply)
                return
            self.refused += reply is not None
            time.sleep(PAUSE)

    def _attempt(self, item):
        """The reply, or None: nobody answered."""
        sent, self.requests = False, self.requests + 1
        headers = dict(item.headers, **(item.sign(item.body) if item.sign else {}))
        if self.digest and self.digest.nonce:
            headers["Authorization"] = self.digest.header(item.method, item.path)
        try:
            self.peer = self.peer or http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=PATIENCE)
            self.peer.request(item.method, item.path, item.body, headers)
            sent = True
            answer = self.peer.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException):
            self.unanswered += sent
            self.peer.close()
            self.peer = None
            return None


class Caller:
    """
    A device that calls `address` (tcp://HOST:PORT). answers(buffer), a bytearray of what came, takes whole answers out of it and returns the keys that they answer.
    `piece`: so many bytes go out at a time, as a modem has it; 0: all at once.
    """

    def __init__(self, address, answers, piece=0):
        self.address, self.answers, self.piece = urllib.parse.urlsplit(address), answers, piece
        self.lock, self.open, self.once = threading.RLock(), collections.OrderedDict(), collections.deque()
        self.line, self.buffer, self.calls, self.resent, self.failed = None, bytearray(), 0, 0, None
        threading.Thread(target=self._work, daemon=True).start()

    def send(self, data, key=None, done=None):
        """With a key: until its answer comes, then done(). Without: once, done() when it has gone out."""
        with self.lock:
            if key is None:
                self.once.append((data, done))
            else:
                self.open[key] = (data, done)
            if self.line:
                self._write(data, key)

    def hang_up(self):
        """A line that breaks; the device calls again."""
        with self.lock:
            if self.line:
                self.line.shutdown(socket.SHUT_RDWR)

    def waiting(self):
        with self.lock:
            return len(self.open) + len(self.once)

    def _write(self, data, key):
        try:
            for at in range(0, len(data), self.piece or len(data)):
                self.line.sendall(data[at:at + (self.piece or len(data))])
        except OSError:
            return
        if key is None:
            done = self.once.popleft()[1]
            if done:
                done()

    def _call(self):
        while True:
            try:
                line = socket.create_connection((self.address.hostname, self.address.port), timeout=PATIENCE)
                break
            except OSError:
                time.sleep(PAUSE)
        line.settimeout(None)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.line, self.calls = line, self.calls + 1
            self.buffer.clear()
            self.resent += len(self.open) if self.calls > 1 else 0
            for key, (data, _) in list(self.open.items()):
                self._write(data, key)
            for data, _ in list(self.once):
                self._write(data, None)

    def _work(self):
        try:
            while True:
                self._call()
                self._listen()
        except Exception as error:  # noqa: BLE001  as in Door
            self.failed = "tcp %s: %r" % (self.address.netloc, error)

    def _listen(self):
        while True:
            try:
                data = self.line.recv(65536)
            except OSError:
                data = b""
            if not data:
                with self.lock:
                    self.line.close()
                    self.line = None
                return
            self.buffer += data
            for key in self.answers(self.buffer):
                with self.lock:
                    _, done = self.open.pop(key, (None, None))
                if done:
                    done()
