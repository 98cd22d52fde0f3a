"""What the comparisons share: envctl and the obvious script, each with its clients, and how figures are printed."""
import json
import os
import shutil
import socket
import statistics
import subprocess
import time
import urllib.parse
import uuid

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


def tools():
    """The path of kind; says what is missing where something is."""
    kind = shutil.which("kind") or os.path.join(CACHE, "bin", "kind")
    missing = [name for name in ("kubectl", "psql", "createdb") if not shutil.which(name)]
    missing += [] if os.access(kind, os.X_OK) else ["kind"]
    if missing:
        say("error: the comparison needs %s" % ", ".join(missing))
        say("next: install kubectl and postgresql-client; `./envctl setup` installs kind")
        return None
    return kind


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


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


class ObviousScript:
    """The other side."""

    MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: %(name)s}
spec:
  selector: {matchLabels: {app: %(name)s}}
  template:
    metadata: {labels: {app: %(name)s}}
    spec:
      containers:
      - name: %(name)s
        image: %(image)s
        imagePullPolicy: Never
        env: [{name: POSTGRES_PASSWORD, value: bench}]
        ports: [{containerPort: %(port)d}]
        readinessProbe: {tcpSocket: {port: %(port)d}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: %(name)s}
spec:
  type: NodePort
  selector: {app: %(name)s}
  ports: [{port: %(port)d, nodePort: %(nodePort)d}]
