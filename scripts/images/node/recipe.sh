# The node image: Debian with systemd and containerd, Kubernetes, and the
# control-plane images already unpacked. kind accepts it as a kindest/node image.

TOTAL=8

recipe() {
    expect_pin node/kubernetes k8s.io/kubernetes "$KUBERNETES"
    expect_pin node/etcd go.etcd.io/etcd/server/v3 "$ETCD"
    expect_pin node/coredns github.com/coredns/coredns "$COREDNS"
    expect_pin node/crictl sigs.k8s.io/cri-tools "$CRICTL"

    # Unpacking mostly waits for the network, so it runs beside the compiler.
    begin debian 1 "Unpack the node's Debian packages" 10 node_debian "$NODE_SUITE" "$(content lib/debian.sh)"
    begin daemons 2 "Compile the Kubernetes daemons" 270 node_daemons "$KUBERNETES" "$(content node/kubernetes lib/go.sh)"
    await daemons
    begin tools 3 "Compile kubeadm and kubectl" 15 node_tools "$KUBERNETES" "$(content node/kubernetes lib/go.sh)"
    await tools
    begin others 4 "Compile etcd, CoreDNS and pause" 65 node_others "$(content node/etcd node/coredns node/pause lib/go.sh)"
    await others
    begin commands 5 "Compile crictl and the pod network" 20 node_commands "$CRICTL" "$(content node/crictl node/network lib/go.sh)"
    await commands debian
    begin images 6 "Assemble the control-plane images" 5 node_images "${daemons##*/}" "${others##*/}" "${debian##*/}" \
        "$(content node/kube-proxy lib/oci.sh lib/debian.sh)" "$(grep -vE '^#' "$RECIPES/versions")"
    await images
    begin root 7 "Put the node's root together" 10 node_root "${debian##*/}" "${tools##*/}" "${commands##*/}" "${images##*/}" \
        "$(content node/root node/preload)" "$KUBERNETES"
    await root
    begin archive 8 "Write the image archive" 10 node_archive "${root##*/}" "$HASH"
    await archive
}

node_debian() {
    debian_extract "$NODE_SUITE" "$OUT" \
        base-files base-passwd bash coreutils dash findutils grep gzip sed tar libc-bin hostname \
        systemd systemd-sysv util-linux mount procps kmod \
        containerd runc containernetworking-plugins iproute2 iptables nftables conntrack ethtool
}

node_daemons() { go_program node/kubernetes ./daemons "$OUT/kubernetes" "$(kubernetes_version)"; }

node_tools() { go_program node/kubernetes ./tools "$OUT/kubeadm" "$(kubernetes_version)"; }

node_others() {
    local name
    for name in etcd coredns pause; do go_program "node/$name" . "$OUT/$name"; done
}

node_commands() {
    go_program node/crictl sigs.k8s.io/cri-tools/cmd/crictl "$OUT/crictl" "-X sigs.k8s.io/cri-tools/pkg/version.Version=v$CRICTL"
    go_program node/network . "$OUT/pod-network"
}

kubernetes_version() {
    local package
    for package in component-base/version client-go/pkg/version; do
        printf -- '-X k8s.io/%s.gitVersion=v%s ' "$package" "$KUBERNETES"
        printf -- '-X k8s.io/%s.gitMajor=%s ' "$package" "$(cut -d . -f 1 <<<"$KUBERNETES")"
        printf -- '-X k8s.io/%s.gitMinor=%s ' "$package" "$(cut -d . -f 2 <<<"$KUBERNETES")"
        printf -- '-X k8s.io/%s.gitTreeState=clean ' "$package"
    done
}

