package main

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bookstore/shared/token"
)

func TestASecretComesFromItsFileUnlessItIsSet(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "service_key"), []byte("from the file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ environ, want []string }{
		"not set": {[]string{"ADDR=:1"}, []string{"ADDR=:1", "SERVICE_KEY=from the file"}},
		"empty":   {[]string{"SERVICE_KEY=", "ADDR=:1"}, []string{"ADDR=:1", "SERVICE_KEY=from the file"}},
		"set":     {[]string{"SERVICE_KEY=set=so", "ADDR=:1"}, []string{"SERVICE_KEY=set=so", "ADDR=:1"}},
	} {
		got, err := withSecrets(slices.Clone(test.environ), dir)
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, test.want)
		}
	}
}

func TestSecretsNeedNotBeFiles(t *testing.T) {
	environ := []string{"SERVICE_KEY=from the environment"}
	got, err := withSecrets(environ, filepath.Join(t.TempDir(), "nothing"))
	if err != nil || !slices.Equal(got, environ) {
		t.Errorf("got %q, %v; want the environment as it was", got, err)
	}
}

func TestHealthIsWhatTheProgramAnswers(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	if err := run([]string{"health", server.URL + "/readyz"}); err != nil {
		t.Errorf("a ready program: %v", err)
	}
	status = http.StatusServiceUnavailable
	if err := run([]string{"health", server.URL + "/readyz"}); err == nil {
		t.Error("a draining program should not be healthy")
	}
	server.Close()
	if err := run([]string{"health", server.URL + "/readyz"}); err == nil {
		t.Error("a program that is gone should not be healthy")
	}
}

func TestSecretsAreMadeOnceAndStay(t *testing.T) {
	dir := t.TempDir()
	first := madeSecrets(t, dir)
	if second := madeSecrets(t, dir); !maps.Equal(first, second) {
		t.Error("the second start changed the secrets of the first")
	}
	if err := os.Remove(filepath.Join(dir, "shopsvc", "service_key")); err != nil {
		t.Fatal(err)
	}
	if repaired := madeSecrets(t, dir); !maps.Equal(first, repaired) {
		t.Error("a lost copy was not restored")
	}
	if other := madeSecrets(t, t.TempDir()); other["authsvc/service_key"] == first["authsvc/service_key"] {
		t.Error("two first starts made the same key")
	}
}

func TestSecretsAreWhatTheProgramsAccept(t *testing.T) {
	made := madeSecrets(t, t.TempDir())
	if _, err := token.ParseKeyRing(made["authsvc/token_keys"]); err != nil {
		t.Errorf("TOKEN_KEYS: %v", err)
	}
	if n := len(made["frontend/session_keys"]); n != 86 { // 64 bytes in base64
		t.Errorf("SESSION_KEYS has %d characters, want 86", n)
	}
	for _, path := range []string{"authsvc/service_key", "shopsvc/event_key"} {
		if len(made[path]) < 32 {
			t.Errorf("%s has %d characters, want at least 32", path, len(made[path]))
		}
	}
	if made["authsvc/event_key"] != made["shopsvc/event_key"] {
		t.Error("authsvc has an event key of its own")
	}
	for _, program := range []string{"catalogsvc", "shopsvc", "frontend"} {
		if made[program+"/service_key"] != made["authsvc/service_key"] {
			t.Errorf("%s has a service key of its own", program)
		}
	}
}

func TestEachBackendKnowsOnlyItsOwnDatabase(t *testing.T) {
	made := madeSecrets(t, t.TempDir())
	for program, name := range backends {
		u, err := url.Parse(made[program+"/database_url"])
		if err != nil {
			t.Fatal(err)
		}
		password, _ := u.User.Password()
		if u.User.Username() != name || u.Path != "/"+name || password != made["database/"+name+"_password"] {
			t.Errorf("%s: wrong user, database or password", program)
		}
		if got, want := made[program+"/database_reader_url"], strings.Replace(made[program+"/database_url"], writer, reader, 1); got != want {
			t.Errorf("%s reads from %s, want %s", program, got, want)
		}
		for other, secret := range made {
			if strings.HasPrefix(other, "database/") && other != "database/"+name+"_password" && strings.Contains(made[program+"/database_url"], secret) {
				t.Errorf("%s knows %s", program, other)
			}
		}
	}
}

// madeSecrets makes secrets in dir and returns all files by their path.
func madeSecrets(t *testing.T, dir string) map[string]string {
	t.Helper()
	if err := run([]string{"secrets", dir}); err != nil {
		t.Fatal(err)
	}
	made := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		made[filepath.ToSlash(rel)] = string(data)
	}
	return made
}
