package aws

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/needs"
	"bookstore/deploy/internal/routes"

	"go.yaml.in/yaml/v4"
)

func loaded(t *testing.T) *Template {
	t.Helper()
	template, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func TestTheGroupScalesAsPromised(t *testing.T) {
	got, err := loaded(t).Scaling()
	if err != nil {
		t.Fatal(err)
	}
	want := Scaling{
		Min: 1, Max: 6, Desired: 2,
		OutCPU: 50, InCPU: 25, OutStep: 1, InStep: -1,
		Period: 300 * time.Second, OutPeriods: 1, InPeriods: 2, Cooldown: 300 * time.Second,
		Warmup: 180 * time.Second,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTheAlarmsDriveTheGroup(t *testing.T) {
	template := loaded(t)
	for resource, want := range map[string]map[string]string{
		"CpuHigh":   {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Statistic": "Average", "ComparisonOperator": "GreaterThanOrEqualToThreshold"},
		"CpuLow":    {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Statistic": "Average", "ComparisonOperator": "LessThanThreshold"},
		"Instances": {"HealthCheckType": "ELB"},
		"Database":  {"Engine": "aurora-mysql", "StorageEncrypted": "true", "DeletionProtection": "true", "BackupRetentionPeriod": "14", "ManageMasterUserPassword": "true"},
		"InstanceTemplate": {
			"LaunchTemplateData.MetadataOptions.HttpTokens": "required",
			"LaunchTemplateData.Monitoring.Enabled":         "true",
		},
		"HttpsListener": {"Port": "443", "Protocol": "HTTPS"},
	} {
		for property, value := range want {
			if got, err := template.Property(resource, property); err != nil || got != value {
				t.Errorf("%s of %s: got %q, %v; want %q", property, resource, got, err, value)
			}
		}
	}
	for alarm, policy := range map[string]string{"CpuHigh": "ScaleOut", "CpuLow": "ScaleIn"} {
		actions := find(template.root, "Resources", alarm, "Properties", "AlarmActions")
		if len(actions.Content) != 1 || actions.Content[0].Value != policy {
			t.Errorf("%s does not lead to %s", alarm, policy)
		}
	}
}

func TestTheDatabaseIsInThreeZones(t *testing.T) {
	zones := map[string]string{}
	resources := find(loaded(t).root, "Resources")
	for i := 0; i < len(resources.Content); i += 2 {
		if resource := resources.Content[i+1]; find(resource, "Type").Value == "AWS::RDS::DBInstance" {
			zone := find(resource, "Properties", "AvailabilityZone")
			zones[zone.Content[0].Value] = resources.Content[i].Value
		}
	}
	if len(zones) != 3 {
		t.Errorf("got members in the zones %v, want three", zones)
	}
}

func TestTargetsAreCheckedWithoutStickinessAndLetDrain(t *testing.T) {
	template := loaded(t)
	for name, port := range map[string]string{"FrontendTargets": "8080", "AuthTargets": "8081", "CatalogTargets": "8082", "ShopTargets": "8083"} {
		for property, want := range map[string]string{"Port": port, "HealthCheckPath": "/readyz", "Matcher.HttpCode": "200"} {
			if got, err := template.Property(name, property); err != nil || got != want {
				t.Errorf("%s of %s: got %q, %v; want %q", property, name, got, err, want)
			}
		}
		attributes := map[string]string{}
		for _, attribute := range find(template.root, "Resources", name, "Properties", "TargetGroupAttributes").Content {
			attributes[find(attribute, "Key").Value] = find(attribute, "Value").Value
		}
		want := map[string]string{"load_balancing.algorithm.type": "round_robin", "stickiness.enabled": "false", "deregistration_delay.timeout_seconds": "30"}
		if !maps.Equal(attributes, want) {
			t.Errorf("%s: got %v, want %v", name, attributes, want)
		}
	}
	override, err := os.ReadFile("docker-compose.aws.yml")
	if err != nil {
		t.Fatal(err)
	}
	var drain time.Duration
	for _, value := range regexp.MustCompile(`(?m)^  DRAIN_(?:DELAY|TIMEOUT): (\S+)$`).FindAllStringSubmatch(string(override), -1) {
		d, err := time.ParseDuration(value[1])
		if err != nil {
			t.Fatal(err)
		}
		drain += d
	}
	if drain == 0 || drain >= 30*time.Second {
		t.Errorf("a program drains for %s, the load balancer waits for 30s", drain)
	}
}

func TestTheBalancerSendsEachPathToTheServiceThatListsIt(t *testing.T) {
	targets := map[string]string{"AuthTargets": "authsvc", "CatalogTargets": "catalogsvc", "ShopTargets": "shopsvc"}
	got := map[int]routes.ALBRule{}
	resources := find(loaded(t).root, "Resources")
	for i := 0; i < len(resources.Content); i += 2 {
		resource := resources.Content[i+1]
		if find(resource, "Type").Value != "AWS::ElasticLoadBalancingV2::ListenerRule" {
			continue
		}
		properties := find(resource, "Properties")
		priority, err := strconv.Atoi(find(properties, "Priority").Value)
		if err != nil {
			t.Fatal(err)
		}
		var rule routes.ALBRule
		for _, pattern := range find(find(properties, "Conditions").Content[0], "PathPatternConfig", "Values").Content {
			rule.Patterns = append(rule.Patterns, pattern.Value)
		}
		action := find(properties, "Actions").Content[0]
		if target := find(action, "TargetGroupArn"); target != nil {
			rule.Service = targets[target.Value]
		} else if status := find(action, "FixedResponseConfig", "StatusCode").Value; status != "404" {
			t.Errorf("%s answers %s", resources.Content[i].Value, status)
		}
		got[priority] = rule
	}
	var inOrder []string
	for _, priority := range slices.Sorted(maps.Keys(got)) {
		inOrder = append(inOrder, fmt.Sprintf("%s %v", got[priority].Service, got[priority].Patterns))
	}
	var want []string
	for _, rule := range routes.ALB() {
		want = append(want, fmt.Sprintf("%s %v", rule.Service, rule.Patterns))
	}
	if !slices.Equal(inOrder, want) {
		t.Errorf("got the rules\n%s\nwant\n%s", strings.Join(inOrder, "\n"), strings.Join(want, "\n"))
	}
	unlisted := find(resources, "UnlistedRule", "Properties", "Actions").Content[0]
	if body := find(unlisted, "FixedResponseConfig", "MessageBody").Value; body != routes.NotFound() {
		t.Errorf("a path that nobody lists is answered with %s, want %s", body, routes.NotFound())
	}
}

var inSub = regexp.MustCompile(`\$\{([A-Za-z0-9:.]+)\}`)

func TestEverythingReferredToIsThere(t *testing.T) {
	template := loaded(t)
	names := map[string]bool{}
	for _, section := range []string{"Parameters", "Resources"} {
		for name := range keys(find(template.root, section)) {
			names[name] = true
		}
	}
	conditions := keys(find(template.root, "Conditions"))
	used := map[string]bool{}
	refer := func(name string) {
		name, _, _ = strings.Cut(name, ".")
		used[name] = true
		if !names[name] && !strings.HasPrefix(name, "AWS::") {
			t.Errorf("there is no %s", name)
		}
	}
	walk(template.root, func(node *yaml.Node) {
		switch node.Tag {
		case "!Ref", "!GetAtt":
			refer(node.Value)
		case "!Sub":
			for _, match := range inSub.FindAllStringSubmatch(node.Value, -1) {
				refer(match[1])
			}
		case "!If":
			if name := node.Content[0].Value; !conditions[name] {
				t.Errorf("there is no condition %s", name)
			}
		}
		if node.Kind == yaml.AliasNode || node.Tag == "!!merge" {
			t.Errorf("line %d: CloudFormation knows no aliases", node.Line)
		}
	})
	resources := find(template.root, "Resources")
	for i := 0; i < len(resources.Content); i += 2 {
		if condition := find(resources.Content[i+1], "Condition"); condition != nil && !conditions[condition.Value] {
			t.Errorf("there is no condition %s", condition.Value)
		}
	}
	grouped := map[string]bool{}
	for _, group := range find(template.root, "Metadata", "AWS::CloudFormation::Interface", "ParameterGroups").Content {
		for _, parameter := range find(group, "Parameters").Content {
			grouped[parameter.Value] = true
		}
	}
	for parameter := range keys(find(template.root, "Parameters")) {
		if !used[parameter] {
			t.Errorf("nothing uses the parameter %s", parameter)
		}
		if !grouped[parameter] {
			t.Errorf("the console shows the parameter %s out of place", parameter)
		}
	}
}

func keys(mapping *yaml.Node) map[string]bool {
	set := map[string]bool{}
	for i := 0; i < len(mapping.Content); i += 2 {
		set[mapping.Content[i].Value] = true
	}
	return set
}

func walk(node *yaml.Node, visit func(*yaml.Node)) {
	visit(node)
	for _, child := range node.Content {
		walk(child, visit)
	}
}

func TestTheTemplateIsLinted(t *testing.T) {
	out, err := exec.Command(needs.Program(t, "cfn-lint", "pip install cfn-lint"), "bookstore.yaml").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if size := len(source); size > 51200 {
		t.Errorf("the template has %d bytes, more than can be sent without a bucket", size)
	}
}

func TestScriptsAreLinted(t *testing.T) {
	shellcheck := needs.Program(t, "shellcheck", "Debian: apt-get install shellcheck")
	userData := filepath.Join(t.TempDir(), "user-data")
	if err := os.WriteFile(userData, []byte(userDataOf(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, script := range []string{"start", "release", "bake", "../docker/database/10-databases.sh", "../docker/duckdns", "../docker/development", userData} {
		if out, err := exec.Command(shellcheck, script).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// userDataOf returns what an instance runs first, with a value for each reference.
func userDataOf(t *testing.T) string {
	t.Helper()
	node := find(loaded(t).root, "Resources", "InstanceTemplate", "Properties", "LaunchTemplateData", "UserData", "Fn::Base64")
	if node == nil || !strings.HasPrefix(node.Value, "#!/bin/bash\n") {
		t.Fatal("the template has no script for instances")
	}
	n := 0
	return inSub.ReplaceAllStringFunc(node.Value, func(string) string { n++; return fmt.Sprintf("value%d", n) })
}
