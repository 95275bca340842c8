package aws

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/needs"
	"bookstore/shared/ports"

	"go.yaml.in/yaml/v4"
)

// notImitated are the types that moto, an imitation of AWS, cannot make. They
// are left out of the stack that is created there, and what refers to them gets
// a stand-in; cfn-lint has checked them against their schemas.
var notImitated = []string{
	"AWS::AutoScaling::ScalingPolicy", "AWS::CertificateManager::Certificate", "AWS::CloudWatch::Alarm",
	"AWS::RDS::DBCluster", "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBInstance",
	"AWS::S3::BucketPolicy", "AWS::SecretsManager::Secret", "AWS::SNS::Subscription",
}

// imitable returns the template without what moto cannot make.
func imitable(t *testing.T) string {
	t.Helper()
	root := loaded(t).root
	resources := find(root, "Resources")
	var kept []*yaml.Node
	removed := map[string]bool{}
	for i := 0; i < len(resources.Content); i += 2 {
		if slices.Contains(notImitated, find(resources.Content[i+1], "Type").Value) {
			removed[resources.Content[i].Value] = true
			continue
		}
		kept = append(kept, resources.Content[i], resources.Content[i+1])
	}
	resources.Content = kept
	subnets := 0
	walk(root, func(node *yaml.Node) {
		name, _, _ := strings.Cut(node.Value, ".")
		switch {
		case (node.Tag == "!Ref" || node.Tag == "!GetAtt") && removed[name]:
			node.Tag, node.Value = "!!str", "stand-in"
		case node.Tag == "!Sub":
			node.Value = inSub.ReplaceAllStringFunc(node.Value, func(reference string) string {
				name, _, _ := strings.Cut(strings.Trim(reference, "${}"), ".")
				if removed[name] {
					return "stand-in"
				}
				return reference
			})
		case node.Tag == "!Select" && node.Content[1].Tag == "!Cidr":
			*node = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: fmt.Sprintf("10.40.%d.0/20", 16*subnets)}
			subnets++
		}
		if dependencies := find(node, "DependsOn"); dependencies != nil && dependencies.Kind == yaml.SequenceNode {
			dependencies.Content = slices.DeleteFunc(dependencies.Content, func(n *yaml.Node) bool { return removed[n.Value] })
		}
	})
	for i := 0; i < len(root.Content); i += 2 {
		if root.Content[i].Value == "Outputs" {
			root.Content = slices.Delete(root.Content, i, i+2)
			break
		}
	}
	text, err := yaml.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// account is an account of moto's.
type account struct{ endpoint string }

func newAccount(t *testing.T) *account {
	t.Helper()
	server := needs.Program(t, "moto_server", "pip install 'moto[server]'")
	needs.Program(t, "aws", "pip install awscli")
	port, err := ports.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(server, "-H", "127.0.0.1", "-p", fmt.Sprint(port))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait() // it was killed
	})
	a := &account{fmt.Sprintf("http://127.0.0.1:%d", port)}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if resp, err := http.Get(a.endpoint + "/moto-api/"); err == nil {
			resp.Body.Close()
			return a
		}
		if time.Now().After(deadline) {
			t.Fatal("moto does not answer")
		}
	}
}

// environ lets the command line call the account.
func (a *account) environ() []string {
	return append(os.Environ(), "AWS_ENDPOINT_URL="+a.endpoint, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"AWS_DEFAULT_REGION=us-east-1", "AWS_MAX_ATTEMPTS=1", "AWS_EC2_METADATA_DISABLED=true")
}

// aws runs the command line and decodes what it answers.
func (a *account) aws(t *testing.T, answer any, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "aws", append(args, "--output", "json")...)
	cmd.Env = a.environ()
	out, err := cmd.Output()
	if failed, ok := err.(*exec.ExitError); ok {
		t.Fatalf("aws %s: %s", strings.Join(args, " "), failed.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	if answer != nil {
		if err := json.Unmarshal(out, answer); err != nil {
			t.Fatalf("aws %s: %v in %s", strings.Join(args, " "), err, out)
		}
	}
}

// createStack makes the stack, as far as it can be, with further parameters.
func (a *account) createStack(t *testing.T, name string, parameters ...string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stack.yaml")
	if err := os.WriteFile(path, []byte(imitable(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	var certificate string
	a.aws(t, &certificate, "acm", "request-certificate", "--domain-name", "books.example.com", "--query", "CertificateArn")
	a.aws(t, nil, append([]string{
		"cloudformation", "create-stack", "--stack-name", name, "--template-body", "file://" + path,
		"--capabilities", "CAPABILITY_IAM", "--parameters",
		"ParameterKey=DomainName,ParameterValue=books.example.com", "ParameterKey=Release,ParameterValue=v1",
		"ParameterKey=CertificateArn,ParameterValue=" + certificate,
	}, parameters...)...)
}

func TestTheStackComesOutAsDescribed(t *testing.T) {
	a := newAccount(t)
	a.createStack(t, "bookstore")

	var group []any
	a.aws(t, &group, "autoscaling", "describe-auto-scaling-groups", "--query",
		"AutoScalingGroups[0].[MinSize,MaxSize,DesiredCapacity,HealthCheckType,length(TargetGroupARNs),length(Instances)]")
	if got, want := fmt.Sprint(group), "[1 6 2 ELB 4 2]"; got != want {
		t.Errorf("the group: got %s, want %s", got, want)
	}

	var zones []string
	a.aws(t, &zones, "ec2", "describe-subnets", "--filters", "Name=tag:Name,Values=bookstore*", "--query", "Subnets[].AvailabilityZone")
	slices.Sort(zones)
	if len(zones) != 9 || len(slices.Compact(zones)) != 3 {
		t.Errorf("got subnets in %v, want three in each of three zones", zones)
	}

	var ports []int
	a.aws(t, &ports, "elbv2", "describe-target-groups", "--query", "TargetGroups[?HealthCheckPath=='/readyz'].Port")
	slices.Sort(ports)
	if want := []int{8080, 8081, 8082, 8083}; !slices.Equal(ports, want) {
		t.Errorf("got targets on %v, want %v", ports, want)
	}

	var balancer string
	a.aws(t, &balancer, "elbv2", "describe-load-balancers", "--query", "LoadBalancers[0].LoadBalancerArn")
	var listeners [][]any
	a.aws(t, &listeners, "elbv2", "describe-listeners", "--load-balancer-arn", balancer, "--query", "Listeners[].[Port,DefaultActions[0].Type]")
	if len(listeners) != 2 || !strings.Contains(fmt.Sprint(listeners), "[80 redirect]") || !strings.Contains(fmt.Sprint(listeners), "[443 forward]") {
		t.Errorf("got the listeners %v", listeners)
	}

	var repositories []string
	a.aws(t, &repositories, "ecr", "describe-repositories", "--query", "repositories[?imageTagMutability=='IMMUTABLE'].repositoryName")
	if len(repositories) != 5 {
		t.Errorf("got the repositories %v, want five whose tags stay", repositories)
	}

	var settings []string
	a.aws(t, &settings, "ssm", "get-parameters-by-path", "--path", "/bookstore/settings", "--query", "Parameters[].Value")
	if !slices.Contains(settings, "https://books.example.com") {
		t.Errorf("got the settings %v", settings)
	}
}
