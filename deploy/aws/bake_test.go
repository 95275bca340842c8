package aws

import (
	"bytes"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/needs"
)

// builder returns the instance that bake starts, when it runs.
func (a *account) builder(t *testing.T, said *bytes.Buffer) string {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		var ids []string
		a.aws(t, &ids, "ec2", "describe-instances", "--query", "Reservations[].Instances[].InstanceId",
			"--filters", "Name=tag:Name,Values=bookstore builder", "Name=instance-state-name,Values=running")
		if len(ids) > 0 {
			return ids[0]
		}
		if time.Now().After(deadline) {
			t.Fatalf("no builder was started: %s", said)
		}
	}
}

func TestInstancesStartFromAnImageThatWasBaked(t *testing.T) {
	shellcheck := needs.Program(t, "shellcheck", "Debian: apt-get install shellcheck")
	a := newAccount(t)
	a.createStack(t, "bookstore")
	bake := exec.CommandContext(t.Context(), "./bake", "v1")
	var printed, said bytes.Buffer
	bake.Env, bake.Stdout, bake.Stderr = a.environ(), &printed, &said
	if err := bake.Start(); err != nil {
		t.Fatal(err)
	}
	builder := a.builder(t, &said)

	// What the builder would do, and then what it does at last.
	var encoded string
	a.aws(t, &encoded, "ec2", "describe-instance-attribute", "--instance-id", builder, "--attribute", "userData", "--query", "UserData.Value")
	preparation, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "user-data")
	if err := os.WriteFile(script, preparation, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(shellcheck, script).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	registry := ".dkr.ecr.us-east-1.amazonaws.com/bookstore/$image:v1"
	if text := string(preparation); !strings.Contains(text, registry) || !strings.Contains(text, "get-login-password --region us-east-1") {
		t.Errorf("the builder fetches something else than %s:\n%s", registry, text)
	}
	a.aws(t, nil, "ec2", "stop-instances", "--instance-ids", builder)

	if err := bake.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	parameter := strings.TrimSpace(printed.String())
	var image, state string
	a.aws(t, &image, "ssm", "get-parameter", "--name", parameter, "--query", "Parameter.Value")
	a.aws(t, &state, "ec2", "describe-instances", "--instance-ids", builder, "--query", "Reservations[0].Instances[0].State.Name")
	if parameter != "/bookstore/images/v1" || state != "terminated" {
		t.Errorf("bake printed %q and left the builder %s", parameter, state)
	}

	a.createStack(t, "baked", "ParameterKey=Image,ParameterValue="+parameter)
	for stack, want := range map[string]bool{"bookstore": false, "baked": true} {
		var templates []string
		var got string
		a.aws(t, &templates, "cloudformation", "list-stack-resources", "--stack-name", stack,
			"--query", "StackResourceSummaries[?LogicalResourceId=='InstanceTemplate'].PhysicalResourceId")
		a.aws(t, &got, "ec2", "describe-launch-template-versions", "--launch-template-id", templates[0],
			"--query", "LaunchTemplateVersions[-1].LaunchTemplateData.ImageId")
		if (got == image) != want {
			t.Errorf("instances of %s start from %s, the baked image is %s", stack, got, image)
		}
	}
}

// The template fetches what a builder has fetched, and no more.
func TestABuilderFetchesWhatAnInstanceNeeds(t *testing.T) {
	bake, err := os.ReadFile("bake")
	if err != nil {
		t.Fatal(err)
	}
	const packages = "dnf install -y docker jq mariadb105\n"
	for name, text := range map[string]string{"bake": string(bake), "user data": userDataOf(t)} {
		if !strings.Contains(text, packages) {
			t.Errorf("%s does not have %q", name, packages)
		}
	}
}
