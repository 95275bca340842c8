package mail_test

import (
	"embed"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/shared/i18n/i18ntest"
	"bookstore/shared/mail"
	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"
	"bookstore/shared/text"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
)

// emptyFiles are message files without messages.
type emptyFiles = embed.FS

func TestMailsSpeakEachLanguage(t *testing.T) { i18ntest.CheckMessages(t, os.DirFS(".")) }

// said is what a mail must say in a language, and what it must not.
type said struct {
	subject string
	text    []string
	never   []string
}

// In these, {names} stand for facts of the order; see testShop.fill.
var wordings = []struct {
	name   string
	play   func(s *testShop)
	to     string
	en, es said
}{
	{
		name: "cancelled unpaid by its buyer", to: "ada@example.org",
		play: func(s *testShop) {
			s.place(false)
			s.pay(shop.MethodTransfer, "")
			s.take(s.Cancel(s.t.Context(), buyer, s.order.ID, "", shopapi.ReasonStockGone))
		},
		en: said{"Your order {number} is cancelled", []string{"You have cancelled your order. You were not charged.", "2 × Emma (Jane Austen): {two}", "Total: {total}"}, []string{shopapi.ReasonStockGone, "somebody else"}},
		es: said{"Tu pedido {number} está cancelado", []string{"Has cancelado tu pedido. No se te ha cobrado nada.", "Total: {total}"}, []string{shopapi.ReasonStockGone, "otra persona"}},
	},
	{
		name: "cancelled by its buyer after it was paid", to: "ada@example.org",
		play: func(s *testShop) { s.paid(true); s.take(s.Cancel(s.t.Context(), buyer, s.order.ID, "", "")) },
		en:   said{"Your order {number} is cancelled", []string{"You have cancelled your order. You had paid {total}. All of it goes back to you (by card)"}, []string{"not charged"}},
		es:   said{"Tu pedido {number} está cancelado", []string{"Has cancelado tu pedido. Habías pagado {total}. Te lo devolvemos todo (con tarjeta)"}, []string{"No se te ha cobrado"}},
	},
	{
		name: "cancelled by an admin", to: "ada@example.org",
		play: func(s *testShop) {
			s.paid(false)
			s.take(s.Cancel(s.t.Context(), admin, s.order.ID, "", shopapi.ReasonBuyerCancelled))
		},
		en: said{"Your order {number} is cancelled", []string{"We have cancelled your order. The reason given: > buyer_cancelled", "You had paid {total}."}, []string{"You have cancelled", "not charged"}},
		es: said{"Tu pedido {number} está cancelado", []string{"Hemos cancelado tu pedido. El motivo indicado: > buyer_cancelled", "Habías pagado {total}."}, []string{"Has cancelado"}},
	},
	{
		name: "cancelled for want of copies", to: "ada@example.org",
		play: func(s *testShop) {
			s.place(false)
			s.catalog.Drop(s.order.ID)
			s.pay(shop.MethodCard, sandbox.CardPays)
		},
		en: said{"Your order {number} is cancelled", []string{"the last copy went to somebody else", "You were not charged. If your bank shows the amount as set aside"}, []string{"goes back"}},
		es: said{"Tu pedido {number} está cancelado", []string{"el último ejemplar fue para otra persona", "No se te ha cobrado nada. Si tu banco"}, []string{"devolvemos"}},
	},
	{
		name: "cancelled since the payment was refused in the end", to: "ada@example.org",
		play: func(s *testShop) { s.place(false); s.pay(shop.MethodCard, sandbox.CardCaptureRefused) },
		en:   said{"Your order {number} is cancelled", []string{"your payment was refused", "You were not charged."}, []string{"somebody else"}},
		es:   said{"Tu pedido {number} está cancelado", []string{"tu pago fue rechazado", "No se te ha cobrado nada."}, nil},
	},
	{
		name: "cancelled for want of copies after the money came", to: "ada@example.org",
		play: func(s *testShop) {
			s.place(false)
			s.pay(shop.MethodTransfer, "")
			s.catalog.Drop(s.order.ID)
			s.confirm(s.order.Total)
			s.pass(0)
		},
		en: said{"Your order {number} is cancelled", []string{"the last copy went to somebody else", "You had paid {total}. All of it goes back to you (by bank transfer)"}, []string{"not charged"}},
		es: said{"Tu pedido {number} está cancelado", []string{"Habías pagado {total}. Te lo devolvemos todo (por transferencia)"}, []string{"No se te ha cobrado"}},
	},
	{
		name: "refunded for want of copies", to: "ada@example.org",
		play: func(s *testShop) {
			s.place(false)
			s.pay(shop.MethodTransfer, "")
			s.catalog.Drop(s.order.ID)
			s.confirm(s.order.Total)
			s.pass(0)
		},
		en: said{"A refund of {total} for order {number}", []string{"We have given {total} back to you (by bank transfer). The last copy went to somebody else"}, nil},
		es: said{"Una devolución de {total} por el pedido {number}", []string{"Te hemos devuelto {total} (por transferencia). El último ejemplar fue para otra persona"}, nil},
	},
	{
		name: "not paid in time", to: "ada@example.org",
		play: func(s *testShop) { s.place(false); s.pay(shop.MethodTransfer, ""); s.pass(51 * time.Hour) },
		en:   said{"Your order {number} was not paid in time", []string{"You were not charged.", "If you have sent the money already, it goes back to you"}, nil},
		es:   said{"Tu pedido {number} no se pagó a tiempo", []string{"No se te ha cobrado nada.", "Si ya enviaste el dinero, te lo devolveremos"}, nil},
	},
	{
		name: "awaiting a transfer", to: "ada@example.org",
		play: func(s *testShop) { s.place(false); s.pay(shop.MethodTransfer, "") },
		en:   said{"How to pay your order {number}", []string{"Please transfer {total} and name the reference {reference}. This is the account: Bookstore Ltd ES91 2100 0418 4502 0005 1332 CAIXESBB", "set aside for you until {pay by}", "It goes to: Ada Lovelace Calle 1 Medellín, Antioquia, 050001 Colombia"}, []string{"72 hours"}},
		es:   said{"Cómo pagar tu pedido {number}", []string{"Transfiere {total} e indica la referencia {reference}. Esta es la cuenta: Bookstore Ltd", "apartados para ti hasta el {pay by}"}, []string{"72 horas"}},
	},
	{
		name: "paid", to: "ada@example.org",
		play: func(s *testShop) { s.paid(true) },
		en: said{"Your order {number} is paid", []string{"Hello Ada,", "You have paid {total} (by card).", "From Sam's: 2 × Emma (Jane Austen): {two} Delivery by {provider}: {delivery} From Sally's: 1 × Dune",
			"Total: {total}", "The sellers have until {answer by}", "http://shop.test/orders/"}, []string{"two days"}},
		es: said{"Tu pedido {number} está pagado", []string{"Hola, Ada:", "Has pagado {total} (con tarjeta).", "De Sam's: 2 × Emma (Jane Austen): {two}", "Los vendedores tienen hasta el {answer by}"}, nil},
	},
	{
		name: "paid with too much", to: "ada@example.org",
		play: func(s *testShop) {
			s.place(false)
			s.pay(shop.MethodTransfer, "")
			s.confirm(s.order.Total + 100)
			s.pass(0)
		},
		en: said{"Your order {number} is paid", []string{"You have paid {total} (by bank transfer). You had sent {more}; the {one} that were too much go back to you.", "The seller has until {answer by}"}, nil},
		es: said{"Tu pedido {number} está pagado", []string{"Habías enviado {more}; te devolvemos los {one} que sobraron."}, nil},
	},
	{
		name: "sold", to: "sam@example.org",
		play: func(s *testShop) { s.paid(true) },
		en: said{"You sold books: order {number}", []string{"2 × Emma (Jane Austen): {two} Delivery by {provider}: {delivery} Together: {parcel}", "Please send it to: Ada Lovelace Calle 1 Medellín, Antioquia, 050001 Colombia Phone: 555 1234",
			"by {answer by}", "http://shop.test/selling/orders/"}, []string{"Dune", "{total}"}},
		es: said{"Has vendido libros: pedido {number}", []string{"En total: {parcel}", "antes del {answer by}"}, []string{"Dune"}},
	},
	{
		name: "reminded", to: "sam@example.org",
		play: func(s *testShop) { s.paid(false); s.pass(31 * time.Hour) },
		en:   said{"Order {number} is waiting for you", []string{"On {paid at} a buyer paid for: 2 × Emma", "by {answer by}"}, []string{"two days"}},
		es:   said{"El pedido {number} te espera", []string{"El {paid at} un comprador pagó: 2 × Emma", "antes del {answer by}"}, nil},
	},
	{
		name: "not accepted in time, to the seller", to: "sam@example.org",
		play: func(s *testShop) { s.paid(false); s.pass(31 * time.Hour); s.pass(40 * time.Hour) },
		en:   said{"A sale of order {number} is cancelled", []string{"You did not accept this sale in time", "Please do not send it."}, nil},
		es:   said{"Una venta del pedido {number} está cancelada", []string{"No aceptaste esta venta a tiempo"}, nil},
	},
	{
		name: "not accepted in time, to the buyer", to: "ada@example.org",
		play: func(s *testShop) { s.paid(false); s.pass(31 * time.Hour); s.pass(40 * time.Hour) },
		en:   said{"A shipment of order {number} is cancelled", []string{"Sam's did not accept this shipment in time", "What you paid for it, {parcel}, goes back to you (by card)"}, nil},
		es:   said{"Un envío del pedido {number} está cancelado", []string{"Sam's no aceptó este envío a tiempo", "{parcel} (con tarjeta)"}, nil},
	},
	{
		name: "one shipment cancelled by its buyer, to the seller", to: "sam@example.org",
		play: func(s *testShop) {
			s.paid(true)
			s.take(s.Cancel(s.t.Context(), buyer, s.order.ID, s.shipment(), shopapi.ReasonSellerDeadline))
		},
		en: said{"A sale of order {number} is cancelled", []string{"The buyer has cancelled this sale:", "The reason given: > seller_deadline"}, []string{"in time"}},
		es: said{"Una venta del pedido {number} está cancelada", []string{"El comprador ha cancelado esta venta:", "> seller_deadline"}, []string{"a tiempo"}},
	},
	{
		name: "one shipment cancelled by its buyer, confirmed", to: "ada@example.org",
		play: func(s *testShop) { s.paid(true); s.take(s.Cancel(s.t.Context(), buyer, s.order.ID, s.shipment(), "")) },
		en:   said{"A shipment of order {number} is cancelled", []string{"You have cancelled this shipment of Sam's:", "What you paid for it, {parcel}, goes back to you"}, []string{"Dune"}},
		es:   said{"Un envío del pedido {number} está cancelado", []string{"Has cancelado este envío de Sam's:", "{parcel}"}, []string{"Dune"}},
	},
	{
		name: "rejected by its seller", to: "ada@example.org",
		play: func(s *testShop) {
			s.paid(false)
			s.take(s.Reject(s.t.Context(), seller(sam), s.shipment(), "Water damage. You were not charged.", false))
		},
		en: said{"A shipment of order {number} can't be sent", []string{"Sam's can't send this shipment and writes: > Water damage. You were not charged. 2 × Emma", "What you paid for it, {parcel}, goes back to you"}, nil},
		es: said{"Un envío del pedido {number} no puede hacerse", []string{"Sam's no puede hacer este envío y escribe: > Water damage.", "{parcel}"}, nil},
	},
	{
		name: "dispatched", to: "ada@example.org",
		play: func(s *testShop) {
			s.paid(true)
			s.take(s.Dispatch(s.t.Context(), seller(sam), s.shipment(), "JD014600003"))
		},
		en: said{"A shipment of order {number} is on its way", []string{"Sam's has sent this shipment by {provider}. Its tracking number is JD014600003.", "2 × Emma", "It goes to: Ada Lovelace"}, []string{"Dune", "Phone"}},
		es: said{"Un envío del pedido {number} está en camino", []string{"Sam's ha despachado este envío por {provider}. Su número de seguimiento es JD014600003."}, []string{"Dune"}},
	},
	{
		name: "tracking number corrected", to: "ada@example.org",
		play: func(s *testShop) {
			s.paid(false)
			s.take(s.Dispatch(s.t.Context(), seller(sam), s.shipment(), "JD014600003"))
			s.take(s.Dispatch(s.t.Context(), seller(sam), s.shipment(), "JD014600004"))
		},
		en: said{"Another tracking number for order {number}", []string{"It is JD014600004."}, []string{"JD014600003"}},
		es: said{"Otro número de seguimiento para el pedido {number}", []string{"Es JD014600004."}, nil},
	},
	{
		name: "delivered", to: "ada@example.org",
		play: func(s *testShop) {
			s.paid(false)
			s.take(s.Dispatch(s.t.Context(), seller(sam), s.shipment(), "JD014600003"))
			s.take(s.Deliver(s.t.Context(), seller(sam), s.shipment()))
		},
		en: said{"A shipment of order {number} has arrived", []string{"Sam's says that this shipment has been delivered to you: 2 × Emma"}, nil},
		es: said{"Un envío del pedido {number} ha llegado", []string{"Sam's indica que este envío te ha sido entregado: 2 × Emma"}, nil},
	},
	{
		name: "refunded in part by an admin", to: "ada@example.org",
		play: func(s *testShop) {
			s.paid(true)
			s.take(s.Refund(s.t.Context(), admin, s.order.ID, shop.RefundRequest{ShipmentID: s.shipment(), Amount: 100, Note: shopapi.ReasonLatePayment}))
			s.pass(0)
		},
		en: said{"A refund of {one} for order {number}", []string{"We have given {one} back to you (by card).", "The reason given: > late_payment", "It is for this shipment: 2 × Emma", "Of the {total} that you paid for this order, {one} goes back to you in all."}, []string{"over already", "Dune"}},
		es: said{"Una devolución de {one} por el pedido {number}", []string{"Te hemos devuelto {one} (con tarjeta).", "> late_payment", "De los {total} que pagaste por este pedido, se te devuelven {one} en total."}, []string{"ya había terminado"}},
	},
}

