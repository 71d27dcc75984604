# Makes OCI images out of directories. The same trees give the same digests: files are sorted, and have no times and
# no owners.
# shellcheck shell=bash

image_requirements=(skopeo=skopeo jq=jq curl=curl)

# Ends at once when asked to; a shell that waits for a foreground command would not.
idle='trap "exit 0" TERM INT; while true; do sleep 1000000 & wait; done'

# make_image LAYOUT TAG ENTRYPOINT-JSON DIRECTORY...: adds an image with a layer for each directory.
make_image() {
  local layout="$1" tag="$2" entrypoint="$3" directory layers=() unpacked=() config manifest
  shift 3
  mkdir -p "$layout/blobs/sha256"
  for directory in "$@"; do
    pack "$directory" > "$layout/layer.tar"
    unpacked+=("sha256:$(digest_of "$layout/layer.tar")")
    gzip --no-name --force "$layout/layer.tar"
    layers+=("$(add_blob "$layout" "$layout/layer.tar.gz" application/vnd.oci.image.layer.v1.tar+gzip)")
  done
  jq --null-input --compact-output --args --arg architecture "$(architecture)" \
    --argjson entrypoint "$entrypoint" '{
      created: "1970-01-01T00:00:00Z", architecture: $architecture, os: "linux",
      config: { Env: ["PATH=/bin"], WorkingDir: "/", Entrypoint: $entrypoint },
      rootfs: { type: "layers", diff_ids: $ARGS.positional } }' "${unpacked[@]}" > "$layout/new"
  config="$(add_blob "$layout" "$layout/new" application/vnd.oci.image.config.v1+json)"
  jq --null-input --compact-output --jsonargs --argjson config "$config" '{
      schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: $config, layers: $ARGS.positional }' "${layers[@]}" > "$layout/new"
  manifest="$(add_blob "$layout" "$layout/new" application/vnd.oci.image.manifest.v1+json)"
  jq --null-input --compact-output --arg tag "$tag" --argjson manifest "$manifest" '{
      schemaVersion: 2,
      manifests: [$manifest + { annotations: { "org.opencontainers.image.ref.name": $tag } }] }' > "$layout/index.json"
  echo '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
}

# As images name it.
architecture() { uname -m | sed 's/^x86_64$/amd64/; s/^aarch64$/arm64/'; }

# Names are relative to the root and without a leading "./", as image builders write them.
pack() {
  (
    cd "$1" || exit
    find . -mindepth 1 -printf '%P\0' | LC_ALL=C sort --zero-terminated |
      tar --create --format=posix --pax-option=delete=atime,delete=ctime --null --no-recursion --verbatim-files-from \
        --files-from=- --mtime=@0 --owner=0 --group=0 --numeric-owner
  )
}

digest_of() { sha256sum "$1" | cut -d ' ' -f 1; }

# Moves a file among the blobs and prints its descriptor.
add_blob() {
  local digest
  digest="$(digest_of "$2")"
  printf '{"mediaType":"%s","digest":"sha256:%s","size":%s}\n' "$3" "$digest" "$(stat --format=%s "$2")"
  mv "$2" "$1/blobs/sha256/$digest"
}

# push_image REPOSITORY:TAG ENTRYPOINT-JSON DIRECTORY...: prints REGISTRY/REPOSITORY@DIGEST.
push_image() {
  local name="$1" target="${SCHEMAGATE_TEST_REGISTRY:-$registry}"
  shift
  (
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
    make_image "$work/layout" pushed "$@"
    skopeo copy --quiet --insecure-policy --dest-tls-verify=false --digestfile "$work/digest" \
      "oci:$work/layout:pushed" "docker://$target/$name" >&2
    printf '%s/%s@%s\n' "$target" "${name%:*}" "$(cat "$work/digest")"
  )
}

busybox_binary() { echo /bin/busybox; }

# busybox_tree DIRECTORY: a root file system of a static busybox and a link for each of its commands.
busybox_tree() {
  local command busybox
  busybox="$(busybox_binary)"
  mkdir -p "$1/bin" "$1/etc" "$1/tmp"
  chmod 1777 "$1/tmp"
  cp "$busybox" "$1/bin/busybox"
  echo "root:x:0:0:root:/:/bin/sh" > "$1/etc/passwd"
  for command in $("$busybox" --list); do
    [ "$command" = busybox ] || ln -s busybox "$1/bin/$command"
  done
}

# Images for the workloads of tests: app:v1, app:v2 and app:v3 print their version and idle.
app_images_up() {
  local version
  for version in v1 v2 v3; do
    if ! answers --header 'Accept: application/vnd.oci.image.manifest.v1+json' \
      "http://${SCHEMAGATE_TEST_REGISTRY:-$registry}/v2/app/manifests/$version"; then
      say "pushing app:$version"
      rm -rf "$state/app"
      busybox_tree "$state/app"
      echo "$version" > "$state/app/version"
      push_image "app:$version" "$(command_json "echo app \$(cat /version); $idle")" "$state/app" > /dev/null
      rm -rf "$state/app"
    fi
  done
}

command_json() { jq --null-input --compact-output --arg script "$1" '["/bin/busybox", "sh", "-c", $script]'; }
