// Package docker holds what runs the shop in containers; its tests check the
// files, as far as that is possible without an engine.
package docker

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/shared/service"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

const (
	composeFile = "../../docker-compose.yml"
	awsFile     = "../aws/docker-compose.aws.yml"
)

var programs = []string{"authsvc", "catalogsvc", "shopsvc", "frontend"}

// awsSettings are the variables that an instance must have set.
var awsSettings = []string{
	"AWS_REGION", "LOG_GROUP", "PUBLIC_URL", "COVERS_URL",
	"SERVICE_KEY", "TOKEN_KEYS", "SESSION_KEYS", "EVENT_KEY",
	"AUTH_DATABASE_URL", "AUTH_DATABASE_READER_URL",
	"CATALOG_DATABASE_URL", "CATALOG_DATABASE_READER_URL",
	"SHOP_DATABASE_URL", "SHOP_DATABASE_READER_URL",
}

// load reads compose files as docker compose does.
func load(t *testing.T, files, profiles, env []string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions(files, cli.WithEnv(env), cli.WithProfiles(profiles))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func loadAWS(t *testing.T) *types.Project {
	t.Helper()
	var env []string
	for _, name := range awsSettings {
		env = append(env, name+"=value-of-"+name)
	}
	return load(t, []string{composeFile, awsFile}, nil, append(env, "REGISTRY=registry/bookstore", "RELEASE=v7"))
}

func TestATrialNeedsNoSettings(t *testing.T) {
	project := load(t, []string{composeFile}, nil, nil)
	want := append([]string{"database", "haproxy", "secrets"}, programs...)
	slices.Sort(want)
	if got := project.ServiceNames(); !slices.Equal(got, want) {
		t.Errorf("got the services %v, want %v", got, want)
	}
	for _, program := range programs {
		for _, secret := range []string{"SERVICE_KEY", "TOKEN_KEYS", "SESSION_KEYS", "EVENT_KEY", "DATABASE_URL"} {
			if value := project.Services[program].Environment[secret]; value != nil && *value != "" {
				t.Errorf("%s has a well-known %s", program, secret)
			}
		}
	}
}

func TestProfilesAddTheirServices(t *testing.T) {
	for profile, services := range map[string][]string{
		"https":         {"caddy"},
		"duckdns":       {"duckdns"},
		"observability": {"grafana", "jaeger", "prometheus"},
		"replicas":      {"replica-1", "replica-2"},
	} {
		project := load(t, []string{composeFile}, []string{profile}, nil)
		for _, service := range services {
			if _, there := project.Services[service]; !there {
				t.Errorf("profile %s lacks %s", profile, service)
			}
		}
		if n := len(project.Services); n != 7+len(services) {
			t.Errorf("profile %s has %d services", profile, n)
		}
	}
}

func TestEveryContainerIsHardened(t *testing.T) {
	for name, service := range load(t, []string{composeFile}, []string{"*"}, nil).Services {
		if !service.ReadOnly {
			t.Errorf("%s may write to its image", name)
		}
		if !slices.Contains(service.CapDrop, "ALL") {
			t.Errorf("%s keeps capabilities", name)
		}
		if !slices.Contains(service.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s may gain privileges", name)
		}
		if service.Privileged || service.Pid != "" || service.Ipc != "" || len(service.Devices) > 0 {
			t.Errorf("%s reaches into the host", name)
		}
		if name != "secrets" && service.Restart != "unless-stopped" {
			t.Errorf("%s is restarted %q", name, service.Restart)
		}
		if service.Logging.Options["max-size"] == "" {
			t.Errorf("%s may fill the disk with its log", name)
		}
		for _, volume := range service.Volumes {
			if (volume.Type == types.VolumeTypeBind || strings.HasPrefix(volume.Source, "secrets-") && name != "secrets") && !volume.ReadOnly {
				t.Errorf("%s may write to %s", name, volume.Source)
			}
			if strings.Contains(volume.Source, "docker.sock") {
				t.Errorf("%s controls the engine", name)
			}
		}
	}
}

func TestOnlyTheFrontDoorsArePublished(t *testing.T) {
	allowed := map[string][]uint32{"haproxy": {8080}, "caddy": {80, 443, 443}, "grafana": {3000}, "jaeger": {16686}}
	for name, service := range load(t, []string{composeFile}, []string{"*"}, nil).Services {
		var targets []uint32
		for _, port := range service.Ports {
			targets = append(targets, port.Target)
			if name != "caddy" && port.HostIP != "127.0.0.1" {
				t.Errorf("%s listens on %q, not only on this machine", name, port.HostIP)
			}
		}
		if !slices.Equal(targets, allowed[name]) {
			t.Errorf("%s publishes %v, want %v", name, targets, allowed[name])
		}
	}
}

func TestDatabasesAreOnANetworkOfTheirOwn(t *testing.T) {
	project := load(t, []string{composeFile}, []string{"*"}, nil)
	if !project.Networks["data"].Internal {
		t.Error("the databases can reach the outside")
	}
	for name, service := range project.Services {
		_, data := service.Networks["data"]
		want := slices.Contains([]string{"authsvc", "catalogsvc", "shopsvc", "haproxy", "database", "replica-1", "replica-2"}, name)
		if data != want {
			t.Errorf("%s on the databases' network: %t, want %t", name, data, want)
		}
	}
	for service, alias := range map[string]string{"database": "db-writer", "haproxy": "db-reader"} {
		if !slices.Contains(project.Services[service].Networks["data"].Aliases, alias) {
			t.Errorf("%s is not called %s", service, alias)
		}
	}
}

func TestTheDatabaseOfADeveloperIsReachedFromThisMachineAlone(t *testing.T) {
	plain := load(t, []string{composeFile}, nil, nil)
	project := load(t, []string{composeFile, "development.yml"}, nil, []string{"DATABASE_PORT=3399"})
	for name, service := range project.Services {
		if name != "database" {
			if len(service.Ports) != len(plain.Services[name].Ports) {
				t.Errorf("%s publishes %v", name, service.Ports)
			}
			continue
		}
		if len(service.Ports) != 1 || service.Ports[0].HostIP != "127.0.0.1" || service.Ports[0].Published != "3399" || service.Ports[0].Target != 3306 {
			t.Errorf("the database publishes %v", service.Ports)
		}
		if _, edge := service.Networks["edge"]; !edge || !slices.Contains(service.Networks["data"].Aliases, "db-writer") {
			t.Errorf("the database is on %v", service.Networks)
		}
		if !service.ReadOnly || !slices.Contains(service.CapDrop, "ALL") {
			t.Error("the database lost its hardening")
		}
	}
}

func TestEachContainerSeesOnlyItsOwnSecrets(t *testing.T) {
	project := load(t, []string{composeFile}, []string{"*"}, nil)
	owners := map[string]string{"replica-1": "database", "replica-2": "database"}
	for name, service := range project.Services {
		if name == "secrets" {
			continue
		}
		owner := name
		if owners[name] != "" {
			owner = owners[name]
		}
		for _, volume := range service.Volumes {
			if folder, secret := strings.CutPrefix(volume.Source, "secrets-"); secret && folder != owner {
				t.Errorf("%s sees the secrets of %s", name, folder)
			}
		}
	}
	maker := project.Services["secrets"]
	if maker.NetworkMode != "none" {
		t.Error("whoever makes the secrets should have no network")
	}
	for volume := range project.Volumes {
		folder, secret := strings.CutPrefix(volume, "secrets-")
		if secret && !slices.ContainsFunc(maker.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Target == "/secrets/"+folder }) {
			t.Errorf("nobody makes the secrets of %s", folder)
		}
	}
}

