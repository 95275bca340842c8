package docker

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/needs"
)

const domain = "books.test"

// authority is pebble, a certificate authority for tests that speaks the
// protocol of Let's Encrypt. It really asks the name's host for the proof.
type authority struct {
	directory string
	ca        string // the file that its own connection is verified with
	roots     *x509.CertPool
}

// startAuthority starts one whose certificates are valid for a short while.
func startAuthority(t *testing.T, validity time.Duration, httpPort, tlsPort int) *authority {
	t.Helper()
	program := needs.Program(t, "pebble", "Debian: apt-get install pebble")
	names := startNameServer(t)
	names.set(domain, "127.0.0.1")
	cert, key := selfSigned(t)
	listen, management := fmt.Sprintf("127.0.0.1:%d", freePort(t)), fmt.Sprintf("127.0.0.1:%d", freePort(t))
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": listen, "managementListenAddress": management,
		"certificate": cert, "privateKey": key,
		"httpPort": httpPort, "tlsPort": tlsPort,
		"certificateValidityPeriod": int(validity.Seconds()),
	}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "pebble.json")
	if err := os.WriteFile(path, config, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-config", path, "-dnsserver", names.addr)
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	startProgram(t, cmd)

	a := &authority{directory: "https://" + listen + "/dir", ca: cert, roots: x509.NewCertPool()}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	eventually(t, "the authority tells its root", func() bool {
		resp, err := client.Get("https://" + management + "/roots/0")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		root, err := io.ReadAll(resp.Body)
		return err == nil && a.roots.AppendCertsFromPEM(root)
	})
	return a
}

// selfSigned returns the files of a certificate for this machine and its key.
func selfSigned(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "pebble"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: cert}, keyFile: {Type: "EC PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

// startHTTPS starts the https profile's proxy with its own Caddyfile. Only what
// a test must change is added: the ports, and how often it looks at the time.
func startHTTPS(t *testing.T, a *authority, httpPort, tlsPort int, upstream string) {
	t.Helper()
	program := needs.Program(t, "caddy", "Debian: apt-get install caddy")
	data, err := os.ReadFile("Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	options := fmt.Sprintf("{\n\thttp_port %d\n\thttps_port %d\n\trenew_interval 1s\n\tacme_ca_root %s\n", httpPort, tlsPort, a.ca)
	path := filepath.Join(t.TempDir(), "Caddyfile")
	if err := os.WriteFile(path, []byte(strings.Replace(string(data), "\n{\n", "\n"+options, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "run", "--adapter", "caddyfile", "--config", path)
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home,
		"DOMAIN="+domain, "ACME_EMAIL=ops@"+domain, "ACME_CA="+a.directory, "UPSTREAM="+upstream)
	startProgram(t, cmd)
}

func TestHTTPSGetsACertificateAndRenewsIt(t *testing.T) {
	t.Parallel()
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s", r.Host, r.Header.Get("X-Forwarded-Proto"))
	}))
	defer shop.Close()
	httpPort, tlsPort := freePort(t), freePort(t)
	a := startAuthority(t, 12*time.Second, httpPort, tlsPort)
	startHTTPS(t, a, httpPort, tlsPort, strings.TrimPrefix(shop.URL, "http://"))

	address := fmt.Sprintf("127.0.0.1:%d", tlsPort)
	serial := func() string {
		conn, err := tls.Dial("tcp", address, &tls.Config{ServerName: domain, RootCAs: a.roots})
		if err != nil {
			return ""
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	var first string
	eventually(t, "there is a certificate that the authority signed", func() bool { first = serial(); return first != "" })

	client := &http.Client{
		Transport: &http.Transport{
			DialContext:     (&net.Dialer{}).DialContext,
			TLSClientConfig: &tls.Config{ServerName: domain, RootCAs: a.roots},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+address+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = domain
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || string(body) != domain+" https" || resp.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("got %q with %v, %v", body, resp.Header, err)
	}

	req, err = http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/books", httpPort), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = domain
	resp, err = client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if location := resp.Header.Get("Location"); !strings.HasPrefix(location, "https://"+domain) {
		t.Errorf("plain HTTP: got %s to %q, want a redirect to https", resp.Status, location)
	}

	eventually(t, "the certificate is renewed", func() bool { s := serial(); return s != "" && s != first })
}
