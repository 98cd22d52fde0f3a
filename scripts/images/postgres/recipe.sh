# Postgres, with the contract of the official alpine image.

TOTAL=3

recipe() {
    begin debian 1 "Unpack Postgres' Debian packages" 12 postgres_debian "$SERVICE_SUITE" "$POSTGRES_MAJOR" "$(content lib/debian.sh)"
    await debian
    begin root 2 "Put Postgres' root together" 4 postgres_root "${debian##*/}" "$(content lib/service.sh lib/debian.sh postgres/docker-entrypoint.sh)"
    await root
    begin archive 3 "Write the image archive" 1 postgres_archive "${root##*/}" "$HASH"
    await archive
}

postgres_debian() {
    debian_extract "$SERVICE_SUITE" "$OUT" base-files bash busybox-static coreutils findutils gzip libc-bin locales tzdata \
        util-linux "postgresql-$POSTGRES_MAJOR"
    # Compiling queries needs LLVM, 120 MB; the server does without it by itself.
    rm -rf "$OUT/usr/lib/postgresql/$POSTGRES_MAJOR/lib"/{bitcode,pgxs,llvmjit*}
    chroot "$OUT" /sbin/ldconfig
    # The official image's language.
    mkdir -p "$OUT/usr/lib/locale"
    chroot "$OUT" localedef --no-archive -i en_US -f UTF-8 en_US.UTF-8
}

postgres_root() {
    local root=$OUT/root major=$POSTGRES_MAJOR
    mkdir "$root"
    service_base "$root"
    keep "$debian" "$root" "/usr/lib/postgresql/$major" "/usr/share/postgresql/$major" \
        /usr/share/zoneinfo /usr/lib/locale/{C,en_US}.utf8 /usr/bin/bash /usr/bin/setpriv /etc/ld.so.cache /etc/ld.so.conf \
        /usr/bin/locale
    busybox "$debian" "$root"
    (
        cd "$root"
        rm -rf usr/share/zoneinfo/{right,posix} "usr/share/postgresql/$major/man"
        for program in "usr/lib/postgresql/$major/bin"/*; do ln -s "/$program" usr/local/bin/; done
        service_user . postgres 70 70 /var/lib/postgresql
        install -m 755 "$RECIPES/postgres/docker-entrypoint.sh" usr/local/bin/
        install -d -m 755 docker-entrypoint-initdb.d
        install -d -o 70 -g 70 -m 1777 var/lib/postgresql var/lib/postgresql/data
        install -d -o 70 -g 70 -m 3777 run/postgresql
        # The file may be a link into /etc in Debian's packages.
        sample=usr/share/postgresql/$major/postgresql.conf.sample
        sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" "$sample"
        grep -q "^listen_addresses = '\*'" "$sample"
    )
}

postgres_archive() {
    local version
    version=$(chroot "$root/root" "/usr/lib/postgresql/$POSTGRES_MAJOR/bin/postgres" --version | awk '{ print $3 }')
    service_archive "$root/root" "$(tr -d '\n' <<JSON
{"User":"70","ExposedPorts":{"5432/tcp":{}},"Volumes":{"/var/lib/postgresql/data":{}},
"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","LANG=en_US.utf8","PG_MAJOR=$POSTGRES_MAJOR","PG_VERSION=$version","PGDATA=/var/lib/postgresql/data"],
"Entrypoint":["docker-entrypoint.sh"],"Cmd":["postgres"],"StopSignal":"SIGINT"}
JSON
    )" "\"postgres\":\"$version\""
}