---
"""

    def __init__(self, folder, kind, engine, images, workers):
        self.folder, self.kind, self.engine, self.images = folder, kind, engine, images
        self.workers = ["worker_%d" % (i + 1) for i in range(workers)]
        self.name = "bench-" + uuid.uuid4().hex[:8]
        self.kubeconfig = os.path.join(folder, "kubeconfig")
        self.environment = dict(os.environ, KIND_EXPERIMENTAL_PROVIDER=engine, KUBECONFIG=self.kubeconfig,
                                PGPASSWORD="bench", PGHOST="127.0.0.1", PGUSER="postgres")
        self.environment.pop("KIND_EXPERIMENTAL_PODMAN_NETWORK", None)
        self.steps = {}
        self.network_was_there = self.has_network()

    def has_network(self):
        """kind's own network, which it shares between clusters and never removes."""
        return not subprocess.run([self.engine, "network", "inspect", "kind"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=60).returncode

    def step(self, title, *command):
        self.steps.setdefault(title, []).append(
            seconds(lambda: run(list(command), env=self.environment, cwd=self.folder)))

    def load_node_image(self):
        if subprocess.run([self.engine, "image", "inspect", self.images["node"]["tagged"]], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, timeout=60).returncode:
            run([self.engine, "load", "--input", self.images["node"]["archive"]])

    def up(self):
        postgres, redis = free_port(), free_port()
        with open(os.path.join(self.folder, "kind.yaml"), "w") as file:
            file.write("kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n- role: control-plane\n"
                       "  image: %s\n  extraPortMappings:\n" % self.images["node"]["tagged"])
            for node_port, host_port in ((30432, postgres), (30379, redis)):
                file.write("  - {containerPort: %d, hostPort: %d, listenAddress: 127.0.0.1}\n" % (node_port, host_port))
        with open(os.path.join(self.folder, "services.yaml"), "w") as file:
            for name, port, node_port in (("postgres", 5432, 30432), ("redis", 6379, 30379)):
                file.write(self.MANIFEST % {"name": name, "image": self.images[name]["tagged"], "port": port,
                                            "nodePort": node_port})
        self.step("kind create cluster", self.kind, "create", "cluster", "--name", self.name, "--config", "kind.yaml",
                  "--kubeconfig", self.kubeconfig, "--wait", "5m")
        for name in ("postgres", "redis"):
            self.step("kind load image-archive", self.kind, "load", "image-archive", self.images[name]["archive"],
                      "--name", self.name)
        self.step("kubectl apply", "kubectl", "apply", "-f", "services.yaml")
        self.step("kubectl wait", "kubectl", "wait", "--for=condition=Available", "--timeout=5m", "deployment/postgres",
                  "deployment/redis")
        self.environment["PGPORT"] = str(postgres)
        # Ready by its probe is not ready for a client: the script has to try, as everybody's does.
        until_answered(lambda: select_one("postgresql://postgres:bench@127.0.0.1:%d/postgres" % postgres))
        for worker in self.workers:
            self.step("createdb", "createdb", worker)
        for worker in self.workers:
            until_answered(lambda: select_one("postgresql://postgres:bench@127.0.0.1:%d/%s" % (postgres, worker)))
        until_answered(lambda: ping("redis://127.0.0.1:%d" % redis))

    def down(self):
        run([self.kind, "delete", "cluster", "--name", self.name, "--kubeconfig", self.kubeconfig],
            env=self.environment)

    def remove_all(self):
        """After an interrupted run too: kind leaves the node's volume when it is killed at the wrong moment."""
        try:
            self.down()
            # Podman labels a node's volume with the node's name; Docker takes it along with the node.
            volumes = run(["podman", "volume", "ls", "--format", "json"], 60) if self.engine == "podman" else "[]"
            for volume in json.loads(volumes or "[]"):
                if any(key.startswith(self.name + "-") for key in (volume.get("Labels") or {})):
                    run([self.engine, "volume", "rm", volume["Name"]], 60)
            if not self.network_was_there and self.has_network():
                run([self.engine, "network", "rm", "kind"], 60)
        except (Failed, ValueError, OSError) as failure:
            say("cleaning up %s: %s" % (self.name, failure))


def archives(hand_off):
    """Where the images that envctl used lie, found by their digests."""
    known = {}
    for folder, _, files in os.walk(os.path.join(CACHE, "built")):
        if "image.json" in files and "image.tar" in files:
            with open(os.path.join(folder, "image.json")) as file:
                image = json.load(file)
            known[image["digest"]] = (image["repository"] + ":" + image["tag"], os.path.join(folder, "image.tar"))
    found = {}
    for image in hand_off["images"]:
        if image["digest"] in known:
            tagged, archive = known[image["digest"]]
        else:
            archive = next((os.path.join(folder, name) for folder, _, files in os.walk(CACHE) for name in files
                            if name == image["digest"].replace(":", "-") + ".tar"), None)
            if not archive:
                raise Failed("there is no archive of %s below %s" % (image["reference"], CACHE))
            tagged = name_in(archive)
        found[image["name"]] = {"tagged": tagged, "archive": archive}
    return found


def name_in(archive):
    """What an OCI archive calls its image."""
    index = json.loads(run(["tar", "--extract", "--to-stdout", "--file", archive, "index.json"], 60))
    return index["manifests"][0]["annotations"]["io.containerd.image.name"]


def baseline_images():
    """For --baseline-only: the newest stand-ins."""
    found = {}
    for name in ("node", "postgres", "redis"):
        folder = os.path.join(CACHE, "built", name)
        files = [os.path.join(folder, one, "image.json") for one in (os.listdir(folder) if os.path.isdir(folder) else [])]
        files = sorted((file for file in files if os.path.exists(file)), key=os.path.getmtime)
        if not files:
            raise Failed("there is no stand-in of %s below %s: run `envctl setup`" % (name, CACHE))
        with open(files[-1]) as file:
            image = json.load(file)
        found[name] = {"tagged": image["repository"] + ":" + image["tag"],
                       "archive": os.path.join(os.path.dirname(files[-1]), "image.tar")}
    return found


def spread(values, unit):
    digits = "%.2f" if unit == "" else "%.1f" if unit == "s" else "%.0f"
    return "median %s (%s to %s)%s" % (digits % statistics.median(values), digits % min(values), digits % max(values),
                                       " " + unit if unit else "")


def verdict(title, values, bound, unit):
    holds = statistics.median(values) <= bound
    say("  %-44s %-34s bound %-6s %s" % (title, spread(values, unit), "%g%s" % (bound, " " + unit if unit else ""),
                                        "holds" if holds else "DOES NOT HOLD"))
