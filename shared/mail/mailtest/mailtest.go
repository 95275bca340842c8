// Package mailtest is a mail server for tests.
package mailtest

import (
	"bufio"
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Server takes mails over plain SMTP and keeps them.
type Server struct {
	URL string // as the setting SMTP_URL

	mu    sync.Mutex
	fault string
	mails []string
}

// NewServer starts a server that is gone when the test ends.
func NewServer(t *testing.T) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("start mail server: %v", err)
	}
	s := &Server{URL: "smtp://" + listener.Addr().String()}
	var conversations sync.WaitGroup
	conversations.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conversations.Go(func() {
				defer conn.Close()
				s.talk(conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		conversations.Wait()
	})
	return s
}

// Fail makes the server answer every recipient with a reply such as
// "550 no such mailbox"; an empty one makes it take mails again.
func (s *Server) Fail(reply string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = reply
}

// Raw returns the mails taken so far, as they came.
func (s *Server) Raw() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Mails returns the mails taken so far.
func (s *Server) Mails(t *testing.T) []*mail.Message {
	t.Helper()
	var parsed []*mail.Message
	for _, raw := range s.Raw() {
		m, err := mail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatalf("read mail: %v\n%s", err, raw)
		}
		parsed = append(parsed, m)
	}
	return parsed
}

func (s *Server) talk(conn net.Conn) {
	var text strings.Builder
	inData := false
	fmt.Fprint(conn, "220 test\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		line := lines.Text()
		switch {
		case inData && line == ".":
			inData = false
			s.keep(text.String())
			text.Reset()
			fmt.Fprint(conn, "250 taken\r\n")
		case inData:
			text.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
		case strings.HasPrefix(line, "DATA"):
			inData = true
			fmt.Fprint(conn, "354 go on\r\n")
		case strings.HasPrefix(line, "QUIT"):
			fmt.Fprint(conn, "221 bye\r\n")
			return
		case strings.HasPrefix(line, "RCPT"):
			fmt.Fprint(conn, s.recipientReply()+"\r\n")
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
}

func (s *Server) keep(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, text)
}

func (s *Server) recipientReply() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != "" {
		return s.fault
	}
	return "250 ok"
}
