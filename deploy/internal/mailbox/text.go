package mailbox

import (
	"mime"
	"regexp"
)

func decoded(header string) string {
	if text, err := new(mime.WordDecoder).DecodeHeader(header); err == nil {
		return text
	}
	return header
}

// part is a piece of a mail's text: words, or an address that leads somewhere.
type part struct{ Words, Address string }

var address = regexp.MustCompile(`https?://[^\s<>"]+`)

// parts splits a mail's text at the addresses in it.
func parts(text string) []part {
	var all []part
	end := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		all = append(all, part{Words: text[end:at[0]]}, part{Address: text[at[0]:at[1]]})
		end = at[1]
	}
	return append(all, part{Words: text[end:]})
}
