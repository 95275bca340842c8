// Command make writes the hashes of the commonest passwords of a list, which has
// one a line, the commonest first:
//
//	go run ./authsvc/internal/commonest/make list.txt > authsvc/internal/commonest/hashes
package main

import (
	"bufio"
	"bytes"
	"log"
	"os"
	"slices"
	"unicode/utf8"

	"bookstore/authsvc/internal/commonest"
	"bookstore/shared/authapi"

	"golang.org/x/text/unicode/norm"
)

// most is how many passwords are kept. Those that are too short to be chosen are
// not among them.
const most = 100_000

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: make list.txt")
	}
	file, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	hashes, err := read(bufio.NewScanner(file))
	if err != nil {
		log.Fatal(err)
	}
	for _, hash := range hashes {
		if _, err := os.Stdout.Write(hash); err != nil {
			log.Fatal(err)
		}
	}
}

func read(lines *bufio.Scanner) ([][]byte, error) {
	known := map[[commonest.Size]byte]bool{}
	var hashes [][]byte
	for lines.Scan() && len(hashes) < most {
		password := lines.Text()
		hash := commonest.Hash(password)
		if known[hash] || utf8.RuneCountInString(norm.NFC.String(password)) < authapi.MinPassword {
			continue
		}
		known[hash] = true
		hashes = append(hashes, hash[:])
	}
	slices.SortFunc(hashes, bytes.Compare)
	return hashes, lines.Err()
}
