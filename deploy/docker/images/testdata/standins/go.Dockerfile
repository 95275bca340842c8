# Stands in for golang:alpine. The context is the Go tree of this machine; the
# modules come from a proxy of the test's.
FROM bookstore-test/debian
ARG GOPROXY
COPY . /usr/local/go
ENV PATH=/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    GOTOOLCHAIN=local GOPROXY=$GOPROXY GOSUMDB=off
