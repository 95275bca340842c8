#!/bin/bash
# Checks of the official image's health checks those that docker-compose.yml asks for.
set -euo pipefail

ask() { mariadb --defaults-file=/var/lib/mysql/.my-healthcheck.cnf --batch "$@"; }

# runs THREAD: whether SHOW REPLICA STATUS says so.
runs() { [[ $(ask --execute='SHOW REPLICA STATUS\G') == *" $1: Yes"* ]]; }

for check; do
    case $check in
        --connect) ask --execute='SELECT 1' >/dev/null ;;
        --innodb_initialized) [[ $(ask --execute='SHOW ENGINES') == *InnoDB$'\t'DEFAULT* ]] ;;
        --replication_io) runs Slave_IO_Running ;;
        --replication_sql) runs Slave_SQL_Running ;;
        --replication) ;; # its parts are asked for by themselves
        *) echo "no such check: $check" >&2; exit 1 ;;
    esac
done
