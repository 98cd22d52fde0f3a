"""Ways to bring images into a node, each from the start of kind to a node whose CRI has them by digest."""
import json
import os
import subprocess
import threading
import time

from comparison import Failed, run, say, until_answered


class Ways:
    def __init__(self, scratch, kind, script, images, services, registry):
        self.scratch, self.kind, self.script = scratch, kind, script
        self.node = script.name + "-control-plane"
        self.image = images["node"]["tagged"]
        self.archives = {name: images[name]["archive"] for name in services}
        # kind's network, and so the way from the node to this host, is there after the first cluster.
        self.make_registry, self.registry = registry, None
        self.derived_image = None

    def all(self):
        return [self.bare, self.imported, self.pulled, self.derived]

    def close(self):
        if self.registry:
            self.registry.close()
        if self.derived_image:
            run([self.script.engine, "rmi", self.derived_image])

    def measure(self, way):
        if way == self.derived and not self.derived_image:
            self.derive()
        if way == self.pulled and not self.registry:
            self.registry = self.make_registry(address=self.gateway())
        mounts, image, meanwhile = way()
        config = os.path.join(self.scratch, "way.yaml")
        with open(config, "w") as file:
            node = {"role": "control-plane", "image": image,
                    "extraMounts": [{"hostPath": host, "containerPath": path, "readOnly": True} for host, path in mounts]}
            json.dump({"kind": "Cluster", "apiVersion": "kind.x-k8s.io/v1alpha4", "nodes": [node]}, file)
        failures = []

        def deliver():
            try:
                while meanwhile and not failures:
                    time.sleep(0.3)
                    if self.runs():
                        self.inside("\n".join(["until ctr version >/dev/null 2>&1; do sleep 0.2; done", *meanwhile]))
                        return
            except Failed as failure:
                failures.append(failure)

        start = time.monotonic()
        delivery = threading.Thread(target=deliver)
        delivery.start()
        try:
            run([self.kind, "create", "cluster", "--name", self.script.name, "--config", config, "--kubeconfig",
                 self.script.kubeconfig], env=self.script.environment)
            delivery.join()
            if failures:
                raise failures[0]
            # Unpacked and ready for a pod: the same question to all, but to the bare node.
            if way != self.bare:
                until_answered(self.has_all)
            return time.monotonic() - start
        except BaseException:
            failures.append("kind")
            raise
        finally:
            delivery.join()
            self.script.down()

    def runs(self):
        return not subprocess.run([self.script.engine, "exec", self.node, "true"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=60).returncode

    def inside(self, command):
        return run([self.script.engine, "exec", self.node, "sh", "-ec", command], 120)

    def has_all(self):
        images = json.loads(self.inside("crictl images -o json"))["images"]
        names = [digest for image in images for digest in image["repoDigests"]]
        missing = [name for name in self.archives if not any("/%s@" % name in digest for digest in names)]
        if missing:
            raise Failed("the node does not have %s" % ", ".join(missing))

    def bare(self):
        """kind create cluster, nothing else"""
        return [], self.image, []

    def imported(self):
        """archives mounted, imported meanwhile"""
        mounts = [(archive, "/images/%s.tar" % name) for name, archive in self.archives.items()]
        return mounts, self.image, ["ctr -n k8s.io images import --digests --base-name bench/%s /images/%s.tar" % (name, name)
                                    for name in self.archives]

    def pulled(self):
        """pulled by digest through a loopback registry"""
        folder = os.path.join(self.scratch, "hosts", "docker.io")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "hosts.toml"), "w") as file:
            file.write('[host."http://%s"]\n  capabilities = ["pull", "resolve"]\n' % self.registry.host)
        digests = {name: self.registry.reference("envctl/" + name).partition("@")[2] for name in self.archives}
        return [(os.path.dirname(folder), "/etc/containerd/certs.d")], self.image, [
            "crictl pull docker.io/envctl/%s@%s" % (name, digest) for name, digest in digests.items()]

    def derived(self):
        """a node image with everything unpacked in it"""
        return [], self.derived_image, []

    def gateway(self):
        """This host as the nodes see it."""
        network = json.loads(run([self.script.engine, "network", "inspect", "kind"]))[0]
        ranges = network.get("subnets") or network.get("IPAM", {}).get("Config", [])
        return next(one.get("gateway") or one.get("Gateway") for one in ranges if "." in str(one))

    def derive(self):
        """Imports into a copy of the image's containerd folder, which must not lie on an overlay, and commits it."""
        engine, maker = self.script.engine, self.script.name + "-maker"
        store = os.path.join(self.scratch, "containerd")
        os.makedirs(store)
        mounts = [part for name, archive in self.archives.items() for part in ("--volume", "%s:/images/%s.tar:ro" % (archive, name))]
        run([engine, "run", "--detach", "--privileged", "--name", maker, "--entrypoint", "sleep", *mounts,
             "--volume", store + ":/store", self.image, "600"])
        try:
            start = time.monotonic()
            imports = " && ".join("ctr -n k8s.io images import --digests --base-name bench/%s /images/%s.tar" % (name, name)
                                  for name in self.archives)
            run([engine, "exec", maker, "bash", "-ec", """
                cp -a /var/lib/containerd/. /store/ && mount --bind /store /var/lib/containerd
                containerd >/dev/null 2>&1 & containerd=$!
                until ctr version >/dev/null 2>&1; do sleep 0.1; done
                %s
                kill $containerd; wait $containerd || :; sync
                umount /var/lib/containerd
                cp -a /store/. /var/lib/containerd/""" % imports], 300)
            self.derived_image = "localhost/envctl/bench-derived:" + self.script.name
            # Its command was to sleep; the node's own starts systemd.
            run([engine, "commit", "--quiet", "--change", 'ENTRYPOINT ["/usr/local/sbin/node-entrypoint", "/sbin/init"]',
                 "--change", "CMD []", maker, self.derived_image], 300)
            say("  deriving a node image takes %.1f s" % (time.monotonic() - start))
        finally:
            run([engine, "rm", "--force", "--time", "0", "--volumes", maker])
