# MinIO is published as source; this builds the very version that `make test-cluster` tests.
FROM golang:1.26-alpine AS build
ENV CGO_ENABLED=0
RUN go install github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c

FROM alpine:3.22
RUN apk add --no-cache ca-certificates && adduser -D -u 1000 minio && install -d -o minio /data
COPY --from=build /go/bin/minio /usr/local/bin/minio
USER minio
VOLUME /data
EXPOSE 9000
ENTRYPOINT ["minio"]
