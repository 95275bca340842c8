package delivery

import (
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/country"
)

// showCountry answers GET /delivery-country: a page, or the form alone in the
// place of the link that leads there.
func (s pages) showCountry(w http.ResponseWriter, r *http.Request) error {
	next := r.FormValue("next")
	if next == "" {
		next = site.Here(r)
	}
	return s.countryAgain(w, r, http.StatusOK, ui.NewForm("country", s.Country(r), "next", site.LocalPath(next, "/")))
}

func (s pages) countryAgain(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	p := s.Page(r, site.Words(r).T("delivery.title"))
	return s.Render(w, r, status, CountryPage(p, form), CountryForm(p, form))
}

// chooseCountry answers POST /delivery-country.
func (s pages) chooseCountry(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	chosen := form.Value("country")
	if !country.Valid(chosen) {
		form.Blame("country", site.Words(r).T("error.field.unknown_country"))
		return form.Err()
	}
	s.SetCountry(w, chosen)
	return s.Redirect(w, r, site.LocalPath(form.Value("next"), "/"))
}