func TestMailsSayWhatTheOrdersRecordSays(t *testing.T) {
	for _, w := range wordings {
		for lang, want := range map[string]said{"en": w.en, "es": w.es} {
			t.Run(w.name+" in "+lang, func(t *testing.T) {
				onEach(t, func(t *testing.T, db *sqldb.DB) {
					s := newShop(t, db, lang)
					w.play(s)
					s.wants(w.to, want, s.send())
				})
			})
		}
	}
}

func (s *testShop) wants(to string, want said, mails []mail.Message) {
	s.t.Helper()
	subject := text.Line(s.fill(want.subject))
	at := slices.IndexFunc(mails, func(m mail.Message) bool { return m.To.Email == to && m.Subject == subject })
	if at < 0 {
		for _, m := range mails {
			s.t.Logf("%s: %s", m.To.Email, m.Subject)
		}
		s.t.Fatalf("%s got no mail %q", to, subject)
	}
	m := mails[at]
	said := strings.Join(strings.Fields(m.Text), " ")
	for _, part := range want.text {
		if part = strings.Join(strings.Fields(s.fill(part)), " "); !strings.Contains(said, part) {
			s.t.Errorf("the mail does not say %q:\n%s", part, m.Text)
		}
	}
	for _, part := range append(want.never, "<no value>", "{{", "mail.") {
		if part = s.fill(part); strings.Contains(said, part) {
			s.t.Errorf("the mail says %q:\n%s", part, m.Text)
		}
	}
	if m.Language != s.language {
		s.t.Errorf("the mail's language is %q", m.Language)
	}
}
