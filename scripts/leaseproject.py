"""A project with one environment in a temporary folder, and its primary's API: for scripts that measure or strain leases."""
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

HOME = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


class Failed(Exception):
    pass


def say(text=""):
    print(text, flush=True)


def until(what, question, limit=120):
    end = time.monotonic() + limit
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failed("timed out after %d s waiting for %s" % (limit, what))
        time.sleep(0.1)


def at_once(tasks):
    """Runs all tasks in threads of their own, begun together; their results, or the first failure."""
    results, failures, gate = [None] * len(tasks), [], threading.Event()

    def run(index):
        gate.wait()
        try:
            results[index] = tasks[index]()
        except Exception as failure:  # told below, by the thread that asked
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(tasks))]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results


class Project:
    def __init__(self, name, yaml, files=None):
        self.name = name
        self.folder = tempfile.mkdtemp(prefix="envctl-leases-")
        self.files = os.path.join(self.folder, ".envctl", name)
        os.mkdir(os.path.join(self.folder, "environments"))
        shutil.copy(os.path.join(HOME, "images.lock"), self.folder)
        for path, text in {name + ".yaml": yaml, **(files or {})}.items():
            with open(os.path.join(self.folder, "environments", path), "w") as file:
                file.write(text)

    def envctl(self, *words):
        done = subprocess.run([os.path.join(HOME, "envctl"), *words, "-e", self.name], cwd=self.folder, timeout=900,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise Failed("envctl %s: exit code %d\n%s" % (" ".join(words), done.returncode, done.stdout[-4000:]))
        return done.stdout

    def json(self, path):
        with open(os.path.join(self.files, path)) as file:
            return json.load(file)

    def call(self, method, path, body=None, token=None, limit=180):
        """The answer's code and JSON."""
        primary = self.json("primary.json")
        request = urllib.request.Request(
            primary["api"] + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + (token or primary["token"])})
        try:
            with urllib.request.urlopen(request, timeout=limit) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"{}")

    def acquire(self, **body):
        code, lease = self.call("POST", "/v1/leases", {"timeout": "2m", **body})
        if code != 201:
            raise Failed("acquire: HTTP %d %s" % (code, lease))
        return lease

    def release(self, lease):
        code, answer = self.call("DELETE", "/v1/leases/%d" % lease["worker"])
        if code != 200:
            raise Failed("release: HTTP %d %s" % (code, answer))

    def leases(self, *states):
        return [one for one in self.call("GET", "/v1/leases")[1]["leases"] if one["state"] in states]

    def close(self):
        self.envctl("down")
        shutil.rmtree(self.folder, ignore_errors=True)


def psql(url, sql):
    done = subprocess.run(["psql", "-XAtqc", sql, url], timeout=120, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Failed("psql: " + done.stdout)
    return done.stdout.strip()
