# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: a running `canh serve`, HTTP without a library, the tally.

A test is a script tests/NAME/run: it ends with finish(), whose last line is `N passed, N failed`.
$CANH names the program (default: the release build), $CANH_CORPUS the corpus, $CANH_LONG=1 asks for
the long numbers. Servers listen on loopback, on ports that were free; they die with the test.
"""
import atexit
import base64
import ctypes
import hashlib
import hmac
import http.client
import json
import os
import select
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode

TOP = Path(__file__).resolve().parents[2]
CANH = os.environ.get("CANH") or str(TOP / "build/release/canh")
CORPUS = Path(os.environ.get("CANH_CORPUS") or TOP.parent / "shared/corpus")
LONG = os.environ.get("CANH_LONG") == "1"
BUSY = 4  # a limit is told for a machine at rest; one that others use, too, has so many times as long
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS") or "detect_leaks=0"
ENV = dict(os.environ, LANG="C.UTF-8")

_passed = _failed = 0
_began = time.monotonic()


def check(name, ok, what=""):
    global _passed, _failed
    if ok:
        _passed += 1
    else:
        _failed += 1
        print(f"FAILED {name}: {what}"[:3000], flush=True)
    return bool(ok)


def equal(name, got, want):
    return check(name, got == want, f"got {got!r}, expected {want!r}")


def say(text):
    print(f"[{time.monotonic() - _began:6.1f} s] {text}", flush=True)


def finish():
    """Stop what still runs, then tell the sum."""
    for one in list(_open):
        one.close()
    print(f"{_passed} passed, {_failed} failed", flush=True)
    sys.exit(1 if _failed or not _passed else 0)


def skip(why):
    print(why)
    sys.exit(77)


def until(probe, seconds=10.0, step=0.02):
    """Ask until the answer is true; the last answer, true or not. Who waits for what comes loses nothing by a long limit."""
    end = time.monotonic() + BUSY * seconds
    while True:
        got = probe()
        if got or time.monotonic() > end:
            return got
        time.sleep(step)


# ---- what is undone at the end

_open = []


@atexit.register
def _close_all():
    for one in list(_open):
        one.close()


def _stopped(number, frame):
    sys.exit(128 + number)


signal.signal(signal.SIGTERM, _stopped)


class Folder:
    """A temporary folder that is gone after the test."""

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="canh-test-"))
        _open.insert(0, self)

    def __truediv__(self, name):
        return self.path / name

    def close(self):
        if self in _open:
            _open.remove(self)
            shutil.rmtree(self.path, ignore_errors=True)


def _die_with_parent(then=None):
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    if then:
        then()


class Program:
    """A program in the background, whose words are kept; it ends with the test. `first` runs before it, in its process."""

    def __init__(self, args, log, env=None, first=None):
        self.log = Path(log)
        self.file = open(log, "ab")
        self.process = subprocess.Popen([str(a) for a in args], stdin=subprocess.DEVNULL, stdout=self.file,
                                        stderr=subprocess.STDOUT, env=env or ENV, preexec_fn=lambda: _die_with_parent(first))
        _open.append(self)

    def words(self):
        return self.log.read_text(errors="replace")

    def close(self, number=signal.SIGTERM, seconds=15.0 * BUSY):
        """Its exit status; None when it had to be killed."""
        if self in _open:
            _open.remove(self)
        status = None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.file.close()
        return status


def free_port():
    """A port of 127.0.0.1 that is free over TCP and UDP."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return tcp.getsockname()[1]


