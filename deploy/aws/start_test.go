package aws

import (
	"bytes"
	"context"
	"database/sql"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"bookstore/deploy/internal/mariadb"
	"bookstore/deploy/internal/needs"

	_ "github.com/go-sql-driver/mysql"
)

// Programs of an instance, as far as start needs them. The client of the
// database is the real one, without what a server of the test's lacks: TLS.
const (
	fakeAWS = `#!/bin/bash
case "$*" in
    *get-secret-value*master*) echo '{"username":"root","password":"sesame & more"}' ;;
    *get-secret-value*)
        name=$(sed 's/.*--secret-id [^ ]*\/\([A-Z_]*\).*/\1/' <<<"$*")
        echo "value-of-$name" ;;
    *get-parameters-by-path*) cat "$SETTINGS" ;;
    *) exit 1 ;;
esac
`
	fakeMySQL = `#!/bin/bash
arguments=()
for argument; do
    case $argument in --ssl-*) ;; --host=*) arguments+=(--host=127.0.0.1 --port="$PORT" --protocol=tcp) ;; *) arguments+=("$argument") ;; esac
done
exec mariadb "${arguments[@]}"
`
	fakeDocker    = "#!/bin/bash\necho \"$*\" >>\"$CALLS\"\n"
	fakeSystemctl = "#!/bin/bash\necho \"systemctl $*\" >>\"$CALLS\"\n"
)

// instance is a folder that looks like an instance's file system.
type instance struct {
	root, calls string
	environ     []string
	server      *mariadb.Server
}

func newInstance(t *testing.T, settings string) *instance {
	t.Helper()
	needs.Program(t, "jq", "Debian: apt-get install jq")
	root := t.TempDir()
	server, err := mariadb.Start(t.Context(), mariadb.Options{Dir: filepath.Join(root, "db"), Fast: true, Password: "sesame & more"})
	needs.MariaDB(t, err)
	t.Cleanup(func() { server.Kill() })
	u, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("start")
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{
		"opt/bookstore/start":          string(script),
		"opt/bookstore/docker-compose": "the plugin",
		"opt/bookstore/tls/rds.pem":    "authorities",
		"bin/aws":                      fakeAWS,
		"bin/mysql":                    fakeMySQL,
		"bin/docker":                   fakeDocker,
		"bin/systemctl":                fakeSystemctl,
		"settings.json":                settings,
	} {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	_, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		t.Fatal(err)
	}
	return &instance{
		root:   root,
		calls:  filepath.Join(root, "calls"),
		server: server,
		environ: append(os.Environ(),
			"PATH="+filepath.Join(root, "bin")+":"+os.Getenv("PATH"),
			"ROOT="+root, "CALLS="+filepath.Join(root, "calls"), "SETTINGS="+filepath.Join(root, "settings.json"), "PORT="+port,
			"AWS_REGION=sa-east-1", "STACK=bookstore", "REGISTRY=1.dkr.ecr.sa-east-1.amazonaws.com/bookstore", "RELEASE=v7",
			"LOG_GROUP=/bookstore/programs", "WRITER=writer.example", "READER=reader.example", "MASTER_SECRET=arn:master"),
	}
}

func (i *instance) start(t *testing.T) error {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", filepath.Join(i.root, "opt/bookstore/start"))
	cmd.Env = i.environ
	out, err := cmd.CombinedOutput()
	t.Logf("start said: %s", bytes.TrimSpace(out))
	return err
}

