package mariadb

import "syscall"

// processAttributes keep the terminal's Ctrl-C from the server, which is
// stopped after its users, and end it with us should we be killed.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
