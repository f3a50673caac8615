#!/bin/sh
# Runs a command with a container engine of its own, in private namespaces: network, mounts, processes, cgroups.
#
# Takes   folders with the engine's programs, as in PATH; a folder to work in, with a short name, since the name of a
#         socket has 108 characters at most; the command.
# Gives   the command's status, with DOCKER_HOST set for it. When it ends, everything that it started ends with it.
# Raises  status 125 when no engine can be had here.
set -eu

if [ "${IN_NAMESPACE:-}" != yes ]; then
    IN_NAMESPACE=yes exec unshare --net --mount --pid --cgroup --fork --mount-proc --kill-child sh "$0" "$@"
fi

programs=$1
work=$2
shift 2
export PATH="$programs:$PATH" DOCKER_HOST="unix://$work/docker.sock" DOCKER_CONFIG="$work/config"
group=/raygate-$(basename "$work")
ip link set lo up
mount -t tmpfs none /run
mkdir -p "$work/data" "$work/exec" "$DOCKER_CONFIG"
mount -t tmpfs none "$work/data" # an engine has every file of a layer synced: on a disk that takes longer than all else
dockerd --host "$DOCKER_HOST" --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/docker.pid" \
    --iptables=false --ip6tables=false --ip-masq=false --cgroup-parent "$group" >"$work/dockerd.log" 2>&1 &
engine=$!
end() {
    kill "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
    find /sys/fs/cgroup -depth -path "*$group*" -type d -exec rmdir {} + 2>/dev/null || true
}
trap end EXIT
for _ in $(seq 100); do
    docker version >/dev/null 2>&1 && break
    kill -0 "$engine" 2>/dev/null || break
    sleep 0.2
done
docker version >/dev/null 2>&1 || { tail -5 "$work/dockerd.log" >&2; exit 125; }
"$@"
