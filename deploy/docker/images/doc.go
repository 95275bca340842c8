// Package images holds the test that builds the images and runs the shop in
// containers, as docker-compose.yml says, on a Docker engine of its own.
package images
