package auth_test

import (
	"strings"
	"testing"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
)

func TestPasswordsThatAreEasilyGuessedAreRefused(t *testing.T) {
	ana := auth.User{Email: "ana.roa@libros-de-ana.example", Name: "Ana María Ñúñez", SellerName: "Fox & Owl Books"}
	for _, c := range []struct{ password, want string }{
		{"ñandú 123", apierr.CodeTooShort},
		{"ñandú 1234", ""},
		{strings.Repeat("n\u0303", 9), apierr.CodeTooShort}, // nine letters
		{strings.Repeat("n\u0303", 128), ""},
		{strings.Repeat("x", 129), apierr.CodeTooLong},
		{"🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊", ""},
		{"Ana.Roa@LIBROS-de-Ana.example", authapi.CodePasswordIsEmail},
		{"1234567890", authapi.CodePasswordCommon},
		{"QwertyUiop", authapi.CodePasswordCommon},
		{"Bookstore1!", authapi.CodePasswordIsName},
		{"nunez-31.12.1999", authapi.CodePasswordIsName},
		{"MARIA María", authapi.CodePasswordIsName},
		{"foxowlbooks7", authapi.CodePasswordIsName},
		{"libros de ana", authapi.CodePasswordIsName},
		{"bookstore-demo", ""},
		{"a banana for maria", ""},
		{"ana 4711 0815 42", ""},
	} {
		got := ""
		if e, ok := apierr.As(auth.CheckPassword("password", c.password, ana)); ok {
			got = e.Fields[0].Code
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.password, got, c.want)
		}
	}
}
