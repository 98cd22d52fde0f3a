# OCI archives, written directly: uncompressed layers, exact digests, no engine.

# put LAYOUT FILE: moves FILE into the layout's blobs; prints "digest size".
put() {
    local digest
    digest=$(hash_of <"$2")
    printf 'sha256:%s %s\n' "$digest" "$(stat -c %s "$2")"
    mv "$2" "$1/blobs/sha256/$digest"
}

# oci_start LAYOUT
oci_start() {
    mkdir -p "$1/blobs/sha256"
    printf '{"imageLayoutVersion":"1.0.0"}' >"$1/oci-layout"
}

# oci_layer LAYOUT FOLDER: FOLDER's content as one layer; prints "digest size".
# The same content always makes the same bytes.
oci_layer() {
    tar -C "$2" -c --format=gnu --sort=name --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -f "$1/layer" .
    put "$1" "$1/layer"
}

# oci_image LAYOUT REFERENCE CONFIG "DIGEST SIZE"...: writes the image of these
# layers; CONFIG is the JSON object of the run configuration. Sets DIGEST, of the
# manifest, and CONFIG_DIGEST. Several images may share one layout.
oci_image() {
    local layout=$1 reference=$2 config=$3 layer diffs='' layers='' files='' size
    shift 3
    for layer in "$@"; do
        diffs+="${diffs:+,}\"${layer% *}\""
        layers+="${layers:+,}{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"${layer% *}\",\"size\":${layer#* }}"
        files+="${files:+,}\"blobs/sha256/$(cut -c 8-71 <<<"$layer")\""
    done
    printf '{"architecture":"%s","os":"linux","created":"%s","config":%s,"rootfs":{"type":"layers","diff_ids":[%s]}}' \
        "$ARCH" "$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)" "$config" "$diffs" >"$layout/config"
    read -r CONFIG_DIGEST size <<<"$(put "$layout" "$layout/config")"
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%s},"layers":[%s]}' \
        "$CONFIG_DIGEST" "$size" "$layers" >"$layout/manifest"
    read -r DIGEST size <<<"$(put "$layout" "$layout/manifest")"
    # Podman takes the first annotation for the name, containerd the second.
    printf '{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":%s,"annotations":{"org.opencontainers.image.ref.name":"%s","io.containerd.image.name":"%s"},"platform":{"architecture":"%s","os":"linux"}}\n' \
        "$DIGEST" "$size" "$reference" "$reference" "$ARCH" >>"$layout/manifests"
    # Docker before 25 loads only archives that have this; the others ignore it.
    printf '{"Config":"blobs/sha256/%s","RepoTags":["%s"],"Layers":[%s]}\n' \
        "${CONFIG_DIGEST#sha256:}" "$reference" "$files" >>"$layout/docker"
}

# oci_archive LAYOUT FILE
oci_archive() {
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}' \
        "$(paste -sd , "$1/manifests")" >"$1/index.json"
    printf '[%s]' "$(paste -sd , "$1/docker")" >"$1/manifest.json"
    tar -C "$1" -c --format=gnu --sort=name --numeric-owner --owner=0 --group=0 \
        --mtime="@$SOURCE_DATE_EPOCH" -f "$2" blobs index.json manifest.json oci-layout
}

# oci_result LAYOUT FOLDER VERSIONS: image.tar and image.json of the one image in
# LAYOUT, in FOLDER; VERSIONS are the members of a JSON object. Ends the layout.
oci_result() {
    oci_archive "$1" "$2/image.tar"
    printf '{\n  "name": "%s",\n  "repository": "localhost/envctl/%s",\n  "tag": "%s",\n  "digest": "%s",\n  "configDigest": "%s",\n  "recipe": "%s",\n  "platform": "linux/%s",\n  "size": %s,\n  "versions": {%s}\n}\n' \
        "$NAME" "$NAME" "${HASH:0:12}" "$DIGEST" "$CONFIG_DIGEST" "$HASH" "$ARCH" \
        "$(stat -c %s "$2/image.tar")" "$3" >"$2/image.json"
    rm -rf "$1"
}
