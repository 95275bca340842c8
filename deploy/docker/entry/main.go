// Command entry is what a container of Bookstore starts with. The images have
// no shell, so it does what a shell would be needed for:
//
//	entry run PROGRAM [ARGUMENT...]   reads the secrets in /run/secrets, then becomes the program
//	entry health URL                  ends with 0 if URL answers 200
//	entry secrets FOLDER              makes the secrets of a first start
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "entry:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) >= 2 && args[0] == "run":
		return become(args[1:])
	case len(args) == 2 && args[0] == "health":
		return checkHealth(args[1])
	case len(args) == 2 && args[0] == "secrets":
		return makeSecrets(args[1])
	}
	return errors.New("usage: entry run PROGRAM [ARGUMENT...] | health URL | secrets FOLDER")
}
