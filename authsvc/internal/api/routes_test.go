package api

import (
	"testing"

	"bookstore/shared/authapi"
	"bookstore/shared/jsonapi/jsonapitest"
)

func TestTheContractListsAllRoutes(t *testing.T) {
	jsonapitest.CheckRoutes(t, newRouter(nil, Config{}), authapi.DocumentPath, authapi.Prefixes)
}
