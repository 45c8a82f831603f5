"""Real database servers on loopback, for tests.

Each server runs as an unprivileged user, in its own temporary folder and on a free port, as a child of
this process. It is ended by its pid alone. Nothing here sleeps a fixed time: everything polls with a
deadline. Where a server is not installed, Skip is raised with the reason and run() turns it into exit
status 77, which meson counts as skipped. Only the standard library is used; SQL goes through psql, or
through Session, a small client for the wire protocol that holds a connection open.

DBPERF_LAB_KEEP=1 keeps the folders. DBPERF_LAB_PGBIN=DIR[:DIR] names folders of PostgreSQL binaries.
"""
import atexit, functools, glob, os, pwd, re, shutil, signal, socket, struct, subprocess, sys, tempfile, time

HOST = "127.0.0.1"
KEEP = os.environ.get("DBPERF_LAB_KEEP") == "1"


class Skip(Exception):
    """What the test needs is not on this machine; the text says what to install."""


class Failed(Exception):
    """A server, a command or a condition did not do what the test needs."""


def wait_until(check, seconds, what, every=0.05):
    """Polls check() until it gives something true, and returns that. Fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failed(f"after {seconds} s still not: {what} (last answer: {value!r})")
        time.sleep(every)


def free_port():
    with socket.socket() as s:
        s.bind((HOST, 0))
        return s.getsockname()[1]


# --- users, folders, processes -------------------------------------------------------------------------

def unprivileged():
    """The user and group id that servers run as, or None when this process is not root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("postgres")
        return entry.pw_uid, entry.pw_gid
    except KeyError:
        return 65534, 65534


def as_user(argv, death=None):
    """The command in front of which privileges are dropped and, with death, the signal is set that the
    kernel sends when the thread that starts it is gone: no server outlives a test that is killed."""
    setpriv = shutil.which("setpriv")
    if not setpriv:
        if unprivileged():
            raise Skip("setpriv is missing and servers do not run as root (apt install util-linux)")
        return argv
    options = ["--pdeathsig", death] if death else []
    if unprivileged():
        options += ["--reuid=%d" % unprivileged()[0], "--regid=%d" % unprivileged()[1], "--clear-groups"]
    return [setpriv, *options, "--", *argv] if options else argv


def environment(**more):
    """This process's variables without PG*, with fixed language and zone and a home of its own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    return {**env, "LC_ALL": "C", "TZ": "UTC", "HOME": root(), "PGCONNECT_TIMEOUT": "5", **more}


@functools.cache
def root():
    """The one temporary folder of this process. Falls back to /tmp where servers cannot enter $TMPDIR."""
    for base in (tempfile.gettempdir(), "/tmp"):
        path = tempfile.mkdtemp(prefix="dbperf-lab-", dir=base)
        os.chmod(path, 0o755)
        if unprivileged():
            os.chown(path, *unprivileged())
        if subprocess.run(as_user(["test", "-w", path]), cwd="/").returncode == 0:
            return path
        os.rmdir(path)
    raise Skip("no temporary folder that an unprivileged user can enter")


def folder(name):
    path = tempfile.mkdtemp(prefix=name + "-", dir=root())
    if unprivileged():
        os.chown(path, *unprivileged())
    return path


def remove(path):
    if not KEEP:
        shutil.rmtree(path, ignore_errors=True)


def write(path, text, mode=0o644):
    """Writes a file that servers can read and, below mode 0644, only they."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
    if unprivileged():
        os.chown(path, *unprivileged())


def processes_in(path):
    """Pids whose current folder is path or below it. Every process of a PostgreSQL server is one."""
    found = []
    for link in glob.glob("/proc/[0-9]*/cwd"):
        try:
            cwd = os.readlink(link)
        except OSError:
            continue
        if (cwd + "/").startswith(path + "/"):
            found.append(int(link.split("/")[2]))
    return [pid for pid in found if pid != os.getpid()]


def run(argv, input=None, user=False, check=True, seconds=120, **env):
    """Runs a command to its end and returns the finished process with text output."""
    done = subprocess.run(as_user(argv) if user else argv, input=input, text=True, errors="replace",
                          capture_output=True, cwd=root(), env=environment(**env), timeout=seconds)
    if check and done.returncode:
        raise Failed(f"{os.path.basename(argv[0])} ended with {done.returncode}: {done.stderr.strip()}")
    return done


