package site

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strings"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
	"bookstore/shared/i18n"
	"bookstore/shared/money"
	"bookstore/shared/text"
)

// FormHandler takes what a visitor typed. It blames what is wrong with it in
// form and returns form.Err(), or what a backend has against it.
type FormHandler func(w http.ResponseWriter, r *http.Request, form *ui.Form) error

// FormPage answers with the page of a form, filled in.
type FormPage func(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error

// errOtherUser says that a form stood on a page that was made for another user.
var errOtherUser = apierr.New(apierr.KindConflict, "form_of_other_user")

// answerForm lets f take what was typed, and shows it again if it can't be taken
// as it is. Without a page to show, the error is returned.
func (s *Site) answerForm(w http.ResponseWriter, r *http.Request, f formRoute) error {
	form, err := s.readOnce(w, r)
	if err != nil {
		return err
	}
	if err := refusal(r); err != nil {
		return err
	}
	if user := UserFrom(r); user != nil && form.Values.Has(ui.FieldFormUser) && owner(r, form) != user.ID {
		return errOtherUser
	}
	err = f.take(w, r, &form)
	if err == nil || f.show == nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if !errors.Is(err, ui.ErrForm) {
		sayWhen(w, err)
		if status, err = s.blame(r, &form, err); err != nil {
			return err
		}
	}
	form.Sort()
	visitorFrom(r.Context()).kept = s.keep(w, r)
	return f.show(w, r, status, form)
}

// readOnce reads the form that r sends, at its first call.
func (s *Site) readOnce(w http.ResponseWriter, r *http.Request) (ui.Form, error) {
	v := visitorFrom(r.Context())
	if v.typed == nil {
		form, err := v.form.read(w, r)
		if err != nil {
			return ui.Form{}, err
		}
		v.typed = &form
	}
	return *v.typed, nil
}

// CallOnce returns the context for a call of a backend that creates something,
// once however often the form is sent.
func (s *Site) CallOnce(r *http.Request, form *ui.Form) context.Context {
	return httpclient.WithKey(s.Call(r), form.Value(ui.FieldFormKey))
}

// readForm returns what the visitor typed, without blanks around it, and nothing
// where nothing can be seen; passwords are left as they are.
func readForm(r *http.Request) (ui.Form, error) {
	if err := r.ParseForm(); err != nil {
		return ui.Form{}, unreadable(err)
	}
	form := ui.NewForm()
	for name, values := range r.PostForm {
		for _, value := range values {
			form.Values.Add(name, typed(name, value))
		}
	}
	return form, nil
}

// typed returns what a visitor meant by a field's text.
func typed(name, value string) string {
	switch {
	case strings.Contains(name, "password"):
		return value
	case text.Line(value) == "":
		return ""
	}
	return strings.TrimSpace(value)
}

// unreadable says why a form can't be read.
func unreadable(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return errTooLarge
	}
	return errMalformed
}

// blame writes into form what a backend has against it and returns the status
// to show it again with. What a form can't mend is returned as the error it is.
func (s *Site) blame(r *http.Request, form *ui.Form, err error) (int, error) {
	e, ok := apierr.As(err)
	if !ok {
		return 0, err
	}
	switch e.Kind {
	case apierr.KindInvalid, apierr.KindConflict, apierr.KindRateLimited:
	case apierr.KindUnavailable: // better the form again, with all that was typed, than a page that says so
		slog.WarnContext(r.Context(), "form not taken", "error", err)
	default:
		return 0, err
	}
	if e.Code == apierr.CodeIdempotencyKeyReused { // sent again as a new form, it makes another one
		form.Values.Del(ui.FieldFormKey)
	}
	s.blameFields(r, form, e)
	if len(e.Fields) == 0 {
		form.Problem = Sentence(Words(r), e)
	}
	return e.GetStatus(), nil
}

// blameFields says what e has against fields of form that nobody has blamed yet:
// one thing at a time about each.
func (s *Site) blameFields(r *http.Request, form *ui.Form, e *apierr.Error) {
	for _, f := range e.Fields {
		name := f.Field
		if form.FieldOf != nil {
			name = form.FieldOf(name)
		}
		if form.Error(name) == "" {
			form.Blame(name, s.FieldSentence(Words(r), f))
		}
	}
}

// BlameAlso adds to what is wrong with form what a look at all of it found. If
// there could be none, nothing is added: sending the form will tell.
func (s *Site) BlameAlso(r *http.Request, form *ui.Form, err error) {
	if e, ok := apierr.As(err); ok && e.Kind == apierr.KindInvalid {
		s.blameFields(r, form, e)
	} else if err != nil {
		slog.InfoContext(r.Context(), "not all of a form checked", "error", err)
	}
}

// Blame says what is wrong with a field of form, in the words for the code.
func (s *Site) Blame(r *http.Request, form *ui.Form, field, code string, params ...any) {
	e := apierr.Field(field, code, params...)
	form.Blame(field, s.FieldSentence(Words(r), e.Fields[0]))
}

// FieldSentence says what is wrong with a field: in the field's own words
// where there are some ("error.field.email.bad_format"), else in the code's.
func (s *Site) FieldSentence(t *i18n.Translator, f apierr.FieldError) string {
	params := f.Params
	if isAmount(f.Field) {
		params = s.amounts(t, params)
	}
	for _, key := range []string{"error.field." + f.Field + "." + f.Code, "error.field." + f.Code, "error." + f.Code} {
		if t.Has(key) {
			return t.With(key, params)
		}
	}
	return t.T("error.field." + apierr.CodeBadFormat)
}

// isAmount reports whether a field holds money, which the API counts in minor units.
func isAmount(field string) bool {
	switch field {
	case "price", "min_price", "max_price", "cost", "amount":
		return true
	}
	return false
}

// amounts returns params with minor units written as money.
func (s *Site) amounts(t *i18n.Translator, params map[string]any) map[string]any {
	written := maps.Clone(params)
	for name, value := range written {
		if n, ok := value.(float64); ok {
			written[name] = t.Money(money.New(int64(n), s.Currency))
		}
	}
	return written
}