def kids(pid):
    """pid -> command line of the processes that `pid` started."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            stat = Path(f"/proc/{entry}/stat").read_text()
            line = Path(f"/proc/{entry}/cmdline").read_bytes()
        except OSError:
            continue
        rest = stat[stat.rindex(")") + 2:].split()
        if int(rest[1]) == pid and rest[0] != "Z":
            found[int(entry)] = line.replace(b"\0", b" ").decode().strip()
    return found


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:600]!r}"


class Server:
    """canh serve on a data folder of its own or a given one."""

    def __init__(self, data=None, args=(), config=None, syslog=True, tls=None, env=None, verify=None, port=None,
                 first=None):
        self.folder = Folder()
        self.data = Path(data) if data else self.folder / "data"
        self.http = port or free_port()
        self.args = [CANH, "serve", "--data", self.data, "--http", f"127.0.0.1:{self.http}"]
        self.verify = verify  # an SSL context: HTTPS
        if syslog:
            self.syslog = free_port()
            self.args += ["--syslog", f"127.0.0.1:{self.syslog}"]
        if tls:
            self.tls = free_port()
            self.args += ["--syslog-tls", f"127.0.0.1:{self.tls}"]
        if config is not None:
            (self.folder / "canh.yaml").write_text(config)
            self.args += ["--config", self.folder / "canh.yaml"]
        self.args += list(args)
        self.env, self.first = env, first
        self.runs = 0
        self.start()

    def start(self):
        self.runs += 1
        began = time.monotonic()
        self.program = Program(self.args, self.folder / f"serve-{self.runs}.log", self.env, self.first)
        ok = until(lambda: self.program.process.poll() is not None or self.ready(), 30)
        if not ok or self.program.process.poll() is not None:
            print(self.program.words())
            raise SystemExit("canh serve does not get ready")
        self.ready_after = time.monotonic() - began
        return self

    def stop(self, number=signal.SIGTERM):
        return self.program.close(number)

    def ready(self):
        try:
            return self.health().get("ready")
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def health(self):
        return self.call("GET", "/api/v1/health").json

    def words(self):
        return self.program.words()

    def link(self):
        """The one-time token that the first start printed."""
        line = until(lambda: [w for w in self.words().split() if "#/invite/" in w], 5)
        return line[0].rsplit("/", 1)[1]

    def pid(self, role):
        for pid, line in kids(self.program.process.pid).items():
            if line == f"canh --process {role}":
                return pid
        return None

    def connection(self, timeout=120):
        if self.verify:
            return http.client.HTTPSConnection("127.0.0.1", self.http, timeout=timeout, context=self.verify)
        return http.client.HTTPConnection("127.0.0.1", self.http, timeout=timeout)

    def call(self, method, path, body=None, token=None, headers=None, over=None, timeout=120, **params):
        """One request; a dict becomes JSON, `params` the query, `over` a connection that stays."""
        headers = dict(headers or {})
        if params:
            path += "?" + urlencode({k.rstrip("_"): v for k, v in params.items()}, quote_via=quote)
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        if token:
            headers.setdefault("Authorization", f"Bearer {token}")
        c = over or self.connection(timeout)
        try:
            c.request(method, path, body=body, headers=headers)
            r = c.getresponse()
            return Answer(r.status, r.headers, r.read())
        finally:
            if over is None:
                c.close()

    def token(self, role="admin", name=None):
        out = subprocess.run([CANH, "token", "new", "--data", self.data, "--role", role, "--name",
                              name or role], env=ENV, capture_output=True, text=True, check=True)
        return out.stdout.strip()

    def push(self, token, lines, source="test", kind="text/plain", headers=None, over=None):
        body = lines if isinstance(lines, bytes) else "".join(line + "\n" for line in lines).encode()
        return self.call("POST", f"/api/v1/ingest?source={quote(source)}", body, token,
                         {"Content-Type": kind, **(headers or {})}, over)

    def sources(self, token):
        return {(s["kind"], s["name"]): s for s in self.call("GET", "/api/v1/sources", token=token).json["items"]}

    def events(self, token, q="", limit=1000, most=10**9, **params):
        """Events newest first, page by page."""
        found, cursor = [], None
        while len(found) < most:
            if cursor:
                params["cursor"] = cursor
            page = self.call("GET", "/api/v1/events", token=token, q=q, limit=limit, **params)
            if page.status != 200:
                raise RuntimeError(f"events: {page}")
            page = page.json
            found += page["items"]
            cursor = page["next"]
            if not cursor:
                break
        return found


DAY = 86400 * 10**6


def noon():
    """By how many microseconds a clock must be moved to show noon of this day in Viet Nam (UTC+7): a test of days and hours
    that runs by it meets no midnight on its way, whenever it is begun."""
    return 5 * DAY // 24 - int(time.time() * 10**6) % DAY


class Clock:
    """A clock that canh runs by (--clock), `by` microseconds ahead of the true one."""

    def __init__(self, path, by=0):
        self.path, self.by = path, by
        path.write_bytes(struct.pack("=q", by))

    def set(self, by):
        """In its place: canh has the file mapped, and would end by SIGBUS at the moment in which it is empty."""
        self.by = by
        with open(self.path, "r+b") as f:
            f.write(struct.pack("=q", by))

    def move(self, us):
        self.set(self.by + us)

    def now(self):
        """Seconds since 1970, as time.time()."""
        return time.time() + self.by / 10**6


def settled(source):
    """Records that are stored, or dropped and counted, for good."""
    return source["received"] - source["pending"]


def balanced(source):
    return source["received"] == source["stored"] + source["pending"] + sum(source["dropped"].values())


class Stream:
    """Server-sent events, read by a thread; `seen` holds (time, name, data)."""

    def __init__(self, server, token):
        self.seen, self.lock = [], threading.Lock()
        self.connection = server.connection(timeout=600)
        self.connection.request("GET", "/api/v1/stream", headers={"Authorization": f"Bearer {token}"})
        self.answer = self.connection.getresponse()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        name, data = "", ""
        try:
            for line in self.answer:
                line = line.decode().rstrip("\n")
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:"):
                    data += line[5:].strip()
                elif not line and (name or data):
                    with self.lock:
                        self.seen.append((time.monotonic(), name, data))
                    name, data = "", ""
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            return

    def of(self, name):
        with self.lock:
            return [(at, json.loads(data)) for at, n, data in self.seen if n == name]


def totp(secret, step=None):
    """RFC 6238: 30 s, six digits, SHA-1."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 if step is None else step), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def certificate(folder):
    """An own CA and a certificate for 127.0.0.1, by openssl: paths of ca, certificate, key."""
    ca, cakey = folder / "ca.pem", folder / "ca.key"
    cert, key, req, ext = folder / "cert.pem", folder / "key.pem", folder / "req.pem", folder / "ext"
    ext.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    for args in (["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                  "-subj", "/CN=Test CA", "-keyout", cakey, "-out", ca],
                 ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                  "-keyout", key, "-out", req],
                 ["x509", "-req", "-in", req, "-CA", ca, "-CAkey", cakey, "-CAcreateserial", "-days", "2",
                  "-extfile", ext, "-out", cert]):
        subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True)
    return ca, cert, key
