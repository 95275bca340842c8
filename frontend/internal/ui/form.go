package ui

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net/url"
	"slices"

	"github.com/a-h/templ"
)

// Hidden fields of forms.
const (
	FieldFormKey  = "form_key"  // under which the form creates once, however often it is sent
	FieldFormUser = "form_user" // whose page it stands on
	FieldKept     = "kept"      // another form that is carried along, sealed
)

// Form is what a visitor typed, and what is wrong with it. Fields are named as
// in the API; each input's id is its name.
type Form struct {
	Values  url.Values
	Errors  []FieldError
	Problem string // a sentence about the form as a whole
	File    File   // the one that was chosen
	// FieldOf names the form's field for one of the API, where they differ.
	FieldOf func(field string) string
	// Order names the fields in the page's order, in which faults are told.
	Order []string
	// Labels are the names of fields that this form calls otherwise than others.
	Labels map[string]string
}

// File is a file that a visitor chose.
type File struct {
	Name     string // as the browser calls it; empty if none was chosen
	Data     []byte // none if no file was chosen
	TooLarge bool   // Data is only its beginning
}

// Chosen reports whether a file was chosen.
func (f File) Chosen() bool { return f.Name != "" || len(f.Data) > 0 }

// ErrForm says that a form says itself what is wrong with it.
var ErrForm = errors.New("the form is not right")

// Err returns ErrForm if something is wrong.
func (f Form) Err() error {
	if f.OK() {
		return nil
	}
	return ErrForm
}

// FieldError is a sentence about one field.
type FieldError struct {
	Field   string
	Message string
}

// line is the sentence as the summary says it, where no label stands above it.
func (f Form) line(p Page, e FieldError) string {
	label, ok := f.Labels[e.Field]
	if key := "field." + e.Field; !ok && p.Has(key) {
		label, ok = p.T(key), true
	}
	if !ok {
		return e.Message
	}
	return p.T("form.summary_line", "Field", label, "Message", e.Message)
}

// NewForm returns a form that shows the given names and values in pairs.
func NewForm(pairs ...string) Form {
	f := Form{Values: url.Values{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Values.Set(pairs[i], pairs[i+1])
	}
	return f
}

// key returns the key under which the form creates once: a new one for a form
// that was not sent before.
func (f Form) key() string {
	return cmp.Or(f.Value(FieldFormKey), rand.Text())
}

// Value returns what was typed into a field.
func (f Form) Value(name string) string { return f.Values.Get(name) }

// Error returns the sentence about a field, or "".
func (f Form) Error(name string) string {
	for _, e := range f.Errors {
		if e.Field == name {
			return e.Message
		}
	}
	return ""
}

// Sort puts what is wrong into the page's order. Fields that Order does not name
// come last, as they were blamed.
func (f *Form) Sort() {
	place := func(e FieldError) int {
		if i := slices.Index(f.Order, e.Field); i >= 0 {
			return i
		}
		return len(f.Order)
	}
	slices.SortStableFunc(f.Errors, func(a, b FieldError) int { return cmp.Compare(place(a), place(b)) })
}

// Blame adds a sentence about a field.
func (f *Form) Blame(field, message string) {
	f.Errors = append(f.Errors, FieldError{field, message})
}

// OK reports whether nothing is wrong.
func (f Form) OK() bool { return len(f.Errors) == 0 && f.Problem == "" }

// Field describes one input of a form.
type Field struct {
	Name         string
	Label        string
	Type         string // "text" if empty
	Hint         string
	Required     bool // others are marked as optional, unless Quiet
	Quiet        bool // do not mark as optional
	Wide         bool // takes more room in a row of fields
	Autocomplete string
	InputMode    string
	Placeholder  string
	Prefix       string // unit before the input, such as "$"
	Min, Max     string
	Accept       string // the media types of a file
	List         string // id of a datalist of suggestions
	MinLength    int
	MaxLength    int
	Rows         int  // of a text area
	Secret       bool // never filled in again
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// value is what the input is filled with: passwords never are.
func (f Field) value(form Form) string {
	if f.Secret || f.Type == "password" {
		return ""
	}
	return form.Value(f.Name)
}

// describedBy names the elements that explain an input.
func (f Field) describedBy(form Form) string {
	ids := ""
	if f.Hint != "" {
		ids = f.Name + "-hint"
	}
	if form.Error(f.Name) != "" {
		if ids != "" {
			ids += " "
		}
		ids += f.Name + "-error"
	}
	return ids
}

// inputAttributes are those that only some inputs have.
func (f Field) inputAttributes(p Page, form Form) templ.Attributes {
	a := templ.Attributes{}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("autocomplete", f.Autocomplete)
	set("inputmode", f.InputMode)
	set("placeholder", f.Placeholder)
	set("min", f.Min)
	set("max", f.Max)
	set("accept", f.Accept)
	set("list", f.List)
	if f.kind() == "text" { // what people type is in any language
		set("dir", "auto")
	}
	set("aria-describedby", f.describedBy(form))
	if f.Type == "password" { // the words of the button with which a script shows it
		set("data-show", p.T("form.show_password"))
		set("data-hide", p.T("form.hide_password"))
	}
	if f.MinLength > 0 {
		a["minlength"] = f.MinLength
	}
	if f.MaxLength > 0 {
		a["maxlength"] = f.MaxLength
	}
	if f.Required {
		a["required"] = true
	}
	if form.Error(f.Name) != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// Option is one choice of a select or of radio buttons.
type Option struct {
	Value string
	Label string
	Note  string // second line of a radio card
	Side  string // at the end of a radio card, such as its price
}
