package scaling

import (
	"slices"
	"time"

	"bookstore/deploy/aws"
)

// group is an Auto Scaling group under the template's simple scaling policies,
// minute by minute, as EC2 Auto Scaling documents them: an alarm rings when the
// average CPU was beyond its threshold in each of the last periods, its policy
// changes the group within its bounds, and after a change none follows until the
// cooldown is over.
type group struct {
	rule   aws.Scaling
	size   int
	cpu    []float64 // percent, of each minute
	frozen int       // minutes of the cooldown that are left
}

// minute passes a minute under a load, as a multiple of what one instance can
// bear, and returns by how many instances the group then changes.
func (g *group) minute(load float64) (change int) {
	g.cpu = append(g.cpu, min(100, 100*load/float64(g.size)))
	g.frozen--
	if g.frozen > 0 {
		return 0
	}
	step := 0
	switch {
	case g.lasted(g.rule.OutPeriods, func(cpu float64) bool { return cpu >= g.rule.OutCPU }):
		step = g.rule.OutStep
	case g.lasted(g.rule.InPeriods, func(cpu float64) bool { return cpu < g.rule.InCPU }):
		step = g.rule.InStep
	}
	change = min(max(g.size+step, g.rule.Min), g.rule.Max) - g.size
	if change != 0 {
		g.size += change
		g.frozen = int(g.rule.Cooldown / time.Minute)
	}
	return change
}

// lasted reports whether the average CPU of each of the last periods was such.
func (g *group) lasted(periods int, such func(cpu float64) bool) bool {
	length := int(g.rule.Period / time.Minute)
	if len(g.cpu) < periods*length {
		return false
	}
	for period := range slices.Chunk(g.cpu[len(g.cpu)-periods*length:], length) {
		sum := 0.0
		for _, cpu := range period {
			sum += cpu
		}
		if !such(sum / float64(length)) {
			return false
		}
	}
	return true
}
