package sqldbtest

import (
	"net"
	"testing"
)

// NewPlainServer returns the URL of what greets like a MySQL server that can't
// encrypt, and takes no answer. The driver refuses it with mysql.ErrNoTLS if,
// and only if, it was told to encrypt.
func NewPlainServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write(plainGreeting())
			conn.Close()
		}
	}()
	return "mysql://root:secret@" + listener.Addr().String() + "/"
}

// plainGreeting is the first packet of MySQL's protocol (HandshakeV10), whose
// capabilities are those of protocol 4.1 alone.
func plainGreeting() []byte {
	greeting := append([]byte{10}, "8.0.0\x00"...)
	greeting = append(greeting, 1, 0, 0, 0)                 // connection id
	greeting = append(greeting, "12345678\x00"...)          // salt
	greeting = append(greeting, 0x00, 0x82, 45, 2, 0, 8, 0) // capabilities, character set, status
	greeting = append(greeting, 21)                         // length of the whole salt
	greeting = append(greeting, make([]byte, 10)...)
	greeting = append(greeting, "123456789012\x00mysql_native_password\x00"...)
	return append([]byte{byte(len(greeting)), 0, 0, 0}, greeting...)
}
