# What the service images have in common.

# service_base FOLDER: the folders and files every image needs.
service_base() {
    local folder
    for folder in bin sbin lib lib64; do
        mkdir -p "$1/usr/$folder"
        ln -s "usr/$folder" "$1/$folder"
    done
    mkdir -p "$1"/{dev,etc,home,proc,root,run,sys,tmp,usr/local/bin,var/lib,var/tmp}
    chmod 700 "$1/root"
    chmod 1777 "$1/tmp" "$1/var/tmp"
    ln -s /run "$1/var/run"
    printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' >"$1/etc/passwd"
    printf 'root:x:0:\nnogroup:x:65534:\n' >"$1/etc/group"
    printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$1/etc/nsswitch.conf"
}

# service_user FOLDER NAME UID GID HOME
service_user() {
    printf '%s:x:%s:%s::%s:/bin/sh\n' "$2" "$3" "$4" "$5" >>"$1/etc/passwd"
    printf '%s:x:%s:\n' "$2" "$4" >>"$1/etc/group"
}

# service_archive FOLDER CONFIG VERSIONS: the archive of FOLDER as one layer.
service_archive() {
    local layout=$OUT/layout layer
    oci_start "$layout"
    layer=$(oci_layer "$layout" "$1")
    oci_image "$layout" "localhost/envctl/$NAME:${HASH:0:12}" "$2" "$layer"
    oci_result "$layout" "$OUT" "$3"
}
