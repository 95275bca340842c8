package ports

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
)

// printPorts is set in processes that only reserve and print some ports.
const printPorts = "BOOKSTORE_TEST_PRINT_PORTS"

func TestMain(m *testing.M) {
	if os.Getenv(printPorts) == "" {
		os.Exit(m.Run())
	}
	for range 100 {
		port, err := Reserve()
		if err != nil {
			panic(err)
		}
		fmt.Println(port)
	}
	fmt.Scanln() // until everybody has theirs
}

func TestAPortIsReservedOnceAmongAllProcesses(t *testing.T) {
	owner := map[string]int{}
	for i := range 3 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), printPorts+"=1")
		wait, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { wait.Close(); cmd.Wait() })
		for range 100 {
			var port string
			if _, err := fmt.Fscanln(out, &port); err != nil {
				t.Fatal(err)
			}
			if other, taken := owner[port]; taken {
				t.Errorf("port %s belongs to processes %d and %d", port, other, i)
			}
			owner[port] = i
		}
	}
}

func TestAReservedPortIsNoneThatAnOutgoingConnectionMayTake(t *testing.T) {
	from, to := ephemeral()
	for range 200 {
		port, err := Reserve()
		if err != nil {
			t.Fatal(err)
		}
		if port >= from && port <= to {
			t.Errorf("port %d is one of %d to %d", port, from, to)
		}
	}
}

func TestAPortWhereSomebodyListensIsNotFree(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if free(port) {
		t.Errorf("port %d is taken for free", port)
	}
	listener.Close()
	if !free(port) {
		t.Errorf("port %d is not taken for free", port)
	}
}
