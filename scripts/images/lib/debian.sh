# Root file systems from Debian packages.

# debian_sources SUITE: apt lines for SUITE, on the mirrors this machine uses.
debian_sources() {
    local lines
    lines=$(apt-get indextargets --format '$(CREATED_BY)|$(ORIGIN)|$(COMPONENT)|$(REPO_URI)|$(RELEASE)' |
        awk -F '|' -v suite="$1" '
            $1 == "Packages" && $2 == "Debian" && $3 == "main" {
                release = $5
                if (!sub(/^[a-z]+/, suite, release)) next
                if (release !~ /^[a-z]+(-security|-updates)?$/) next
                line = "deb " $4 " " release " main"
                if (!seen[line]++) print line
            }')
    [[ -n $lines ]] || fail "this machine's apt names no Debian mirror" "run apt-get update on a Debian machine first"
    printf '%s\n' "$lines"
}

# debian_extract SUITE FOLDER PACKAGE...: unpacks the packages and all they
# depend on into FOLDER. Nothing is configured, no maintainer script runs.
debian_extract() {
    local suite=$1 folder=$2 packages
    shift 2
    packages=$(IFS=,; printf '%s' "$*")
    # Proxies and certificates of this machine's apt count here too.
    apt-config dump | grep -E '^Acquire::(Retries|ForceIPv|https?::)' >"$folder.apt.conf" || :
    mkdir "$folder.tmp"
    # Its own mount namespace: a killed run leaves nothing mounted.
    debian_sources "$suite" | TMPDIR=$folder.tmp unshare --mount --propagation private \
        mmdebstrap --mode=root --variant=extract --format=directory \
        --architectures="$ARCH" --aptopt="$folder.apt.conf" \
        --aptopt='Apt::Install-Recommends "false"' \
        --setup-hook='for f in bin sbin lib lib64; do mkdir -p "$1/usr/$f"; ln -s "usr/$f" "$1/$f"; done' \
        --include="$packages" "$suite" "$folder" -
    rm -rf "$folder.apt.conf" "$folder.tmp"
}

# keep ROOT FOLDER PATH...: copies files and folders of ROOT to FOLDER, with the
# shared libraries that the programs among them need and what links point to.
keep() {
    local root=$1 folder=$2 list=$2.keep path round
    shift 2
    for path in "$@"; do
        [[ -e $root$path || -L $root$path ]] || fail "no $path in the unpacked packages"
        find "$root$path" \( -type f -o -type l \) -printf "$path/%P\n"
    done | sed 's|/$||' >"$list"
    # ldd names the libraries of the libraries too; what is no program it refuses.
    grep -E '/s?bin/|\.so|/lib/[^.]*$' "$list" | chroot "$root" /usr/bin/xargs /usr/bin/ldd 2>/dev/null |
        grep -oE '/[^ :]+ \(0x' | cut -d ' ' -f 1 >>"$list" || :
    for round in 1 2 3; do
        sed -i -E 's#^/(s?bin|lib|lib64)/#/usr/\1/#' "$list"
        sort -u -o "$list" "$list"
        while read -r path; do
            if [[ -L $root$path ]]; then
                target=$(readlink "$root$path")
                if [[ $target != /* ]]; then target=${path%/*}/$target; fi
                realpath -s -m "$target"
            fi
        done <"$list" >"$list.$round"
        cat "$list.$round" >>"$list"
        rm "$list.$round"
    done
    while read -r path; do
        if [[ -f $root$path || -L $root$path ]]; then printf '.%s\n' "$path"; fi
    done <"$list" | sort -u | tar -C "$root" -c --no-recursion -T - | tar -C "$folder" -x
    rm -f "$list"
}


# busybox ROOT FOLDER: the small POSIX tools, as in the official alpine images.
busybox() {
    local applet
    mkdir -p "$2/usr/bin"
    install -m 755 "$1/usr/bin/busybox" "$2/usr/bin/busybox"
    for applet in $("$1/usr/bin/busybox" --list); do
        if [[ $applet != busybox && ! -e $2/usr/bin/$applet && ! -e $2/usr/sbin/$applet ]]; then
            ln -s busybox "$2/usr/bin/$applet"
        fi
    done
}
