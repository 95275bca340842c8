package admin

import (
	"fmt"
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/shopapi"
)

// listProviders answers GET /admin/delivery-providers.
func (s pages) listProviders(w http.ResponseWriter, r *http.Request) error {
	providers, err := s.Shop.DeliveryProviders(s.Call(r))
	if err != nil {
		return err
	}
	t := site.Words(r)
	list := ProviderList{Home: ui.CountryName(t.Lang(), providers.HomeCountry), Items: providers.Items}
	return s.Render(w, r, http.StatusOK, ProvidersPage(s.Page(r, t.T("providers.title")), list), nil)
}

// newProvider answers GET /admin/delivery-providers/new.
func (s pages) newProvider(w http.ResponseWriter, r *http.Request) error {
	form := ui.NewForm("active", "true", "coverage", shopapi.CoverageNational)
	return s.showNewProvider(w, r, http.StatusOK, form)
}

func (s pages) showNewProvider(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	p := s.Page(r, site.Words(r).T("providers.add"))
	return s.Render(w, r, status, ProviderPage(p, ProviderForm{Currency: s.Currency, Form: form}), nil)
}

// editProvider answers GET /admin/delivery-providers/{id}/edit.
func (s pages) editProvider(w http.ResponseWriter, r *http.Request) error {
	d, err := s.provider(r)
	if err != nil {
		return err
	}
	form := ui.NewForm("name", d.Name, "coverage", d.Coverage, "cost", d.Cost.Typed(site.Words(r).Locale()),
		"active", fmt.Sprint(d.Active), "tracking_url", d.TrackingURL)
	return s.renderProvider(w, r, http.StatusOK, d, form)
}

func (s pages) showProvider(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	d, err := s.provider(r)
	if err != nil {
		return err
	}
	return s.renderProvider(w, r, status, d, form)
}

func (s pages) renderProvider(w http.ResponseWriter, r *http.Request, status int, d shopapi.DeliveryProvider, form ui.Form) error {
	p := s.Page(r, site.Words(r).T("providers.edit_title", "Name", d.Name))
	return s.Render(w, r, status, ProviderPage(p, ProviderForm{ID: d.ID, Name: d.Name, Currency: s.Currency, Form: form}), nil)
}

// provider returns the delivery provider that the path names.
func (s pages) provider(r *http.Request) (shopapi.DeliveryProvider, error) {
	id, err := site.PathID(r)
	if err != nil {
		return shopapi.DeliveryProvider{}, err
	}
	providers, err := s.Shop.DeliveryProviders(s.Call(r))
	if err != nil {
		return shopapi.DeliveryProvider{}, err
	}
	for _, d := range providers.Items {
		if d.ID == id {
			return d, nil
		}
	}
	return shopapi.DeliveryProvider{}, site.ErrNotFound
}

// addProvider answers POST /admin/delivery-providers.
func (s pages) addProvider(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	return s.saveProvider(w, r, form, false, func(in shopapi.DeliveryProviderInput) error {
		_, err := s.Shop.CreateDeliveryProvider(s.CallOnce(r, form), in)
		return err
	})
}

// changeProvider answers POST /admin/delivery-providers/{id}.
func (s pages) changeProvider(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	id, err := site.PathID(r)
	if err != nil {
		return err
	}
	return s.saveProvider(w, r, form, true, func(in shopapi.DeliveryProviderInput) error {
		_, err := s.Shop.UpdateDeliveryProvider(s.Call(r), id, in)
		return err
	})
}

// saveProvider hands what the form says of a delivery provider to save.
func (s pages) saveProvider(w http.ResponseWriter, r *http.Request, form *ui.Form, update bool, save func(shopapi.DeliveryProviderInput) error) error {
	form.Order = []string{"name", "coverage", "cost", "tracking_url"}
	in := shopapi.DeliveryProviderInput{
		Name:     form.Value("name"),
		Coverage: form.Value("coverage"),
		Cost:     s.ReadSum(r, form, "cost"),
		Active:   form.Value("active") == "true",
	}
	if url := form.Value("tracking_url"); url != "" || update {
		in.TrackingURL = &url
	}
	if err := save(in); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.provider_saved")
	return s.Redirect(w, r, "/admin/delivery-providers")
}

// offerProvider answers POST /admin/delivery-providers/{id}/active: whether
// buyers are offered it.
func (s pages) offerProvider(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	d, err := s.provider(r)
	if err != nil {
		return err
	}
	in := shopapi.DeliveryProviderInput{
		Name: d.Name, Coverage: d.Coverage, Cost: d.Cost.Amount, Active: form.Value("active") == "true",
	}
	if _, err := s.Shop.UpdateDeliveryProvider(s.Call(r), d.ID, in); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.provider_saved")
	return s.Redirect(w, r, "/admin/delivery-providers")
}

// deleteProvider answers POST /admin/delivery-providers/{id}/delete.
func (s pages) deleteProvider(w http.ResponseWriter, r *http.Request, _ *ui.Form) error {
	id, err := site.PathID(r)
	if err != nil {
		return err
	}
	if err := s.Shop.DeleteDeliveryProvider(s.Call(r), id); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.provider_deleted")
	return s.Redirect(w, r, "/admin/delivery-providers")
}
