package api_test

import (
	"testing"

	"bookstore/shared/mailapi"
	"bookstore/shared/shopapi"
	"bookstore/shared/token"
)

func TestAnAdminReadsMailsAndSendsOneAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		order := wants(s.provider(t, "FedEx"))
		order.Language = "es"
		placed, err := s.client.PlaceOrder(s.as(t, ada, token.Buyer), "the-first-key", order)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.client.PayOrder(s.as(t, ada, token.Buyer), placed.ID, card); err != nil {
			t.Fatal(err)
		}
		admin := s.as(t, root, token.Admin)
		before, err := s.client.Mails(admin, shopapi.MailQuery{})
		if err != nil || len(before.Items) != 3 {
			t.Fatalf("got %+v, %v, want three mails", before, err)
		}
		confirmed := before.Items[2]
		if confirmed.Subject != "Tu pedido "+placed.Number+" está pagado" || confirmed.State != mailapi.Queued || confirmed.NextAt == nil {
			t.Errorf("got %+v", confirmed)
		}
		for range 2 {
			if err := s.client.SendMailAgain(admin, confirmed.ID); err != nil {
				t.Fatal(err)
			}
		}
		after, err := s.client.Mails(admin, shopapi.MailQuery{Limit: 10})
		if err != nil || len(after.Items) != 4 || after.Items[0].Text != confirmed.Text || after.Items[0].ID == confirmed.ID {
			t.Errorf("got %+v, %v, want the mail once more", after, err)
		}
	})
}
