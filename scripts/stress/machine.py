"""What the stress tests share: a project in a temporary folder, and a look at what is left by other means than envctl's."""
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
ENVCTL = os.path.join(HOME, "envctl")
LIMIT = 300
KEPT = {"lock", "logs", "timeline.json"}
ENVIRONMENT = """apiVersion: envctl.dev/v1
kind: Environment
metadata: {name: %s}
services: {postgres: {}, redis: {}}
workers: {count: 1}
"""


class Failed(Exception):
    pass


def say(text=""):
    print(text, flush=True)


def lines(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          timeout=60).stdout.splitlines()


def kill(pid, which=signal.SIGKILL):
    try:
        os.kill(pid, which)
        return True
    except ProcessLookupError:
        return False


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * percent / 100) - 1)]


def summary(what, values):
    if values:
        say("%s: n %d, p50 %.1f s, p95 %.1f s, max %.1f s"
            % (what, len(values), percentile(values, 50), percentile(values, 95), max(values)))


class Project:
    """One environment; leaving it runs `down` and fails if anything is left."""

    def __init__(self, name):
        self.name = name
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="envctl-stress-"))
        self.files = os.path.join(self.folder, ".envctl", name)
        os.mkdir(os.path.join(self.folder, "environments"))
        with open(os.path.join(self.folder, "environments", name + ".yaml"), "w") as file:
            file.write(ENVIRONMENT % name)
        shutil.copy(os.path.join(HOME, "images.lock"), self.folder)

    def __enter__(self):
        return self

    def __exit__(self, kind, failure, trace):
        self.run("down", limit=LIMIT)
        left = self.left()
        if left:
            raise Failed("left behind: " + "; ".join(left))
        shutil.rmtree(self.folder)

    def start(self, command, *words, progress="plain"):
        """In a process group of its own, as a shell starts it; knows the signals that whoever runs this had ignored."""
        return subprocess.Popen(["env", "--default-signal=INT,TERM,HUP", ENVCTL, command, "-e", self.name,
                                 "--progress", progress, *words], cwd=self.folder, text=True, start_new_session=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    @staticmethod
    def end(process, limit=LIMIT):
        """The exit code, and both streams."""
        try:
            out, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise Failed("no end after %d s\n%s" % (limit, err[-3000:]))
        return process.returncode, out, err

    def run(self, command, *words, limit=LIMIT, expected=0):
        code, out, err = self.end(self.start(command, *words), limit)
        if code != expected:
            raise Failed("envctl %s %s: exit code %d\n%s" % (command, " ".join(words), code, err[-3000:]))
        return out

    def file(self, name):
        return os.path.join(self.files, name)

    def primary(self):
        """Its pid; 0 while there is no record of one."""
        try:
            with open(self.file("primary.json")) as file:
                return json.load(file)["pid"]
        except (OSError, ValueError):
            return 0

    def left(self):
        cluster = "envctl-%s-" % self.name
        found = ["container " + one for one in lines("podman", "ps", "-a", "--external", "--format", "{{.Names}}")
                 if one.startswith(cluster)]
        found += ["volume " + one for one in lines("podman", "volume", "ls", "--format", "{{.Name}} {{.Labels}}")
                  if cluster in one]
        found += ["network " + one for one in lines("podman", "network", "ls", "--format", "{{.Name}}")
                  if one.startswith(cluster)]
        if os.path.isdir(self.files):
            found += ["file " + one for one in os.listdir(self.files) if one not in KEPT]
        return found + self.processes(cluster)

    def processes(self, cluster):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % pid, "rb") as file:
                    line = file.read().replace(b"\0", b" ").decode(errors="replace")
                folder = os.readlink("/proc/%s/cwd" % pid)
            except OSError:
                continue
            if line and int(pid) != os.getpid() and (
                    cluster in line or self.folder in line or folder.startswith(self.folder)):
                found.append("process %s %s" % (pid, line[:120]))
        return found

    def gone(self, limit=60):
        """Waits until nothing is left and returns how long it took."""
        begun = time.monotonic()
        left = self.left()
        while left:
            if time.monotonic() - begun > limit:
                raise Failed("still there after %d s: %s" % (limit, "; ".join(left)))
            time.sleep(0.1)
            left = self.left()
        return time.monotonic() - begun

    def nothing_left(self):
        """A process gives its lock back a moment before it ends."""
        self.gone(limit=3)


def main(test):
    """Runs a test and says how it ended; what it started is removed also when it is interrupted."""
    def end(number, frame):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, end)
    begun = time.monotonic()
    try:
        test()
    except (Failed, KeyboardInterrupt) as failure:
        say("FAILED after %d s: %s" % (time.monotonic() - begun, failure or "interrupted"))
        sys.exit(1)
    say("ok, %d s" % (time.monotonic() - begun))
