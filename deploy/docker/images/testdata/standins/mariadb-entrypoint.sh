#!/bin/bash
# Does of the official image's entry point what docker-compose.yml asks of it:
# the first start makes the system tables, the users and what the scripts in
# /docker-entrypoint-initdb.d add, on a server that only this container reaches.
set -euo pipefail

data=/var/lib/mysql

as_root() { mariadb --protocol=socket --user=root "$@"; }

health_users() {
    local password host
    password=$(head -c 24 /dev/urandom | base64)
    for host in 127.0.0.1 ::1 localhost; do
        echo "CREATE USER healthcheck@'$host' IDENTIFIED BY '$password';"
        echo "GRANT ${MARIADB_HEALTHCHECK_GRANTS:-USAGE} ON *.* TO healthcheck@'$host';"
    done
    (umask 077; printf '[client]\nprotocol=tcp\nuser=healthcheck\npassword=%s\n' "$password" >"$data/.my-healthcheck.cnf")
}

replication() {
    local password
    password=$(<"$MARIADB_REPLICATION_PASSWORD_FILE")
    if [[ -n ${MARIADB_MASTER_HOST:-} ]]; then
        cat <<SQL
CHANGE MASTER TO MASTER_HOST='$MARIADB_MASTER_HOST', MASTER_USER='$MARIADB_REPLICATION_USER',
    MASTER_PASSWORD='$password', MASTER_CONNECT_RETRY=10;
START REPLICA;
SQL
    else
        cat <<SQL
CREATE USER '$MARIADB_REPLICATION_USER'@'%' IDENTIFIED BY '$password';
GRANT REPLICATION REPLICA ON *.* TO '$MARIADB_REPLICATION_USER'@'%';
SQL
    fi
}

first_start() {
    [[ $MARIADB_ROOT_HOST == localhost ]] # there is no root from elsewhere
    mariadb-install-db --datadir="$data" --rpm --auth-root-authentication-method=normal \
        --skip-test-db --skip-log-bin "${@:2}"
    "$@" --skip-networking &
    local server=$! script
    until as_root --execute='SELECT 1' &>/dev/null; do
        kill -0 "$server"
        sleep 0.2
    done
    as_root <<SQL
SET SESSION sql_log_bin = 0;
SET PASSWORD FOR root@localhost = PASSWORD('$(<"$MARIADB_ROOT_PASSWORD_FILE")');
$(health_users)
SET SESSION sql_log_bin = 1;
$(replication)
SQL
    for script in /docker-entrypoint-initdb.d/*.sh; do
        if [[ -x $script ]]; then "$script"; fi
    done
    kill "$server"
    wait "$server"
}

if [[ ${1:0:1} == - ]]; then set -- mariadbd "$@"; fi
if [[ ! -d $data/mysql ]]; then first_start "$@"; fi
exec "$@"
