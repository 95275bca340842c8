package api

import (
	"testing"

	"bookstore/shared/catalogapi"
	"bookstore/shared/jsonapi/jsonapitest"
)

func TestTheContractListsAllRoutes(t *testing.T) {
	jsonapitest.CheckRoutes(t, newRouter(nil, Config{}), catalogapi.DocumentPath, catalogapi.Prefixes)
}
