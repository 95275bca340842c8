//go:build unix && !linux

package mariadb

import "syscall"

// processAttributes keep the terminal's Ctrl-C from the server, which is
// stopped after its users.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