class Child:
    """A process in the background, with its output in a file. Start it from a thread that lives on."""
    alive = []

    def __init__(self, argv, log, cwd=None, death="TERM", **env):
        self.name, self.log_path = os.path.basename(argv[0]), log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(as_user(argv, death), cwd=cwd or root(), stdin=subprocess.DEVNULL, stdout=out,
                                            stderr=out, env=environment(**env), start_new_session=True)
        self.pid = self.process.pid
        Child.alive.append(self)

    def running(self):
        return self.process.poll() is None

    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def stop(self, *signals, seconds=20):
        """Sends each signal in turn, SIGKILL last, until the process ends. Returns its exit status."""
        for number in (*(signals or (signal.SIGTERM,)), signal.SIGKILL):
            if not self.running():
                break
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        if self in Child.alive:
            Child.alive.remove(self)
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


@atexit.register
def cleanup():
    """Ends what is left, newest first, and removes the folder. Runs by itself at exit."""
    for child in reversed(Child.alive[:]):
        child.stop(signal.SIGQUIT if child.name == "postgres" else signal.SIGTERM)
    if root.cache_info().currsize:
        remove(root())
        root.cache_clear()
    template.cache_clear()


def main(function):
    """Runs function() as a test: status 0, 77 with the reason when something is not installed, 1 when it fails."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        function()
    except Skip as reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    except Failed as error:
        sys.exit(f"failed: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


# --- clients -------------------------------------------------------------------------------------------

@functools.cache
def binaries(version=None):
    """The folder with PostgreSQL's server programs: of this major version, or the newest there is."""
    folders = [f for f in os.environ.get("DBPERF_LAB_PGBIN", "").split(":") if f]
    folders += glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin")
    found = {}
    for path in folders:
        if os.access(path + "/postgres", os.X_OK):
            text = subprocess.run([path + "/postgres", "--version"], capture_output=True, text=True).stdout
            found.setdefault(int(re.search(r"\d+", text)[0]), path)
    if version not in found and (version or not found):
        raise Skip(f"PostgreSQL {version or 'server'} is not installed (apt install postgresql-{version or 15})")
    return found[version or max(found)]


def tool(name, near=None):
    """A program of PostgreSQL: beside the server's own, else the newest, else from the PATH or /usr/sbin."""
    path = shutil.which(name, path=":".join(filter(None, (near, binaries(), os.environ.get("PATH"), "/usr/sbin"))))
    if not path:
        raise Skip(f"{name} is not installed")
    return path