# One layout holds all of them. The four Kubernetes images share their first
# layer, the daemons' one binary, so the node stores and caches it once.
node_images() {
    local layout=$OUT/layout path='"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]'
    local name kubernetes proxy layer
    oci_start "$layout"

    mkdir -p "$OUT/kubernetes/usr/local/bin"
    install -m 755 "$daemons/kubernetes" "$OUT/kubernetes/usr/local/bin/"
    for name in kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet; do
        ln -s kubernetes "$OUT/kubernetes/usr/local/bin/$name"
    done
    kubernetes=$(oci_layer "$layout" "$OUT/kubernetes")
    for name in kube-apiserver kube-controller-manager kube-scheduler; do
        oci_image "$layout" "$KUBERNETES_REGISTRY/$name:v$KUBERNETES" "{$path,\"Entrypoint\":[\"$name\"]}" "$kubernetes"
    done

    mkdir -p "$OUT/proxy/run" "$OUT/proxy/tmp"
    keep "$debian" "$OUT/proxy" /usr/bin/dash /usr/bin/grep /usr/sbin/xtables-legacy-multi /usr/sbin/xtables-nft-multi \
        "/usr/lib/$(uname -m)-linux-gnu/xtables" /usr/sbin/conntrack /usr/bin/kmod
    for name in bin sbin lib lib64; do ln -s "usr/$name" "$OUT/proxy/$name"; done
    ln -s dash "$OUT/proxy/usr/bin/sh"
    ln -s ../bin/kmod "$OUT/proxy/usr/sbin/modprobe"
    iptables_alternatives "$OUT/proxy"
    install -D -m 755 "$RECIPES/node/kube-proxy/kube-proxy" "$OUT/proxy/usr/local/bin/kube-proxy"
    mkdir -p "$OUT/proxy/usr/local/lib/kubernetes"
    ln -s ../../bin/kubernetes "$OUT/proxy/usr/local/lib/kubernetes/kube-proxy"
    proxy=$(oci_layer "$layout" "$OUT/proxy")
    oci_image "$layout" "$KUBERNETES_REGISTRY/kube-proxy:v$KUBERNETES" "{$path,\"Entrypoint\":[\"kube-proxy\"]}" "$kubernetes" "$proxy"

    mkdir -p "$OUT/etcd/usr/local/bin" "$OUT/etcd/var/lib" "$OUT/coredns" "$OUT/pause"
    install -m 755 "$others/etcd" "$OUT/etcd/usr/local/bin/etcd"
    layer=$(oci_layer "$layout" "$OUT/etcd")
    oci_image "$layout" "$KUBERNETES_REGISTRY/etcd:$ETCD_TAG" "{$path,\"Entrypoint\":[\"etcd\"]}" "$layer"
    install -m 755 "$others/coredns" "$OUT/coredns/coredns"
    layer=$(oci_layer "$layout" "$OUT/coredns")
    oci_image "$layout" "$KUBERNETES_REGISTRY/coredns/coredns:$COREDNS_TAG" "{$path,\"User\":\"65532\",\"Entrypoint\":[\"/coredns\"]}" "$layer"
    install -m 755 "$others/pause" "$OUT/pause/pause"
    layer=$(oci_layer "$layout" "$OUT/pause")
    oci_image "$layout" "$KUBERNETES_REGISTRY/pause:$PAUSE_TAG" "{$path,\"User\":\"65535\",\"Entrypoint\":[\"/pause\"]}" "$layer"

    oci_archive "$layout" "$OUT/images.tar"
    rm -rf "$layout" "$OUT"/{kubernetes,proxy,etcd,coredns,pause}
}

# iptables_alternatives ROOT: both flavours, each in its own folder, to be
# chosen by the order of PATH.
iptables_alternatives() {
    local flavour name
    for flavour in legacy nft; do
        mkdir -p "$1/usr/lib/iptables/$flavour"
        for name in {iptables,ip6tables}{,-save,-restore}; do
            ln -s "/usr/sbin/xtables-$flavour-multi" "$1/usr/lib/iptables/$flavour/$name"
        done
    done
}

