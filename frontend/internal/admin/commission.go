package admin

import (
	"net/http"
	"time"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/shopapi"
)

const commissionPath = "/admin/commission"

// listCommissionRules answers GET /admin/commission.
func (s pages) listCommissionRules(w http.ResponseWriter, r *http.Request) error {
	return s.renderCommissionRules(w, r, http.StatusOK, ui.NewForm("fixed", "0", "minimum", "0", "tax_basis_points", "0"))
}

func (s pages) renderCommissionRules(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	rules, err := s.Shop.CommissionRules(s.Call(r))
	if err != nil {
		return err
	}
	v := CommissionView{Rules: rules.Items, Currency: s.Currency, Now: time.Now(), Form: form}
	return s.Render(w, r, status, CommissionPage(s.Page(r, site.Words(r).T("commission.title")), v), nil)
}

// addCommissionRule answers POST /admin/commission.
func (s pages) addCommissionRule(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	form.Order = []string{"basis_points", "fixed", "minimum", "tax_basis_points", "seller_id"}
	in := shopapi.CommissionRuleInput{
		BasisPoints: s.ReadPercent(r, form, "basis_points"), TaxBasisPoints: s.ReadPercent(r, form, "tax_basis_points"),
		Fixed: s.ReadSum(r, form, "fixed"), Minimum: s.ReadSum(r, form, "minimum"),
		OnDelivery: form.Value("on_delivery") == "true",
	}
	if seller := form.Value("seller_id"); seller != "" {
		in.SellerID = s.ReadWhole(r, form, "seller_id", seller)
	}
	if _, err := s.Shop.CreateCommissionRule(s.CallOnce(r, form), in); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.commission_added")
	return s.Redirect(w, r, commissionPath)
}

// endCommissionRule answers POST /admin/commission/{id}/end.
func (s pages) endCommissionRule(w http.ResponseWriter, r *http.Request, _ *ui.Form) error {
	id, err := site.PathID(r)
	if err != nil {
		return err
	}
	if err := s.Shop.EndCommissionRule(s.Call(r), id); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.commission_ended")
	return s.Redirect(w, r, commissionPath)
}
