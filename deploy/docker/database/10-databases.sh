#!/bin/sh
# Makes a database and a user for each backend, when the primary starts for the
# first time. The secrets are base64url, so they need no quoting in SQL.
set -eu

secrets=${SECRETS:-/run/secrets}
secret() { cat "$secrets/$1"; }

{
    for name in auth catalog shop; do
        cat <<SQL
CREATE DATABASE $name CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER '$name'@'%' IDENTIFIED BY '$(secret "${name}_password")';
GRANT ALL PRIVILEGES ON $name.* TO '$name'@'%';
SQL
    done
    # Whom the load balancer's health check logs in as: it may do nothing else.
    echo "CREATE USER 'balancer'@'%';"
} | MYSQL_PWD="$(secret root_password)" mariadb --socket="${SOCKET:-/run/mysqld/mysqld.sock}" --user=root
