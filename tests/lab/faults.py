"""Bad servers on loopback: each is a thread that listens on a free port until it is closed.

    with Silent() as bad: ... bad.port ...        accepts and never answers
    Drip()       finishes the PostgreSQL greeting, then sends one byte a second of messages that never end
    Http()       answers every client as a web server does
    Reset()      resets the connection when the first bytes come
    Echo()       asks for the password in clear, and says it back
    Refuser()    has the port, but nothing listens on it
    Blackhole()  does not complete the TCP handshake, as a machine that is gone
    Liar(port)   stands in front of a real server and replaces some values of its answers by hostile ones
    Proxy(port)  stands in front of a real server and can cut, stall, slow down and delay what it sends

hostile_names(server, db) makes objects on a real server whose names break what prints or quotes badly.
"""
import queue, random, socket, struct, threading, time

HOST = "127.0.0.1"
ENCRYPTION = (80877103, 80877104)  # the request codes of TLS and GSSAPI in PostgreSQL's protocol

HOSTILE = ('quo"te', "apo'strophe", "new\nline", "esc\x1b[2J\x1b]0;title\x07ape", "back\\slash", "$$dollar$$ $1",
           "%s%n%1000000d", "<script>alert(1)</script>", "</script>", "-- comment /*",
           "=cmd|'x'!A1", "right\u202eto left", "c1\u009b31m", " ", "x" * 63)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def hostile_names(server, db="postgres"):
    """Makes a schema of each hostile name with a table, a column, an index and a sequence named the same."""
    for name in HOSTILE:
        q = quoted(name)
        i = quoted(name[:-1] + "i")
        server.sql(f"create schema {q}; create table {q}.{q} ({q} serial); create index {i} on {q}.{q} ({q})", db)


