package authapi

import (
	"testing"

	"bookstore/shared/internal/tagtest"
)

func TestTheTagsStateTheLimits(t *testing.T) {
	tagtest.Check(t, Register{}, map[string]int{
		"Email.maxLength": MaxEmail, "Name.maxLength": MaxName,
		"Password.minLength": MinPassword, "Password.maxLength": MaxPassword,
	})
	tagtest.Check(t, Profile{}, map[string]int{"Email.maxLength": MaxEmail, "Name.maxLength": MaxName, "SellerName.maxLength": MaxName})
	tagtest.Check(t, Login{}, map[string]int{"Email.maxLength": MaxEmail, "Password.maxLength": MaxTyped})
	tagtest.Check(t, ChangePassword{}, map[string]int{"CurrentPassword.maxLength": MaxTyped, "NewPassword.minLength": MinPassword, "NewPassword.maxLength": MaxPassword})
	tagtest.Check(t, RequestReset{}, map[string]int{"Email.maxLength": MaxEmail})
	tagtest.Check(t, ResetPassword{}, map[string]int{"NewPassword.minLength": MinPassword, "NewPassword.maxLength": MaxPassword})
	tagtest.Check(t, StartSelling{}, map[string]int{"SellerName.maxLength": MaxName})
}
