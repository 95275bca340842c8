package seal_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bookstore/shared/seal"
)

const (
	order    = "0198c0de-0000-7000-8000-000000000001"
	shipment = "0198c0de-0000-7000-8000-000000000002"
	salt     = "000102030405060708090a0b0c0d0e0f"
)

func key() seal.Key {
	k := make(seal.Key, seal.MinKey)
	for i := range k {
		k[i] = byte(i)
	}
	return k
}

func placed() seal.Event {
	return seal.Event{
		OrderID: order, Seq: 1, At: time.UnixMicro(1767225600123456),
		Actor: "buyer", ActorID: 7, Subject: "order", To: "pending",
	}
}

func rejected() seal.Event {
	return seal.Event{
		OrderID: order, Seq: 2, At: time.UnixMicro(1767225601000000),
		Actor: "seller", ActorID: 9, Subject: "shipment", SubjectID: shipment, ShipmentID: shipment,
		From: "new", To: "rejected", Text: "dañado & <roto>",
	}
}

// cancelled is an event that says why by a code and a note.
func cancelled() seal.Event {
	return seal.Event{
		Version: seal.VersionDigest, OrderID: order, Seq: 3, At: time.UnixMicro(1767225602000000),
		Actor: "buyer", ActorID: 7, Subject: "order", From: "reserved", To: "restocking",
		Code: "buyer_cancelled", NoteDigest: seal.NoteDigest(salt, "stock_gone"),
	}
}

// The seals were computed by another program, with Python's hmac module. They
// must never change: those of all past events would break.
func TestSealsAreTheKnownOnes(t *testing.T) {
	first := key().Seal("", placed())
	if want := "0eaa2993e55d8a6c8b7ebdc1b7c50a3f0f046f4b95cb4bfe2c81d84c6d2beabc"; first != want {
		t.Errorf("first event: got %s, want %s", first, want)
	}
	second := key().Seal(first, rejected())
	if want := "2fc7b2e48cb44b2cd9ba83bef168477b25bc969d4c1478c3aa1277e3b4e3ec57"; second != want {
		t.Errorf("second event: got %s, want %s", second, want)
	}
	third := key().Seal(second, cancelled())
	if want := "875430df6d4b914171fb8d57d9de41891a3f47d656078181ea5fa7756258d6f1"; third != want {
		t.Errorf("third event: got %s, want %s", third, want)
	}
}

func TestEveryPartOfAnEventIsSealed(t *testing.T) {
	want := key().Seal("", rejected())
	for what, change := range map[string]func(e *seal.Event){
		"order":      func(e *seal.Event) { e.OrderID = shipment },
		"number":     func(e *seal.Event) { e.Seq++ },
		"time":       func(e *seal.Event) { e.At = e.At.Add(time.Microsecond) },
		"actor":      func(e *seal.Event) { e.Actor = "admin" },
		"actor's id": func(e *seal.Event) { e.ActorID++ },
		"subject":    func(e *seal.Event) { e.Subject = "payment" },
		"subject id": func(e *seal.Event) { e.SubjectID = "" },
		"shipment":   func(e *seal.Event) { e.ShipmentID = "" },
		"from":       func(e *seal.Event) { e.From = "accepted" },
		"to":         func(e *seal.Event) { e.To = "cancelled" },
		"text":       func(e *seal.Event) { e.Text = "" },
		"version":    func(e *seal.Event) { e.Version = seal.VersionDigest },
		// The same letters, in another column.
		"border": func(e *seal.Event) { e.From, e.To = "newr", "ejected" },
	} {
		e := rejected()
		change(&e)
		if key().Seal("", e) == want {
			t.Errorf("%s: changed, and the seal is the same", what)
		}
	}
	if key().Seal("x", rejected()) == want {
		t.Error("the seal before does not matter")
	}
	if seal.Key("another key").Seal("", rejected()) == want {
		t.Error("the key does not matter")
	}
}

func TestCodeAndDigestOfANoteAreSealed(t *testing.T) {
	want := key().Seal("", cancelled())
	for what, change := range map[string]func(e *seal.Event){
		"code":    func(e *seal.Event) { e.Code = "" },
		"digest":  func(e *seal.Event) { e.NoteDigest = "" },
		"version": func(e *seal.Event) { e.Version = seal.VersionText },
		"state":   func(e *seal.Event) { e.To = "cancelled" },
	} {
		e := cancelled()
		change(&e)
		if key().Seal("", e) == want {
			t.Errorf("%s: changed, and the seal is the same", what)
		}
	}
	unknown := cancelled()
	unknown.Version = seal.Latest + 1
	if got := key().Seal("", unknown); got != "" {
		t.Errorf("an event of an unknown version is sealed with %s", got)
	}
}

func TestANoteMayBeErasedButNotAltered(t *testing.T) {
	digest := seal.NoteDigest(salt, "stock_gone")
	for _, c := range []struct {
		what, digest, salt, note string
		want                     error
	}{
		{"as it was written", digest, salt, "stock_gone", nil},
		{"erased with its salt", digest, "", "", nil},
		{"no note at all", "", "", "", nil},
		{"altered", digest, salt, "another", seal.ErrNote},
		{"taken away, its salt left", digest, salt, "", seal.ErrNote},
		{"salted anew", digest, seal.NewSalt(), "stock_gone", seal.ErrNote},
		{"added", "", salt, "stock_gone", seal.ErrNote},
	} {
		if err := seal.CheckNote(c.digest, c.salt, c.note); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.what, err, c.want)
		}
	}
	if a, b := seal.NewSalt(), seal.NewSalt(); len(a) != 32 || a == b {
		t.Errorf("two salts are %s and %s", a, b)
	}
}

func TestAKeyIsASettingOfAtLeast32Characters(t *testing.T) {
	setting := strings.Repeat("k+/=", seal.MinKey/4)
	var k seal.Key
	if err := k.UnmarshalText([]byte(setting)); err != nil || string(k) != setting {
		t.Errorf("got %q and %v, want the setting as it is", string(k), err)
	}
	for _, text := range []string{"", "secret!", setting[1:]} {
		if _, err := seal.ParseKey(text); !errors.Is(err, seal.ErrKey) {
			t.Errorf("%q: got %v, want %v", text, err, seal.ErrKey)
		}
	}
}

func TestAKeyIsNotPrinted(t *testing.T) {
	k := seal.Key(strings.Repeat("s", seal.MinKey))
	for _, text := range []string{fmt.Sprint(k), fmt.Sprintf("%+v %#v %s", k, k, k)} {
		if strings.Contains(text, "ss") || strings.Contains(text, "115") {
			t.Errorf("got %s", text)
		}
	}
}
