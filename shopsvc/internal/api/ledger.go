package api

import (
	"context"

	"bookstore/shared/jsonapi"
	"bookstore/shared/shopapi"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerLedger(api huma.API) {
	jsonapi.Handle(api, "GET /v1/balance", "get-balance", "Show what the calling seller is owed", h.getBalance, jsonapi.Authenticated)
	jsonapi.Handle(api, "GET /v1/admin/commission-rules", "list-commission-rules", "List commission rules (admins)", h.listCommissionRules, jsonapi.Authenticated)
	jsonapi.Handle(api, "POST /v1/admin/commission-rules", "create-commission-rule", "Add a commission rule (admins)", h.createCommissionRule, jsonapi.Authenticated, jsonapi.Created)
	jsonapi.Handle(api, "POST /v1/admin/commission-rules/{id}/end", "end-commission-rule", "End a commission rule (admins)", h.endCommissionRule, jsonapi.Authenticated)
}

func (h *handler) getBalance(ctx context.Context, _ *struct{}) (*jsonapi.Body[shopapi.Balance], error) {
	balance, err := h.shop.Balance(ctx, caller(ctx))
	return jsonapi.Answer(balance, err, h.toBalance)
}

func (h *handler) listCommissionRules(ctx context.Context, _ *struct{}) (*jsonapi.Body[shopapi.CommissionRules], error) {
	rules, err := h.shop.CommissionRules(ctx, caller(ctx))
	return jsonapi.Answer(rules, err, h.toCommissionRules)
}

func (h *handler) createCommissionRule(ctx context.Context, in *struct {
	jsonapi.IdempotencyKey
	Body shopapi.CommissionRuleInput
}) (*jsonapi.Body[shopapi.CommissionRule], error) {
	rule, err := h.shop.AddCommissionRule(ctx, caller(ctx), in.Key, fromCommissionRuleInput(in.Body))
	return jsonapi.Answer(rule, err, h.toCommissionRule)
}

func (h *handler) endCommissionRule(ctx context.Context, in *struct {
	ID int64 `path:"id" minimum:"1"`
}) (*struct{}, error) {
	return nil, h.shop.EndCommissionRule(ctx, caller(ctx), in.ID)
}
