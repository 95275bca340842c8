package docker

import (
	"net"
	"net/netip"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// nameServer answers as Docker's does: with the addresses of all containers of
// a service, and that a name does not exist when there are none.
type nameServer struct {
	addr string

	mu    sync.Mutex
	names map[string][]netip.Addr // by name without the final dot
}

func startNameServer(t *testing.T) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &nameServer{addr: conn.LocalAddr().String(), names: map[string][]netip.Addr{}}
	go func() {
		buf := make([]byte, 8192)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return // closed
			}
			if answer := s.answer(buf[:n]); answer != nil {
				conn.WriteTo(answer, from) // one that is lost is asked again
			}
		}
	}()
	return s
}

// set lets name lead to addrs from now on.
func (s *nameServer) set(name string, addrs ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names[name] = nil
	for _, addr := range addrs {
		s.names[name] = append(s.names[name], netip.MustParseAddr(addr))
	}
}

func (s *nameServer) answer(query []byte) []byte {
	var parser dnsmessage.Parser
	header, err := parser.Start(query)
	if err != nil {
		return nil
	}
	question, err := parser.Question()
	if err != nil {
		return nil
	}
	name := question.Name.String()
	s.mu.Lock()
	addrs := s.names[name[:len(name)-1]]
	s.mu.Unlock()
	header.Response = true
	if len(addrs) == 0 {
		header.RCode = dnsmessage.RCodeNameError
	}
	message := dnsmessage.Message{Header: header, Questions: []dnsmessage.Question{question}}
	if question.Type == dnsmessage.TypeA {
		for _, addr := range addrs {
			message.Answers = append(message.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: question.Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET, TTL: 600},
				Body:   &dnsmessage.AResource{A: addr.As4()},
			})
		}
	}
	answer, err := message.Pack()
	if err != nil {
		return nil
	}
	return answer
}