class Session:
    """One open connection (trust only), spoken in the wire protocol, so that it can idle, hold a lock or
    wait for one without a process of its own. pid is the server's process for it."""

    def __init__(self, server, db="postgres", user="postgres", app="lab", seconds=10):
        self.socket = socket.create_connection((HOST, server.port), seconds)
        pairs = b"".join(x.encode() + b"\0" for x in ("user", user, "database", db, "application_name", app))
        self.socket.sendall(struct.pack("!ii", len(pairs) + 9, 196608) + pairs + b"\0")
        self.pid = 0
        try:
            self.result(seconds)
        except Exception:
            self.socket.close()
            raise

    def _read(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise Failed("the server closed the connection")
            data += piece
        return data

    @staticmethod
    def _values(body):
        at = 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            size, at = struct.unpack_from("!i", body, at)[0], at + 4
            yield None if size < 0 else body[at:at + size].decode(errors="replace")
            at += max(size, 0)

    def send(self, text):
        """Sends a statement and does not wait for its end."""
        body = text.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!i", len(body) + 4) + body)

    def result(self, seconds=10):
        """Waits for the end of what was sent; the rows as tuples of text. Fails with the server's message."""
        self.socket.settimeout(seconds)
        rows, error = [], None
        while True:
            kind, size = struct.unpack("!ci", self._read(5))
            body = self._read(size - 4)
            if kind == b"R" and body[:4] != b"\0\0\0\0":
                raise Failed("a session needs trust authentication")
            elif kind == b"K":
                self.pid = struct.unpack("!i", body[:4])[0]
            elif kind == b"D":
                rows.append(tuple(self._values(body)))
            elif kind == b"E":
                fields = dict((f[:1].decode(), f[1:].decode(errors="replace")) for f in body.split(b"\0") if f)
                error = f"{fields.get('C')} {fields.get('M')}"
                if fields.get("V", fields.get("S")) in ("FATAL", "PANIC"):
                    raise Failed(error)
            elif kind == b"Z":
                if error:
                    raise Failed(error)
                return rows

    def sql(self, text, seconds=10):
        self.send(text)
        return self.result(seconds)

    def close(self):
        try:
            self.socket.sendall(b"X\0\0\0\4")
        except OSError:
            pass
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Server:
    """What speaks PostgreSQL's protocol on a port of loopback."""
    port = 0

    def url(self, user="dbperf", db="postgres", scheme="postgresql"):
        return f"{scheme}://{user}@{HOST}:{self.port}/{db}"

    def sql(self, text, db="postgres", user="postgres", seconds=120, **env):
        """Runs statements through psql and returns its unaligned output (columns split by |)."""
        argv = [tool("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.url(user, db), "-f", "-"]
        return run(argv, input=text, seconds=seconds, **env).stdout.strip("\n")

    def rows(self, text, **where):
        """The same, as a list of lists of text."""
        return [line.split("|") for line in self.sql(text, **where).splitlines()]

    def session(self, db="postgres", user="postgres", app="lab"):
        return Session(self, db, user, app)

    def answers(self, **where):
        try:
            self.session(**where).close()
            return True
        except (OSError, Failed):
            return False


def sleepers(server, count, db="postgres", user="postgres", app="sleeper"):
    """Opens so many idle connections; close them by closing each session."""
    return [server.session(db, user, app) for _ in range(count)]


def pgbench(server, db, user="postgres", clients=4, rate=None, scripts=None, app="pgbench", seconds=86400, options=()):
    """Starts pgbench in the background; stop() ends it. scripts: {name: (weight, text)}, else its own."""
    near = folder("pgbench")
    argv = [tool("pgbench"), "-n", "-c", str(clients), "-T", str(seconds), *options]
    argv += ["-R", str(rate)] if rate else []
    for name, (weight, text) in (scripts or {}).items():
        write(f"{near}/{name}", text)
        argv += ["-f", f"{near}/{name}@{weight}"]
    return Child([*argv, "-h", HOST, "-p", str(server.port), "-U", user, db], near + "/log", cwd=near, PGAPPNAME=app)


# --- servers -------------------------------------------------------------------------------------------

@functools.cache
def template(bin):
    """A fresh data folder, made once per version and copied for each server."""
    data = folder("template") + "/data"
    run([bin + "/initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C",
         "--data-checksums", "--no-instructions"], user=True)
    return data


class Postgres(Server):
    """A PostgreSQL server. The superuser is postgres; everyone on loopback is trusted."""

    def __init__(self, version=None, settings=None, name="pg", bin=None):
        self.bin, self.name, self.port, self.child = bin or binaries(version), name, free_port(), None
        self.folder = folder(name)
        self.data = self.folder + "/data"
        self.settings = {"listen_addresses": HOST, "log_line_prefix": "%m [%p] %q%u@%d/%a ",
                         "unix_socket_directories": self.folder if len(self.folder) < 80 else ""}
        if glob.glob(os.path.dirname(self.bin) + "/lib/**/pg_stat_statements.so", recursive=True):
            self.settings["shared_preload_libraries"] = "pg_stat_statements"
        self.settings.update(settings or {})

    def create(self):
        run(["cp", "-a", template(self.bin), self.data], user=True)

    def configure(self, **settings):
        """Changes the configuration file; restart() or reload() makes it count. None removes a setting."""
        self.settings = {k: v for k, v in {**self.settings, **settings}.items() if v is not None}
        lines = [f"{k} = '{v}'\n" for k, v in {**self.settings, "port": self.port}.items()]
        write(self.data + "/postgresql.conf", "".join(lines))

    def start(self, seconds=60):
        if not os.path.exists(self.data):
            self.create()
        for _ in range(3):  # a free port may be taken by another between two calls
            self.configure()
            self.child = Child([self.bin + "/postgres", "-D", self.data], self.folder + "/log", death="QUIT")
            wait_until(lambda: self.answers() or not self.child.running(), seconds, f"{self.name} answers")
            if self.child.running():
                return self
            self.child.stop()
            if "Address already in use" not in self.child.log():
                break
            os.truncate(self.child.log_path, 0)
            self.port = free_port()
        raise Failed(f"{self.name} does not start: {self.child.log()[-2000:]}")

    def stop(self, how=signal.SIGINT):
        """Ends the server: SIGINT is a fast shutdown, SIGQUIT an immediate one."""
        if self.child:
            self.child.stop(how, signal.SIGQUIT)
            wait_until(lambda: not processes_in(self.data), 20, f"every process of {self.name} is gone")
            self.child = None

    def kill9(self):
        """Ends the server as a crash does; start() recovers it."""
        self.stop(signal.SIGKILL)

    def restart(self):
        self.stop()
        return self.start()

    def reload(self):
        os.kill(self.child.pid, signal.SIGHUP)

    def log(self):
        return self.child.log()

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        self.stop(signal.SIGQUIT)
        remove(self.folder)


class Standby(Postgres):
    """A physical standby that streams from primary, or from the port via in front of it. A slot is made
    and used when named. apply_delay is recovery_min_apply_delay, for example '3s'."""

    def __init__(self, primary, name="standby", slot=None, via=None, apply_delay=None, settings=None):
        own = {"unix_socket_directories": "", "wal_receiver_status_interval": "1s",
               "primary_conninfo": f"host={HOST} port={via or primary.port} user=postgres application_name={name}"}
        if slot:
            own["primary_slot_name"] = slot
        if apply_delay:
            own["recovery_min_apply_delay"] = apply_delay
        super().__init__(None, {**primary.settings, **own, **(settings or {})}, name, primary.bin)
        self.primary, self.slot = primary, slot

    def create(self):
        run([tool("pg_basebackup", self.bin), "-D", self.data, "-X", "stream", "-c", "fast", "-d", self.primary.url("postgres"),
             *(["-C", "-S", self.slot] if self.slot else [])], user=True, seconds=300)
        write(self.data + "/standby.signal", "")

    def start(self, seconds=60):
        super().start(seconds)
        wait_until(lambda: self.primary.sql(f"select 1 from pg_stat_replication where application_name = '{self.name}'"
                                            " and state = 'streaming'"), seconds, f"{self.name} streams")
        return self


class PgBouncer(Server):
    """PgBouncer in front of a server. The role dbperf may read its console (database pgbouncer)."""

    def __init__(self, server, pool_size=5, max_client_conn=100, settings=None, mode="transaction"):
        self.program, self.server, self.child = tool("pgbouncer"), server, None
        self.folder, self.port = folder("pgbouncer"), free_port()
        self.settings = {"listen_addr": HOST, "unix_socket_dir": "", "pool_mode": mode, "auth_type": "trust",
                         "auth_file": self.folder + "/users", "admin_users": "postgres", "stats_users": "dbperf",
                         "default_pool_size": pool_size, "max_client_conn": max_client_conn, **(settings or {})}

    def start(self, seconds=20):
        write(self.folder + "/users", "".join(f'"{u}" ""\n' for u in ("postgres", "dbperf", "shop")))
        lines = [f"{k} = {v}\n" for k, v in {**self.settings, "listen_port": self.port}.items()]
        write(self.folder + "/ini", f"[databases]\n* = host={HOST} port={self.server.port}\n[pgbouncer]\n" + "".join(lines))
        self.child = Child([self.program, self.folder + "/ini"], self.folder + "/log", cwd=self.folder)
        wait_until(lambda: self.answers(db="pgbouncer") or not self.child.running(), seconds, "pgbouncer answers")
        if not self.child.running():
            raise Failed(f"pgbouncer does not start: {self.child.log()}")
        return self

    def stop(self):
        if self.child:
            self.child.stop()
            self.child = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        remove(self.folder)


def create_monitor(server, password=None, role="dbperf"):
    """Creates the role that dbperf logs in with: pg_monitor, at most 3 connections, nothing else.

    With a password the role must show it (SCRAM), and the path of a .pgpass file with it is returned.
    """
    secret = f"password '{password}'" if password else ""
    server.sql("set password_encryption = 'scram-sha-256';"
               f"create role {role} login connection limit 3 {secret} in role pg_monitor")
    if not password:
        return None
    with open(server.data + "/pg_hba.conf") as file:
        rules = file.read()
    write(server.data + "/pg_hba.conf", f"host all {role} all scram-sha-256\n{rules}", 0o600)
    server.reload()
    wait_until(lambda: not server.answers(user=role), 10, f"{role} is asked for a password")
    path = server.folder + "/.pgpass"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{HOST}:{server.port}:*:{role}:{password}\n")
    return path
