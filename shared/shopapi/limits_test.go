package shopapi

import (
	"testing"

	"bookstore/shared/internal/tagtest"
)

func TestTheTagsStateTheLimits(t *testing.T) {
	tagtest.Check(t, Address{}, map[string]int{
		"Name.maxLength": MaxAddressName, "Line1.maxLength": MaxAddressLine, "Line2.maxLength": MaxAddressLine,
		"City.maxLength": MaxCity, "Region.maxLength": MaxRegion, "PostalCode.maxLength": MaxPostalCode,
		"Phone.maxLength": MaxPhone,
	})
	tagtest.Check(t, SetCartLine{}, map[string]int{"Quantity.maximum": MaxQuantity})
	tagtest.Check(t, PlaceLine{}, map[string]int{"Quantity.maximum": MaxQuantity})
	tagtest.Check(t, PlaceOrder{}, map[string]int{"Lines.maxItems": MaxCartLines})
	tagtest.Check(t, DeliveryProviderInput{}, map[string]int{"Name.maxLength": MaxProviderName, "Cost.maximum": MaxDeliveryCost, "TrackingURL.maxLength": MaxTrackingURL})
	tagtest.Check(t, Cancel{}, map[string]int{"Reason.maxLength": MaxReason})
	tagtest.Check(t, Reject{}, map[string]int{"Reason.maxLength": MaxReason})
	tagtest.Check(t, RefundInput{}, map[string]int{"Reason.maxLength": MaxReason})
	tagtest.Check(t, Dispatch{}, map[string]int{"TrackingNumber.maxLength": MaxTrackingNumber})
}

func TestTheTagsStateTheStates(t *testing.T) {
	tagtest.CheckEnum(t, Order{}, "State", OrderStates)
	tagtest.CheckEnum(t, OrderQuery{}, "State", OrderStates)
	tagtest.CheckEnum(t, Shipment{}, "State", ShipmentStates)
	tagtest.CheckEnum(t, Payment{}, "State", PaymentStates)
	tagtest.CheckEnum(t, Refund{}, "State", RefundStates)
}
