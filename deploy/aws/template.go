// Package aws reads the CloudFormation template beside it. Tests
// play what the template says about scaling, so that they prove what is deployed.
package aws

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

//go:embed bookstore.yaml
var source []byte

// Template is the deployed template, with its parameters at their defaults.
type Template struct{ root *yaml.Node }

// Load parses the template.
func Load() (*Template, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(source, &document); err != nil {
		return nil, fmt.Errorf("parse the template: %w", err)
	}
	return &Template{document.Content[0]}, nil
}

// Scaling says when the group of instances grows and shrinks.
type Scaling struct {
	Min, Max, Desired int           // instances
	OutCPU, InCPU     float64       // percent: one more from OutCPU on, one less below InCPU
	OutStep, InStep   int           // instances by which the group is changed
	Period            time.Duration // over which the CPU is averaged
	OutPeriods        int           // how many in a row must be high
	InPeriods         int           // how many in a row must be low
	Cooldown          time.Duration // without another change after one
	Warmup            time.Duration // in which a new instance's CPU does not count
}

// Scaling returns what the template's group, policies and alarms say.
func (t *Template) Scaling() (Scaling, error) {
	r := reader{template: t}
	s := Scaling{
		Min:        int(r.number("Instances", "MinSize")),
		Max:        int(r.number("Instances", "MaxSize")),
		Desired:    int(r.number("Instances", "DesiredCapacity")),
		OutCPU:     r.number("CpuHigh", "Threshold"),
		InCPU:      r.number("CpuLow", "Threshold"),
		OutStep:    int(r.number("ScaleOut", "ScalingAdjustment")),
		InStep:     int(r.number("ScaleIn", "ScalingAdjustment")),
		Period:     time.Duration(r.number("CpuHigh", "Period")) * time.Second,
		OutPeriods: int(r.number("CpuHigh", "EvaluationPeriods")),
		InPeriods:  int(r.number("CpuLow", "EvaluationPeriods")),
		Cooldown:   time.Duration(r.number("ScaleOut", "Cooldown")) * time.Second,
		Warmup:     time.Duration(r.number("Instances", "DefaultInstanceWarmup")) * time.Second,
	}
	return s, r.err
}

// reader reads properties until one can't be read.
type reader struct {
	template *Template
	err      error
}

func (r *reader) number(resource, property string) float64 {
	text, err := r.template.Property(resource, property)
	if err == nil {
		var n float64
		if n, err = strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	}
	if r.err == nil {
		r.err = fmt.Errorf("%s of %s: %w", property, resource, err)
	}
	return 0
}

// Property returns a resource's scalar property; path has dots between keys. A
// reference to a parameter is its default.
func (t *Template) Property(resource, path string) (string, error) {
	node := find(t.root, "Resources", resource, "Properties")
	node = find(node, strings.Split(path, ".")...)
	if node == nil || node.Kind != yaml.ScalarNode {
		return "", fmt.Errorf("%s has no plain %s", resource, path)
	}
	if node.Tag != "!Ref" {
		return node.Value, nil
	}
	value := find(t.root, "Parameters", node.Value, "Default")
	if value == nil {
		return "", fmt.Errorf("parameter %s has no default", node.Value)
	}
	return value.Value, nil
}

// find descends mappings by their keys. It returns nil if one is missing.
func find(node *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		if node == nil || node.Kind != yaml.MappingNode {
			return nil
		}
		var next *yaml.Node
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == key {
				next = node.Content[i+1]
			}
		}
		node = next
	}
	return node
}
