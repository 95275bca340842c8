// Package covers keeps the pictures of books as objects: files in a folder, or
// in a bucket of S3 or of whatever speaks its language.
package covers

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"

	"bookstore/catalogsvc/internal/catalog"
)

// Config says where covers are kept.
type Config struct {
	// URL is file:folder or s3://bucket?region=…; an endpoint may follow, for
	// servers other than Amazon's.
	URL string `env:"COVERS_URL" envDefault:"file:data/covers"`
	// AccessKeyID, SecretAccessKey and SessionToken open the bucket; without
	// them the role of the machine does.
	AccessKeyID     string `env:"AWS_ACCESS_KEY_ID"`
	SecretAccessKey string `env:"AWS_SECRET_ACCESS_KEY"`
	SessionToken    string `env:"AWS_SESSION_TOKEN"`
}

var errURL = errors.New("COVERS_URL must be a folder (file:data/covers) or a bucket (s3://name?region=eu-west-1)")

// Open returns the place that cfg names. A folder is made if there is none; a
// bucket must exist.
func Open(cfg Config) (catalog.Pictures, error) {
	place, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, errURL
	}
	region := place.Query().Get("region")
	switch {
	case place.Scheme == "file" && place.Host == "" && place.Path+place.Opaque != "":
		return openFolder(place.Path + place.Opaque)
	case place.Scheme == "s3" && place.Host != "" && region != "":
		return openBucket(cfg, place.Host, region, place.Query().Get("endpoint")), nil
	}
	return nil, errURL
}

// fileName names the object under a key.
func fileName(key string) string { return key + ".jpg" }

var keys = regexp.MustCompile(`^[0-9a-f]{64}(-[0-9]{1,4})?$`)

// checkKey refuses what no cover was ever put under, lest it name another object.
func checkKey(key string) error {
	if !keys.MatchString(key) {
		return fmt.Errorf("%w: %q is no key", catalog.ErrCoverNotFound, key)
	}
	return nil
}
