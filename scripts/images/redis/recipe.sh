# Redis, with the contract of the official alpine image.

TOTAL=3

recipe() {
    begin debian 1 "Unpack Redis' Debian packages" 6 redis_debian "$SERVICE_SUITE" "$(content lib/debian.sh)"
    await debian
    begin root 2 "Put Redis' root together" 1 redis_root "${debian##*/}" "$(content lib/service.sh lib/debian.sh redis/docker-entrypoint.sh)"
    await root
    begin archive 3 "Write the image archive" 1 redis_archive "${root##*/}" "$HASH"
    await archive
}

redis_debian() {
    debian_extract "$SERVICE_SUITE" "$OUT" base-files bash busybox-static coreutils findutils libc-bin util-linux redis-server redis-tools
    chroot "$OUT" /sbin/ldconfig
}

redis_root() {
    local root=$OUT/root
    mkdir "$root"
    service_base "$root"
    keep "$debian" "$root" /usr/bin/redis-{server,cli,benchmark,check-aof,check-rdb} /usr/bin/setpriv /etc/ld.so.cache /etc/ld.so.conf
    # One program; its name chooses what it does.
    ln -sf redis-check-rdb "$root/usr/bin/redis-check-aof"
    busybox "$debian" "$root"
    service_user "$root" redis 999 1000 /data
    install -m 755 "$RECIPES/redis/docker-entrypoint.sh" "$root/usr/local/bin/"
    install -d -o 999 -g 1000 "$root/data"
}

redis_archive() {
    local version
    version=$(chroot "$root/root" redis-server --version | sed 's/.* v=\([^ ]*\).*/\1/')
    [[ $version == "$REDIS_MAJOR".* ]] || fail "Debian's Redis is $version, not $REDIS_MAJOR" "change REDIS_MAJOR in versions"
    service_archive "$root/root" "$(tr -d '\n' <<JSON
{"User":"999","ExposedPorts":{"6379/tcp":{}},"Volumes":{"/data":{}},"WorkingDir":"/data",
"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
"Entrypoint":["docker-entrypoint.sh"],"Cmd":["redis-server"]}
JSON
    )" "\"redis\":\"$version\""
}
