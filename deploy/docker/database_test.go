package docker

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"bookstore/deploy/internal/mariadb"
	"bookstore/deploy/internal/needs"

	_ "github.com/go-sql-driver/mysql"
)

// startDatabase starts a server as the container does for the first time: with
// a password for root, and then the script that makes the databases.
func startDatabase(t *testing.T, port int) *mariadb.Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "db") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	server, err := mariadb.Start(t.Context(), mariadb.Options{Dir: dir, Port: port, Fast: true, Password: "root-secret"})
	needs.MariaDB(t, err)
	t.Cleanup(func() { server.Kill() })
	secrets := t.TempDir()
	for _, name := range []string{"root", "auth", "catalog", "shop"} {
		if err := os.WriteFile(filepath.Join(secrets, name+"_password"), []byte(name+"-secret"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	script := exec.CommandContext(t.Context(), "./database/10-databases.sh")
	script.Env = append(os.Environ(), "SECRETS="+secrets, "SOCKET="+filepath.Join(dir, "data", "mariadb.sock"))
	if out, err := script.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return server
}

// ask returns the answer of one row and column.
func ask(ctx context.Context, login, address, database, question string) (string, error) {
	db, err := sql.Open("mysql", fmt.Sprintf("%s@tcp(%s)/%s", login, address, database))
	if err != nil {
		return "", err
	}
	defer db.Close()
	var answer string
	err = db.QueryRowContext(ctx, question).Scan(&answer)
	return answer, err
}

func TestEachBackendHasADatabaseForItself(t *testing.T) {
	t.Parallel()
	server := startDatabase(t, 0)
	address := hostOf(t, server)
	for _, name := range []string{"auth", "catalog", "shop"} {
		login := name + ":" + name + "-secret"
		if collation, err := ask(t.Context(), login, address, name, "SELECT @@collation_database"); err != nil || collation != "utf8mb4_bin" {
			t.Errorf("%s: got %q, %v", name, collation, err)
		}
		for _, other := range []string{"auth", "catalog", "shop", "mysql"} {
			if _, err := ask(t.Context(), login, address, other, "SELECT 1"); other != name && err == nil {
				t.Errorf("%s can use the database %s", name, other)
			}
		}
	}
	if grants, err := ask(t.Context(), "balancer", address, "", "SELECT COUNT(*) FROM information_schema.user_privileges WHERE privilege_type <> 'USAGE'"); err != nil || grants != "0" {
		t.Errorf("the health check's user has %s privileges, %v", grants, err)
	}
}

func TestReadsGoToAReplicaAndOtherwiseToThePrimary(t *testing.T) {
	t.Parallel()
	b := startBalancer(t)
	primary, replica := startDatabase(t, b.server), startDatabase(t, 0)
	serving := func() string {
		port, err := ask(t.Context(), "shop:shop-secret", fmt.Sprintf("127.0.0.1:%d", b.ports[":3306"]), "shop", "SELECT @@port")
		if err != nil {
			return err.Error()
		}
		return port
	}
	portOf := func(server *mariadb.Server) string {
		_, port, err := net.SplitHostPort(hostOf(t, server))
		if err != nil {
			t.Fatal(err)
		}
		return port
	}
	b.names.set("db-writer", "127.0.0.1")
	eventually(t, "the primary serves reads", func() bool { return serving() == portOf(primary) })

	forward(t, fmt.Sprintf("127.0.3.1:%d", b.server), hostOf(t, replica))
	b.names.set("replica-1", "127.0.3.1")
	eventually(t, "the replica serves reads", func() bool { return serving() == portOf(replica) })

	if err := replica.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the primary serves reads again", func() bool { return serving() == portOf(primary) })
}

func hostOf(t *testing.T, server *mariadb.Server) string {
	t.Helper()
	u, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// forward lets a second address lead to a server, as each container has an
// address of its own and all have the same port.
func forward(t *testing.T, from, to string) {
	t.Helper()
	listener, err := net.Listen("tcp", from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return // closed
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				client.Close()
				continue
			}
			for _, pair := range [][2]net.Conn{{client, server}, {server, client}} {
				go func() {
					io.Copy(pair[0], pair[1])
					pair[0].Close()
				}()
			}
		}
	}()
}
