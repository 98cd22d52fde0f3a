#!/bin/sh
# Starts Redis as the official image does.
set -e

# Options or a configuration file alone mean the server.
case ${1:-} in
    -* | *.conf) set -- redis-server "$@" ;;
esac

if [ "${1:-}" = redis-server ]; then
    if [ "$(id -u)" = 0 ]; then
        find . \! -user redis -exec chown redis '{}' +
        # By its path: busybox' shell would take its own, smaller setpriv.
        exec /usr/bin/setpriv --reuid redis --regid redis --clear-groups "$0" "$@"
    fi
    # The official image's server is built without protected mode: a container's
    # own network is its protection. A configuration file speaks for itself.
    case ${2:-} in
        '' | -*) shift && set -- redis-server --protected-mode no "$@" ;;
    esac
    # Data is the server's own.
    if [ "$(umask)" = 0022 ]; then umask 0077; fi
fi

exec "$@"
