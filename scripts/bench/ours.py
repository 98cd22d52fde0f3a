"""envctl in a project folder of its own, and how long things take: for the scripts that measure `up`."""
import json
import os
import shutil
import socket
import statistics
import subprocess
import time
import urllib.parse

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
CACHE = os.environ.get("ENVCTL_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "envctl")
LIMIT = 900


class Failed(Exception):
    pass


def say(text=""):
    print(text, flush=True)


def run(command, limit=LIMIT, **options):
    """Runs to the end and returns what it printed; a failure shows the command and the end of its output."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, **options)
    try:
        output, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        raise Failed("%s: no end after %d s\n%s" % (" ".join(command), limit, tail(output)))
    except BaseException:
        process.terminate()
        process.communicate()
        raise
    if process.returncode:
        raise Failed("%s: exit code %d\n%s" % (" ".join(command), process.returncode, tail(output)))
    return output


def tail(output):
    return "\n".join("    " + line for line in (output or "").splitlines()[-20:])


def seconds(action, *arguments):
    start = time.monotonic()
    action(*arguments)
    return time.monotonic() - start


def until_answered(question, limit=120):
    """Asks again at once until it is answered; the last refusal explains a time-out."""
    end = time.monotonic() + limit
    while True:
        try:
            return question()
        except (Failed, OSError) as refusal:
            if time.monotonic() > end:
                raise Failed("no answer after %d s: %s" % (limit, refusal))
            time.sleep(0.05)


def select_one(url):
    run(["psql", url, "--no-psqlrc", "--tuples-only", "--command", "select 1"], 30,
        env=dict(os.environ, PGCONNECT_TIMEOUT="5"))


def ping(url):
    """Speaks to Redis over a socket: a client is not installed everywhere."""
    parts = urllib.parse.urlsplit(url)
    words = []
    if parts.password:
        user = [urllib.parse.unquote(parts.username)] if parts.username else []
        words.append(["AUTH", *user, urllib.parse.unquote(parts.password)])
    words.append(["PING"])
    with socket.create_connection((parts.hostname, parts.port), 5) as connection:
        for word in words:
            connection.sendall(b"*%d\r\n" % len(word) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in
                                                                 (item.encode() for item in word)))
            answer = connection.recv(1024)
            if not answer.startswith(b"+"):
                raise Failed("Redis says %r" % answer[:80])


class Envctl:
    """Our side, in a project folder of its own."""

    def __init__(self, folder, name, cache=None):
        self.folder = folder
        self.name = name
        self.files = os.path.join(folder, ".envctl", name)
        shutil.copytree(os.path.join(HOME, "environments"), os.path.join(folder, "environments"))
        shutil.copy(os.path.join(HOME, "images.lock"), folder)
        self.environment = dict(os.environ, ENVCTL_ENVIRONMENT=name, **({"ENVCTL_CACHE": cache} if cache else {}))

    def command(self, *words, limit=LIMIT):
        return run([os.path.join(HOME, "envctl"), *words], limit, cwd=self.folder, env=self.environment)

    def up(self, *words, limit=LIMIT):
        output = self.command("up", "--progress", "plain", *words, limit=limit)
        self.await_clients()
        return output

    def await_clients(self):
        for worker in self.hand_off()["workers"]:
            with open(worker["file"]) as file:
                lease = json.load(file)
            until_answered(lambda: select_one(lease["postgres"]["url"]))
            until_answered(lambda: ping(lease["redis"]["url"]))

    def down(self):
        self.command("down")

    def hand_off(self):
        with open(os.path.join(self.files, "environment.json")) as file:
            return json.load(file)

    def memory(self):
        """Resident and highest memory of the primary, in MiB."""
        with open("/proc/%d/status" % self.hand_off()["primary"]["pid"]) as file:
            status = dict(line.split(":", 1) for line in file)
        return [int(status[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM")]


def spread(values, unit):
    digits = "%.2f" if unit == "" else "%.1f" if unit == "s" else "%.0f"
    return "median %s (%s to %s)%s" % (digits % statistics.median(values), digits % min(values), digits % max(values),
                                       " " + unit if unit else "")
