"""MariaDB and MySQL servers for tests, in the manner of lab.py, and a small client for their protocol.

MariaDB is the one installed. MySQL is not in Debian's stable release: DBPERF_LAB_MYSQL=FOLDER names a folder into which the
packages of mysql-server-core and all that it depends on were unpacked; its programs run through that folder's own loader.
root on loopback needs no password; statements go over the wire byte by byte as given.
"""
import os, re, signal, socket, struct

import lab

OK, MORE, ERROR, EOF = 0x00, 0x01, 0xff, 0xfe
PROTOCOL_41, SECURE, PLUGIN, MULTI, LONG_PASSWORD, WITH_DB = 0x200, 0x8000, 0x80000, 0x30000, 0x1, 0x8


class Session:
    """One open connection of root. sql() gives the rows of all results as tuples of text."""

    def __init__(self, server, db="", seconds=60):
        self.socket = socket.create_connection((lab.HOST, server.port), seconds)
        self.number = 0
        try:
            self._login(db)
        except Exception:
            self.socket.close()
            raise

    def _bytes(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise lab.Failed("the server closed the connection")
            data += piece
        return data

    def _packet(self):
        head = self._bytes(4)
        self.number = head[3] + 1
        body = self._bytes(int.from_bytes(head[:3], "little"))
        if body[:1] == bytes([ERROR]):
            code = struct.unpack_from("<H", body, 1)[0]
            raise lab.Failed(f"{code} {body[3:].decode(errors='replace')}")
        return body

    def _send(self, body):
        self.socket.sendall(len(body).to_bytes(3, "little") + bytes([self.number & 255]) + body)

    def _login(self, db):
        self._packet()
        flags = PROTOCOL_41 | SECURE | PLUGIN | MULTI | LONG_PASSWORD | (WITH_DB if db else 0)
        name = db.encode() + b"\0" if db else b""
        self._send(struct.pack("<IIB23x", flags, 1 << 24, 45) + b"root\0\0" + name + b"mysql_native_password\0")
        while True:
            body = self._packet()
            if body[0] == OK:
                return
            if body[0] == EOF:  # another method: an empty password has an empty answer in all of them
                self._send(b"")

    @staticmethod
    def _number(body, at):
        first = body[at]
        size = {0xfc: 2, 0xfd: 3, 0xfe: 8}.get(first, 0)
        return (int.from_bytes(body[at + 1:at + 1 + size], "little"), at + 1 + size) if size else (first, at + 1)

    def _row(self, body):
        values, at = [], 0
        while at < len(body):
            if body[at] == 0xfb:
                values.append(None)
                at += 1
                continue
            size, at = self._number(body, at)
            values.append(body[at:at + size].decode(errors="replace"))
            at += size
        return tuple(values)

    def _rest(self):
        """The packets up to the next end, and the status in that."""
        packets = []
        while True:
            body = self._packet()
            if body[0] == EOF and len(body) < 9:
                return packets, struct.unpack_from("<H", body, 3)[0]
            packets.append(body)

    def _result(self, is_text=True):
        rows = []
        while True:
            body = self._packet()
            if body[0] == OK:
                _, at = self._number(body, 1)
                _, at = self._number(body, at)
                status = struct.unpack_from("<H", body, at)[0]
            else:
                self._rest()
                packets, status = self._rest()
                rows += [self._row(p) for p in packets] if is_text else packets
            if not status & 8:  # more results
                return rows

    def sql(self, text):
        self.number = 0
        self._send(b"\x03" + (text if isinstance(text, bytes) else text.encode()))
        return self._result()

    def execute(self, text, *values):
        """Prepares the text, executes it with the values as strings, and forgets it."""
        self.number = 0
        self._send(b"\x16" + text.encode())
        body = self._packet()
        statement, columns, binds = struct.unpack_from("<IHH", body, 1)
        for count in (binds, columns):
            if count:
                self._rest()
        data = b"".join(bytes([len(v)]) + v.encode() for v in values)
        nulls = bytes((binds + 7) // 8)
        self.number = 0
        self._send(struct.pack("<BIBI", 0x17, statement, 0, 1) + (nulls + b"\1" + b"\xfd\0" * binds + data if binds else b""))
        self._result(is_text=False)
        self.number = 0
        self._send(struct.pack("<BI", 0x19, statement))

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Server:
    """What MariaDB and MySQL have in common. settings: options of the command line, None for those without a value."""
    SETTINGS = {"bind-address": lab.HOST, "performance-schema": "ON", "slow-query-log": "ON", "long-query-time": "0",
                "log-output": "FILE", "max-digest-length": "16384", "performance-schema-max-digest-length": "16384",
                "performance-schema-max-sql-text-length": "16384", "secure-file-priv": "",
                "performance-schema-consumer-events-statements-history-long": "ON", "log-slow-admin-statements": "ON"}

    def __init__(self, settings=None, name=None):
        self.name, self.port, self.child = name or type(self).__name__.lower(), lab.free_port(), None
        self.program = self.find()
        self.folder = lab.folder(self.name)
        self.data, self.slow_log = self.folder + "/data", self.folder + "/slow.log"
        self.settings = {**self.SETTINGS, **(settings or {})}

    def start(self, seconds=120):
        if not os.path.exists(self.data):
            self.create()
        for _ in range(3):  # a free port may be taken by another between two calls
            options = {"datadir": self.data, "port": self.port, "socket": self.folder + "/socket", "pid-file": self.folder + "/pid",
                       "slow-query-log-file": self.slow_log, "tmpdir": self.folder, **self.settings}
            argv = [f"--{k}" + ("" if v is None else f"={v}") for k, v in options.items()]
            self.child = lab.Child([*self.program, "--no-defaults", *self.own_options(), *argv], self.folder + "/log", cwd=self.folder)
            lab.wait_until(lambda: self.answers() or not self.child.running(), seconds, f"{self.name} answers")
            if self.child.running():
                return self
            if "Address already in use" not in self.child.log():
                break
            os.truncate(self.child.log_path, 0)
            self.port = lab.free_port()
        raise lab.Failed(f"{self.name} does not start: {self.child.log()[-2000:]}")

    def stop(self, how=signal.SIGTERM):
        if self.child:
            self.child.stop(how)
            self.child = None

    def session(self, db=""):
        return Session(self, db)

    def sql(self, text, db=""):
        with self.session(db) as session:
            return session.sql(text)

    def answers(self):
        try:
            self.session().close()
            return True
        except (OSError, lab.Failed):
            return False

    def url(self, user="dbperf", db=""):
        return f"mysql://{user}@{lab.HOST}:{self.port}/{db}"

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        self.stop()
        lab.remove(self.folder)


class MariaDB(Server):
    """The MariaDB server that is installed."""

    def find(self):
        path = lab.shutil.which("mariadbd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not path or not lab.shutil.which("mariadb-install-db"):
            raise lab.Skip("MariaDB's server is not installed (apt install mariadb-server-core)")
        return [path]

    def own_options(self):
        return []

    def create(self):
        lab.run(["mariadb-install-db", "--no-defaults", "--datadir=" + self.data, "--auth-root-authentication-method=normal",
                 "--skip-test-db"], user=True)


class MySQL(Server):
    """MySQL out of the folder DBPERF_LAB_MYSQL."""

    def find(self):
        root = os.environ.get("DBPERF_LAB_MYSQL", "")
        loader = root + "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
        if not root or not os.path.exists(root + "/usr/sbin/mysqld"):
            raise lab.Skip("MySQL's server is not at hand (DBPERF_LAB_MYSQL names the folder that its packages were unpacked into)")
        self.root = root
        return [loader, "--library-path", os.path.dirname(loader), "--argv0", root + "/usr/sbin/mysqld", root + "/usr/sbin/mysqld"]

    def own_options(self):
        share = self.root + "/usr/share/mysql"
        return ["--basedir=" + self.root + "/usr", "--lc-messages-dir=" + share, "--character-sets-dir=" + share + "/charsets",
                "--plugin-dir=" + self.root + "/usr/lib/mysql/plugin", "--mysqlx=OFF"]

    def create(self):
        lab.run([*self.program, "--no-defaults", *self.own_options(), "--initialize-insecure", "--datadir=" + self.data], user=True)


def slow_texts(path, offset=0):
    """The statements of a slow log, as (text, the connection's number), without the semicolon that the server adds."""
    with open(path, "rb") as file:
        file.seek(offset)
        log = file.read().decode(errors="replace")
    found = []
    for entry in re.split(r"(?m)^(?=# User@Host:)", log)[1:]:
        entry = re.sub(r"(?m)^# Time:.*\n\Z", "", entry)
        head = re.match(r"(?:# (?!administrator).*\n)+(?:use .*;\n)?(?:SET .*timestamp=\d+;\n)?", entry)
        number = re.search(r"(?:Id|Thread_id): +(\d+)", head[0])
        found.append((entry[head.end():].removesuffix("\n").removesuffix(";"), number[1]))
    return found