func (i *instance) read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(i.root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const settings = `{"Parameters": [
	{"Name": "/bookstore/settings/PUBLIC_URL", "Value": "https://books.example"},
	{"Name": "/bookstore/settings/ADMIN_EMAIL", "Value": "admin@books.example"},
	{"Name": "/bookstore/settings/CURRENCY", "Value": "C$P and spaces"}]}`

func TestAnInstanceStartsTheReleaseWithItsSecrets(t *testing.T) {
	i := newInstance(t, settings)
	if err := i.start(t); err != nil {
		t.Fatal(err)
	}
	env := i.read(t, "etc/bookstore/env")
	for _, line := range []string{
		"PUBLIC_URL='https://books.example'",
		"CURRENCY='C$P and spaces'",
		"ADMIN_EMAIL='admin@books.example'",
		"ADMIN_PASSWORD='value-of-ADMIN_PASSWORD'",
		"SERVICE_KEY='value-of-SERVICE_KEY'",
		"SESSION_KEYS='value-of-SESSION_KEYS'",
		"SHOP_DATABASE_URL='mysql://shop:value-of-SHOP_DATABASE_PASSWORD@writer.example:3306/shop?tls=true'",
		"AUTH_DATABASE_READER_URL='mysql://auth:value-of-AUTH_DATABASE_PASSWORD@reader.example:3306/auth?tls=true'",
		"CATALOG_DATABASE_READER_URL='mysql://catalog:value-of-CATALOG_DATABASE_PASSWORD@reader.example:3306/catalog?tls=true'",
		"RELEASE='v7'",
	} {
		if !strings.Contains("\n"+env, "\n"+line+"\n") {
			t.Errorf("the environment lacks %s", line)
		}
	}
	info, err := os.Stat(filepath.Join(i.root, "etc/bookstore/env"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secrets' file: %v, %v; want it to be root's alone", info.Mode(), err)
	}
	calls := strings.Split(strings.TrimSpace(i.read(t, "calls")), "\n")
	if last := calls[len(calls)-1]; !strings.HasPrefix(last, "compose ") || !strings.Contains(last, " up --detach --wait ") {
		t.Errorf("the last step was %q, want docker compose up", last)
	}
}

func TestEachServiceGetsADatabaseAndTheLatestPassword(t *testing.T) {
	i := newInstance(t, settings)
	for range 2 { // every start does it again
		if err := i.start(t); err != nil {
			t.Fatal(err)
		}
	}
	u, err := url.Parse(i.server.URL())
	if err != nil {
		t.Fatal(err)
	}
	for name, password := range map[string]string{"auth": "AUTH", "catalog": "CATALOG", "shop": "SHOP"} {
		login := name + ":value-of-" + password + "_DATABASE_PASSWORD@tcp(" + u.Host + ")/"
		if err := query(t.Context(), login+name, "CREATE TABLE IF NOT EXISTS t (id INT)"); err != nil {
			t.Errorf("%s can't use its database: %v", name, err)
		}
		for _, other := range []string{"auth", "catalog", "shop", "mysql"} {
			if other != name && query(t.Context(), login+other, "SELECT 1") == nil {
				t.Errorf("%s can use the database %s", name, other)
			}
		}
	}
}

func query(ctx context.Context, dsn, statement string) error {
	db, err := sql.Open("mysql", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statement)
	return err
}

func TestASettingThatCannotBeWrittenDownStopsTheStart(t *testing.T) {
	i := newInstance(t, `{"Parameters": [{"Name": "/bookstore/settings/CURRENCY", "Value": "U'SD"}]}`)
	if i.start(t) == nil {
		t.Error("started")
	}
	if calls := i.read(t, "calls"); strings.Contains(calls, " up ") {
		t.Errorf("the programs were started: %s", calls)
	}
}

func TestContainersDoNotReachTheInstancesRole(t *testing.T) {
	i := newInstance(t, settings)
	if err := i.start(t); err != nil {
		t.Fatal(err)
	}
	unit := i.read(t, "etc/systemd/system/docker.service.d/guard-role.conf")
	address := "172.30.0.82" // catalogsvc's in docker-compose.aws.yml
	if !strings.Contains(unit, "-I DOCKER-USER ! -s "+address+" -d 169.254.169.254 -j REJECT") {
		t.Errorf("got %q, want a rule against the address of roles", unit)
	}
	override, err := os.ReadFile("docker-compose.aws.yml")
	if err != nil || !strings.Contains(string(override), "services: {ipv4_address: "+address+"}") {
		t.Errorf("no container has the address %s: %v", address, err)
	}
	if calls := i.read(t, "calls"); strings.Index(calls, "restart docker") > strings.Index(calls, "compose ") {
		t.Errorf("the rule comes after the containers: %s", calls)
	}
}