node_root() {
    local root=$OUT/root file
    cp -a "$debian" "$root"
    (
        cd "$root"
        # What nothing in a node runs or reads.
        rm -rf usr/share/{doc,man,info,locale,perl,perl5,bash-completion,lintian,bug,debconf,zsh,i18n,menu,doc-base,common-licenses,apport,initramfs-tools} \
            usr/bin/{perl*,dpkg*,containerd-shim,containerd-shim-runc-v1,containerd-stress,localedef,gdbm*,systemd-analyze} usr/sbin/ldconfig.real \
            usr/lib/*-linux-gnu/{perl*,libperl*} usr/lib/{apt,dpkg,udev,modprobe.d,sysctl.d,tmpfiles.d,sysusers.d,environment.d,kernel,locale/C.utf8/LC_MESSAGES} \
            etc/{apt,dpkg,cron*,logrotate.d,perl,init.d,rc*.d,hostname,fstab,resolv.conf,modules-load.d,binfmt.d,kernel,network,udev} \
            var/* boot home media mnt srv usr/games usr/include usr/src usr/local
        find usr/lib/cni -type f ! -name host-local ! -name loopback ! -name portmap ! -name ptp -delete
        mkdir -p opt/cni && ln -s /usr/lib/cni opt/cni/bin
        mkdir -p var/{lib/containerd,lib/kubelet,log,tmp,cache} home mnt usr/local/bin
        ln -s /run var/run
        chmod 1777 var/tmp

        # No unit starts but those below: a node has no hardware, users or clock of its own.
        find usr/lib/systemd/system etc/systemd -path '*.wants/*' -type l \
            ! -name 'systemd-journald*.socket' ! -name systemd-journald.service -delete
        rm -rf usr/lib/systemd/system-generators usr/lib/systemd/user* usr/lib/systemd/catalog

        cp usr/share/base-passwd/passwd.master etc/passwd
        cp usr/share/base-passwd/group.master etc/group
        printf 'systemd-journal:x:101:\n' >>etc/group
        rm -rf usr/share/base-passwd
        ln -sf dash usr/bin/sh
        ln -sf ../lib/systemd/systemd usr/sbin/init
        iptables_alternatives "$root"

        mkdir -p etc/kubernetes/manifests etc/cni/net.d kind/manifests
        cp -R "$RECIPES/node/root/." .
        chmod 755 usr/local/sbin/* kind/bin/*
        mkdir -p etc/systemd/system/multi-user.target.wants
        for file in containerd kubelet; do
            ln -s "/etc/systemd/system/$file.service" etc/systemd/system/multi-user.target.wants/
        done
        ln -sf /usr/lib/systemd/system/multi-user.target etc/systemd/system/default.target
        printf 'v%s' "$KUBERNETES" >kind/version
        : >etc/machine-id

        install -m 755 "$tools/kubeadm" usr/local/bin/kubeadm
        install -m 755 "$commands/crictl" usr/local/bin/crictl
        install -m 755 "$commands/pod-network" kind/bin/pod-network
        ln -s kubeadm usr/local/bin/kubectl
    )
    chroot "$root" /sbin/ldconfig
    # Without the limits that containerd would ask for: a machine without
    # CAP_SYS_RESOURCE cannot raise any, and containers inherit the node's.
    chroot "$root" ctr oci spec | awk '/"rlimits": \[/ { skip = 1 } !skip; skip && /\]/ { skip = 0 }' >"$root/etc/containerd/base-spec.json"
    sed -i "s|@PAUSE@|$KUBERNETES_REGISTRY/pause:$PAUSE_TAG|" "$root/etc/containerd/config.toml"
    unshare --mount --propagation private bash -euo pipefail "$RECIPES/node/preload" "$root" "$images/images.tar"
    # The kubelet is the same file as in the images, so it is stored and cached once.
    ln -s "$(cd "$root" && printf '/%s' kind/store/snapshots/*/usr/local/bin/kubelet)" "$root/usr/local/bin/kubelet"
}

node_archive() {
    local layout=$OUT/layout layer
    oci_start "$layout"
    layer=$(oci_layer "$layout" "$root/root")
    oci_image "$layout" "localhost/envctl/node:${HASH:0:12}" \
        '{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","container=docker"],"Entrypoint":["/usr/local/sbin/node-entrypoint","/sbin/init"],"StopSignal":"SIGRTMIN+3"}' \
        "$layer"
    oci_result "$layout" "$OUT" "$(
        printf '"kubernetes":"v%s","etcd":"v%s","coredns":"v%s",' "$KUBERNETES" "$ETCD" "$COREDNS"
        printf '"containerd":"%s","runc":"%s"' "$(chroot "$root/root" containerd --version | awk '{print $3}')" \
            "$(chroot "$root/root" runc --version | awk 'NR == 1 {print $3}')"
    )"
}