class Listener:
    """Accepts connections and gives each to serve() in a thread of its own; count says how many came."""

    def __init__(self):
        self.closed, self.count, self.open = threading.Event(), 0, set()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((HOST, 0))
        self.port = self.socket.getsockname()[1]
        self.listen()

    def listen(self):
        self.socket.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while not self.closed.is_set():
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            self.count += 1
            self.open.add(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            self.serve(client)
        except OSError:
            pass  # the client is gone, which ends this connection only
        self.forget(client)

    def forget(self, *sockets):
        for s in sockets:
            self.open.discard(s)
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()

    def serve(self, client):
        raise NotImplementedError

    def close(self):
        self.closed.set()
        self.forget(self.socket, *list(self.open))

    def url(self, user="dbperf", db="postgres", scheme="postgresql"):
        return f"{scheme}://{user}@{HOST}:{self.port}/{db}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Silent(Listener):
    def serve(self, client):
        while client.recv(65536):
            pass


def greet(client):
    """Says "no" to encryption, until the startup message comes, which it returns."""
    while True:
        head = client.recv(8, socket.MSG_WAITALL)
        size, code = struct.unpack("!ii", head)
        rest = client.recv(size - 8, socket.MSG_WAITALL)
        if code not in ENCRYPTION:
            return head + rest
        client.sendall(b"N")


class Echo(Listener):
    def serve(self, client):
        greet(client)
        client.sendall(b"R" + struct.pack("!ii", 8, 3))
        size = struct.unpack("!xi", client.recv(5, socket.MSG_WAITALL))[0]
        password = client.recv(size - 4, socket.MSG_WAITALL).rstrip(b"\0")
        error = b"SFATAL\0VFATAL\0C28P01\0Mnobody calls me " + password + b"\0\0"
        client.sendall(b"E" + struct.pack("!i", len(error) + 4) + error)


class Drip(Listener):
    def __init__(self, interval=1.0):
        self.interval = interval
        super().__init__()

    def serve(self, client):
        greet(client)
        client.sendall(b"R" + struct.pack("!ii", 8, 0))
        parameter = b"application_name\0x\0"
        while True:
            for byte in b"S" + struct.pack("!i", len(parameter) + 4) + parameter:
                client.sendall(bytes([byte]))
                if self.closed.wait(self.interval):
                    return


class Http(Listener):
    def serve(self, client):
        client.recv(65536)
        client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


class Reset(Listener):
    def serve(self, client):
        client.recv(1)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.open.discard(client)
        client.close()


class Refuser(Listener):
    def listen(self):
        pass


class Blackhole(Listener):
    def listen(self):
        self.socket.listen(0)
        for _ in range(4):  # fills the queue that nobody accepts from: the kernel drops what comes then
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex((HOST, self.port))
            self.open.add(filler)


LIES = (None, b"", b"-9223372036854775808", b"9223372036854775807", b"9223372036854775808", b"NaN", b"1e308", b"-1",
        b"\xff\xfe\x00", b"\x1b[31m\n\r\"';--", b"x" * 70000, b"{" * 3000, b"E'\\", b"/*", b"\xc2\x9b", b"SELECT " + b"(" * 5000)


class Liar(Listener):
    """A share of all values is a lie; the same seed tells the same lies of the same answers."""

    def __init__(self, target, share, seed):
        self.target, self.share, self.random = target, share, random.Random(seed)
        super().__init__()

    def serve(self, client):
        startup = greet(client)
        server = socket.create_connection((HOST, self.target))
        self.open.add(server)
        server.sendall(startup)
        threading.Thread(target=self._upstream, args=(client, server), daemon=True).start()
        answers = server.makefile("rb")
        while len(head := answers.read(5)) == 5:
            body = answers.read(struct.unpack("!xi", head)[0] - 4)
            body = self._lie(body) if head[:1] == b"D" else body
            client.sendall(head[:1] + struct.pack("!i", len(body) + 4) + body)

    def _upstream(self, client, server):
        try:
            while piece := client.recv(65536):
                server.sendall(piece)
        except OSError:
            pass  # either end is gone
        self.forget(client, server)

    def _lie(self, row):
        count, at, out = struct.unpack("!h", row[:2])[0], 2, row[:2]
        for _ in range(count):
            size = struct.unpack("!i", row[at:at + 4])[0]
            value = None if size < 0 else row[at + 4:at + 4 + size]
            at += 4 + max(size, 0)
            if self.random.random() < self.share:
                value = self.random.choice(LIES)
            out += struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value
        return out


class Proxy(Listener):
    """Copies both ways between its clients and target (a port). What the server sends can be
    cut     ended after so many bytes
    stall   held back for ever after so many bytes, with the connection open
    delay   held back for so many seconds, at full throughput, as by a long way
    slow    limited to so many bytes a second
    Each may be changed while connections are open. sent counts the bytes given to clients."""

    def __init__(self, target, cut=None, stall=None, delay=0, slow=None):
        self.target, self.cut, self.stall, self.delay, self.slow, self.sent = target, cut, stall, delay, slow, 0
        super().__init__()

    def serve(self, client):
        server = socket.create_connection((HOST, self.target))
        self.open.add(server)
        pieces = queue.Queue(maxsize=4096)
        for work in (lambda: self._upstream(client, server), lambda: self._deliver(pieces, client)):
            threading.Thread(target=self._guard, args=(work, client, server), daemon=True).start()
        piece = b"first"
        while piece and client in self.open:
            piece = server.recv(65536)
            self._put(pieces, (time.monotonic(), piece), client)
        self._put(pieces, (0, b""), client)
        while client in self.open and not self.closed.wait(0.05):
            pass  # what is still held back is delivered before the caller closes both ends

    def _put(self, pieces, item, client):
        while client in self.open:
            try:
                return pieces.put(item, timeout=0.5)
            except queue.Full:
                continue

    def _guard(self, work, *sockets):
        try:
            work()
        except OSError:
            pass
        self.forget(*sockets)

    @staticmethod
    def _upstream(client, server):
        while piece := client.recv(65536):
            server.sendall(piece)

    def _deliver(self, pieces, client):
        passed = 0
        while True:
            came, piece = pieces.get()
            if not piece:
                return
            if self.closed.wait(max(0, came + self.delay - time.monotonic())):
                return
            if self.stall is not None and passed + len(piece) > self.stall:
                self._send(client, piece[:max(0, self.stall - passed)])
                self.closed.wait()
                return
            if self.cut is not None and passed + len(piece) >= self.cut:
                return self._send(client, piece[:max(0, self.cut - passed)])
            step = max(1, self.slow // 20) if self.slow else len(piece)
            for at in range(0, len(piece), step):
                part = piece[at:at + step]
                self._send(client, part)
                if self.slow and self.closed.wait(len(part) / self.slow):
                    return
            passed += len(piece)

    def _send(self, client, data):
        client.sendall(data)
        self.sent += len(data)
