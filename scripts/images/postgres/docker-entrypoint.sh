#!/bin/bash
# Starts Postgres as the official image does: the same variables, the same
# folder of first-start scripts, the same meaning of the arguments.
set -Eeo pipefail

# from_file NAME [DEFAULT]: NAME's value, or the content of the file NAME_FILE.
from_file() {
    local file=$1_FILE
    if [[ -n ${!1:-} && -n ${!file:-} ]]; then
        printf >&2 'error: %s and %s are both set\n' "$1" "$file"
        exit 1
    fi
    local value=${2:-}
    if [[ -n ${!1:-} ]]; then value=${!1}; elif [[ -n ${!file:-} ]]; then value=$(<"${!file}"); fi
    export "$1=$value"
    unset "$file"
}

only_help() {
    local argument
    for argument in "$@"; do
        case $argument in '-?' | --help | --describe-config | -V | --version) return 0 ;; esac
    done
    return 1
}

make_folders() {
    mkdir -p "$PGDATA"
    chmod 00700 "$PGDATA" || :
    mkdir -p /var/run/postgresql || :
    chmod 03775 /var/run/postgresql || :
    if [[ -n ${POSTGRES_INITDB_WALDIR:-} ]]; then
        mkdir -p "$POSTGRES_INITDB_WALDIR"
        chmod 700 "$POSTGRES_INITDB_WALDIR"
    fi
    if [[ $(id -u) == 0 ]]; then
        find "$PGDATA" ${POSTGRES_INITDB_WALDIR:+"$POSTGRES_INITDB_WALDIR"} /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
    fi
}

check_settings() {
    if [[ -z $POSTGRES_PASSWORD && $POSTGRES_HOST_AUTH_METHOD != trust ]]; then
        printf >&2 '%s\n' 'Error: Database is uninitialized and superuser password is not specified.' \
            '       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser,' \
            '       or POSTGRES_HOST_AUTH_METHOD=trust to allow all connections without a password.'
        exit 1
    fi
    # A script that cannot be read would otherwise fail after the long part.
    ls /docker-entrypoint-initdb.d/ >/dev/null
}

create_data() {
    eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"${POSTGRES_INITDB_WALDIR:+--waldir=\"\$POSTGRES_INITDB_WALDIR\"}"' '"${POSTGRES_INITDB_ARGS:-}"' "$@"'
    local method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption)}
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

# docker_process_sql [OPTION...]: psql, for the scripts of the first start too.
docker_process_sql() {
    local command=(psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc)
    if [[ -n ${POSTGRES_DB:-} ]]; then command+=(--dbname "$POSTGRES_DB"); fi
    PGHOST= PGHOSTADDR= "${command[@]}" "$@"
}

create_database() {
    if [[ $POSTGRES_DB != postgres ]]; then
        if [[ -z $(POSTGRES_DB= docker_process_sql --dbname postgres --set db="$POSTGRES_DB" --tuples-only \
            <<<"SELECT 1 FROM pg_database WHERE datname = :'db';") ]]; then
            POSTGRES_DB= docker_process_sql --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
        fi
    fi
}

run_first_start_scripts() {
    local file
    for file in "$@"; do
        printf '%s: running %s\n' "$0" "$file"
        case $file in
            *.sh) if [[ -x $file ]]; then "$file"; else . "$file"; fi ;;
            *.sql) docker_process_sql -f "$file" ;;
            *.sql.gz) gunzip -c "$file" | docker_process_sql ;;
            *.sql.xz) xzcat "$file" | docker_process_sql ;;
            *) printf '%s: ignoring %s\n' "$0" "$file" ;;
        esac
    done
}

first_start() {
    export PGPASSWORD="${PGPASSWORD:-$POSTGRES_PASSWORD}"
    # Not reachable from outside until it is whole.
    shift
    PGUSER="${PGUSER:-$POSTGRES_USER}" NOTIFY_SOCKET= pg_ctl -D "$PGDATA" -w start \
        -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")"
    create_database
    run_first_start_scripts /docker-entrypoint-initdb.d/*
    PGUSER="${PGUSER:-postgres}" pg_ctl -D "$PGDATA" -m fast -w stop
    unset PGPASSWORD
    printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

main() {
    if [[ ${1:0:1} == - ]]; then set -- postgres "$@"; fi
    if [[ ${1:-} == postgres ]] && ! only_help "$@"; then
        from_file POSTGRES_PASSWORD
        from_file POSTGRES_USER postgres
        from_file POSTGRES_DB "$POSTGRES_USER"
        from_file POSTGRES_INITDB_ARGS
        : "${POSTGRES_HOST_AUTH_METHOD:=}"
        make_folders
        if [[ $(id -u) == 0 ]]; then
            exec /usr/bin/setpriv --reuid postgres --regid postgres --init-groups "$BASH_SOURCE" "$@"
        fi
        if [[ -s $PGDATA/PG_VERSION ]]; then
            printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
        else
            check_settings
            shopt -s nullglob
            create_data
            first_start "$@"
        fi
    fi
    exec "$@"
}

# Scripts may source this file for its functions, as with the official one.
if [[ ${FUNCNAME[0]:-} != source ]]; then main "$@"; fi
