// Package admin holds what those who run the shop do.
package admin

import (
	"embed"

	"bookstore/frontend/internal/site"
)

//go:embed messages
var messages embed.FS

// Area is the part of the shop that this package holds.
var Area = site.Area{Routes: routes, Messages: messages}

// pages answers for the area.
type pages struct{ *site.Site }

func routes(s *site.Site, r site.Routes) {
	p := pages{s}
	admins := r.Admins()
	admins.Get("/admin/users", p.listUsers)
	admins.Action("/admin/users/"+site.Number, p.updateUser)

	admins.Get("/admin/orders", p.listOrders)
	admins.Get("/admin/orders/"+site.UUID, p.showOrder)
	admins.Form("/admin/orders/"+site.UUID+"/confirm", p.confirmTransfer, p.showTransfer)
	admins.Form("/admin/orders/"+site.UUID+"/refunds", p.refundOrder, p.showRefund)

	admins.Get("/admin/delivery-providers", p.listProviders)
	admins.Form("/admin/delivery-providers", p.addProvider, p.showNewProvider)
	admins.Get("/admin/delivery-providers/new", p.newProvider)
	admins.Form("/admin/delivery-providers/"+site.Number, p.changeProvider, p.showProvider)
	admins.Get("/admin/delivery-providers/"+site.Number, p.editProvider)
	admins.Get("/admin/delivery-providers/"+site.Number+"/edit", p.editProvider)
	admins.Action("/admin/delivery-providers/"+site.Number+"/active", p.offerProvider)
	admins.Action("/admin/delivery-providers/"+site.Number+"/delete", p.deleteProvider)

	admins.Get(commissionPath, p.listCommissionRules)
	admins.Form(commissionPath, p.addCommissionRule, p.renderCommissionRules)
	admins.Action(commissionPath+"/"+site.Number+"/end", p.endCommissionRule)

	admins.Get("/admin/mails", p.listMails)
	admins.Action("/admin/mails/"+site.Number+"/resend", p.resendMail)

	admins.Get("/admin/audit", p.listAudit)
}
