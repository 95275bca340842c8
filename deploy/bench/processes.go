package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/shared/ports"
)

// metric returns a number without labels that a program shows.
func metric(ctx context.Context, p *cluster.Process, name string) (float64, error) {
	text, err := p.Metrics(ctx)
	if err != nil {
		return 0, fmt.Errorf("metrics of %s: %w", p.Name, err)
	}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, fmt.Errorf("%s shows no %s", p.Name, name)
}

// cpuOf returns the processor time that all programs of a shop have used.
func cpuOf(ctx context.Context, c *cluster.Cluster) (time.Duration, error) {
	var sum float64
	for _, program := range cluster.Programs {
		used, err := metric(ctx, c.Processes(program)[0], "process_cpu_seconds_total")
		if err != nil {
			return 0, err
		}
		sum += used
	}
	return time.Duration(sum * float64(time.Second)), nil
}

// memoryOf returns the bytes of memory that a program has.
func memoryOf(ctx context.Context, c *cluster.Cluster, program string) (float64, error) {
	return metric(ctx, c.Processes(program)[0], "process_resident_memory_bytes")
}

// yardstick is the running program bare.
type yardstick struct {
	addr string
	cmd  *exec.Cmd
	in   io.Closer
}

func startYardstick(ctx context.Context, path, catalog, hash string) (*yardstick, error) {
	addr, err := ports.Address()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, "-addr", addr, "-catalog", catalog, "-hash", hash)
	var said strings.Builder
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the yardstick: %w", err)
	}
	y := &yardstick{addr, cmd, in}
	for range 100 {
		if _, _, err = exchange(ctx, "GET", "http://"+addr+"/ready", nil, nil); err == nil {
			return y, nil
		}
		pause(ctx, 50*time.Millisecond)
	}
	return nil, errors.Join(fmt.Errorf("the yardstick does not answer: %w: %s", err, said.String()), y.stop())
}

func (y *yardstick) stop() error {
	_ = y.in.Close() // which ends it
	return y.cmd.Wait()
}
