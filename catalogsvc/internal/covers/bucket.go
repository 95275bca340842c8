package covers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/apierr"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// bucketTimeout bounds one call of the bucket, which may be repeated.
const bucketTimeout = 5 * time.Second

// bucket keeps covers in S3.
type bucket struct {
	client *s3.Client
	name   string
}

func openBucket(cfg Config, name, region, endpoint string) *bucket {
	options := s3.Options{
		Region:      region,
		Credentials: credentialsOf(cfg),
		HTTPClient:  awshttp.NewBuildableClient().WithTimeout(bucketTimeout),
	}
	if endpoint != "" {
		options.BaseEndpoint, options.UsePathStyle = &endpoint, true
	}
	return &bucket{s3.New(options), name}
}

func credentialsOf(cfg Config) aws.CredentialsProvider {
	if cfg.AccessKeyID != "" {
		return credentials.NewStaticCredentialsProvider(cfg.AccessKeyID, cfg.SecretAccessKey, cfg.SessionToken)
	}
	return aws.NewCredentialsCache(ec2rolecreds.New())
}

// Put implements catalog.Pictures.
func (b *bucket) Put(ctx context.Context, key string, jpeg []byte) error {
	if err := checkKey(key); err != nil {
		return err
	}
	_, err := b.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket:      &b.name,
		Key:         aws.String(fileName(key)),
		Body:        bytes.NewReader(jpeg),
		ContentType: aws.String("image/jpeg"),
	})
	if err != nil {
		return away(err)
	}
	return nil
}

// Get implements catalog.Pictures.
func (b *bucket) Get(ctx context.Context, key string) ([]byte, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: aws.String(fileName(key))})
	if unknown := (*types.NoSuchKey)(nil); errors.As(err, &unknown) {
		return nil, catalog.ErrCoverNotFound
	}
	if err != nil {
		return nil, away(err)
	}
	defer object.Body.Close()
	jpeg, err := io.ReadAll(object.Body)
	if err != nil {
		return nil, away(err)
	}
	return jpeg, nil
}

func away(cause error) error {
	return fmt.Errorf("call the bucket of covers: %w: %w", apierr.Unavailable("covers"), cause)
}
