package main

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// checkHealth returns an error unless address, an http URL with a port, answers 200
// within two seconds. It asks by hand, for a whole HTTP client would be most of
// this program, which is in every image.
func checkHealth(address string) error {
	target, err := url.Parse(address)
	if err != nil {
		return err
	}
	deadline := time.Now().Add(2 * time.Second)
	dialer := net.Dialer{Deadline: deadline}
	conn, err := dialer.Dial("tcp", target.Host)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", target.RequestURI(), target.Host); err != nil {
		return err
	}
	status, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	if parts := strings.Fields(status); len(parts) < 2 || parts[1] != "200" {
		return fmt.Errorf("%s: %s", address, strings.TrimSpace(status))
	}
	return nil
}