func TestNoProgramIsTakenFromAPublicRegistry(t *testing.T) {
	project := load(t, []string{composeFile}, nil, nil)
	for _, name := range append([]string{"secrets"}, programs...) {
		service := project.Services[name]
		if service.Build == nil || service.Build.Target != name || service.PullPolicy != types.PullPolicyBuild {
			t.Errorf("%s is not built from the Dockerfile's target of that name", name)
		}
	}
}

func TestAStopLeavesTimeToDrain(t *testing.T) {
	const spare = time.Second // for what comes after the last trace
	for name, project := range map[string]*types.Project{"compose": load(t, []string{composeFile}, nil, nil), "aws": loadAWS(t)} {
		for _, program := range programs {
			composed := project.Services[program]
			stop := settings(t, composed).StopTime()
			if grace := time.Duration(*composed.StopGracePeriod); grace < stop+spare {
				t.Errorf("%s: %s takes up to %s to stop and is killed after %s", name, program, stop, grace)
			}
		}
	}
}

// settings returns those that a program reads from what compose sets.
func settings(t *testing.T, composed types.ServiceConfig) service.Settings {
	t.Helper()
	environ := map[string]string{}
	for name, value := range composed.Environment {
		if value != nil {
			environ[name] = *value
		}
	}
	environ["SERVICE_KEY"] = strings.Repeat("k", 32)
	var s service.Settings
	if err := service.Load(environ, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnInstanceRunsTheProgramsAlone(t *testing.T) {
	project := loadAWS(t)
	if got, want := project.ServiceNames(), slices.Sorted(slices.Values(programs)); !slices.Equal(got, want) {
		t.Fatalf("got the services %v, want %v", got, want)
	}
	ports := map[string]string{"authsvc": "8081", "catalogsvc": "8082", "shopsvc": "8083", "frontend": "8080"}
	for name, service := range project.Services {
		if service.Build != nil || len(service.DependsOn) > 0 {
			t.Errorf("%s is built, or waits for a container that is not there", name)
		}
		if want := "registry/bookstore/" + name + ":v7"; service.Image != want {
			t.Errorf("%s runs %s, want %s", name, service.Image, want)
		}
		if len(service.Ports) != 1 || service.Ports[0].Published != ports[name] {
			t.Errorf("%s publishes %v, want %s for the ALB", name, service.Ports, ports[name])
		}
		if !service.ReadOnly || !slices.Contains(service.CapDrop, "ALL") {
			t.Errorf("%s lost its hardening", name)
		}
		for _, option := range []string{"max-size", "max-file"} {
			if service.Logging.Driver != "awslogs" || service.Logging.Options[option] != "" {
				t.Errorf("%s logs by %s with %s", name, service.Logging.Driver, option)
			}
		}
	}
}

func TestAnInstanceDoesNotStartWithoutASetting(t *testing.T) {
	for _, missing := range awsSettings {
		var env []string
		for _, name := range awsSettings {
			if name != missing {
				env = append(env, name+"=x")
			}
		}
		options, err := cli.NewProjectOptions([]string{composeFile, awsFile}, cli.WithEnv(env))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := options.LoadProject(t.Context()); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("without %s: got %v, want an error that names it", missing, err)
		}
	}
}

var setting = regexp.MustCompile(`env:"([A-Z_]+)"`)

func TestEverySettingOfAProgramCanBeSet(t *testing.T) {
	project := load(t, []string{composeFile}, nil, nil)
	set := []string{"ADDR", "DATABASE_URL"} // the images' own, and a secret
	for _, program := range programs {
		var found [][]string
		for _, file := range []string{program + "/config.go", "shared/service/settings.go", "shared/httpserver/serve.go"} {
			source, err := os.ReadFile("../../" + file)
			if err != nil {
				t.Fatal(err)
			}
			settings := setting.FindAllStringSubmatch(string(source), -1)
			if len(settings) == 0 {
				t.Errorf("found no settings in %s", file)
			}
			found = append(found, settings...)
		}
		for _, match := range found {
			if _, there := project.Services[program].Environment[match[1]]; !there && !slices.Contains(set, match[1]) {
				t.Errorf("%s in its container can't be given %s", program, match[1])
			}
		}
	}
}

func TestEverySettingOfComposeIsListed(t *testing.T) {
	example, err := os.ReadFile("../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(composeFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(file), "${")[1:] {
		name := part[:strings.IndexAny(part, ":}")]
		if !strings.Contains(string(example), "\n#"+name+"=") && !strings.Contains(string(example), "\n"+name+"=") {
			t.Errorf(".env.example does not list %s", name)
		}
	}
}
