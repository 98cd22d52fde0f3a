# A container registry (distribution), with the contract of the official image.

TOTAL=3

recipe() {
    begin debian 1 "Unpack the registry's Debian packages" 6 registry_debian "$REGISTRY_SUITE" "$(content lib/debian.sh)"
    await debian
    begin root 2 "Put the registry's root together" 1 registry_root "${debian##*/}" "$(content lib/service.sh lib/debian.sh registry/entrypoint.sh registry/config.yml)"
    await root
    begin archive 3 "Write the image archive" 1 registry_archive "${root##*/}" "$HASH"
    await archive
}

registry_debian() {
    debian_extract "$REGISTRY_SUITE" "$OUT" base-files bash busybox-static coreutils findutils libc-bin docker-registry
    chroot "$OUT" /sbin/ldconfig
}

registry_root() {
    local root=$OUT/root
    mkdir "$root"
    service_base "$root"
    keep "$debian" "$root" /usr/bin/docker-registry /etc/ld.so.cache /etc/ld.so.conf
    busybox "$debian" "$root"
    ln -s docker-registry "$root/usr/bin/registry"
    install -m 755 "$RECIPES/registry/entrypoint.sh" "$root/entrypoint.sh"
    install -D -m 644 "$RECIPES/registry/config.yml" "$root/etc/docker/registry/config.yml"
    # Version 3 looks here.
    install -D -m 644 "$RECIPES/registry/config.yml" "$root/etc/distribution/config.yml"
    mkdir -p "$root/var/lib/registry"
}

registry_archive() {
    local version
    version=$(chroot "$root/root" registry --version | awk '{ print $NF }')
    service_archive "$root/root" "$(tr -d '\n' <<JSON
{"ExposedPorts":{"5000/tcp":{}},"Volumes":{"/var/lib/registry":{}},
"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","OTEL_TRACES_EXPORTER=none"],
"Entrypoint":["/entrypoint.sh"],"Cmd":["/etc/distribution/config.yml"]}
JSON
    )" "\"registry\":\"$version\""
}
