# Builds SchemaGate's image, for amd64 and arm64: docker build --tag schemagate .
# The three base images are arguments, so that the same file builds where no public registry is reached
# (tests/cluster/build-image makes stand-ins from Debian's packages).
ARG BUILD_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG PARSER_IMAGE=debian:bookworm-slim
# Needed at run time: glibc 2.34 or newer, libgcc_s, libstdc++, OpenSSL 3 and certificate authorities. Not ICU, zlib or a shell.
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

# PostgreSQL's parser as a library, which needs nothing but glibc. Debian packages it, Ubuntu does not.
FROM ${PARSER_IMAGE} AS parser
RUN ls /usr/lib/*/libpg_query.so.* > /dev/null 2>&1 \
    || { apt-get update && apt-get install --yes --no-install-recommends libpg-query1504.0; } \
    && mkdir /parser \
    && cp --parents --no-dereference /usr/lib/*/libpg_query.so.* /usr/share/doc/libpg-query*/copyright /parser

FROM --platform=${BUILDPLATFORM} ${BUILD_IMAGE} AS build
ARG TARGETARCH
ARG VERSION=0.1.0
WORKDIR /build
COPY .editorconfig global.json Directory.*.props ./
COPY src/Directory.Build.props src/
COPY src/SchemaGate/SchemaGate.csproj src/SchemaGate/
COPY src/SchemaGate.Core/SchemaGate.Core.csproj src/SchemaGate.Core/
COPY src/SchemaGate.Kubernetes/SchemaGate.Kubernetes.csproj src/SchemaGate.Kubernetes/
COPY src/SchemaGate.Oci/SchemaGate.Oci.csproj src/SchemaGate.Oci/
COPY src/SchemaGate.Postgres/SchemaGate.Postgres.csproj src/SchemaGate.Postgres/
RUN dotnet restore src/SchemaGate --arch ${TARGETARCH} \
    -p:SelfContained=true -p:PublishTrimmed=true -p:PublishReadyToRun=true
COPY src src
RUN dotnet publish src/SchemaGate --no-restore --disable-build-servers --configuration Release --arch ${TARGETARCH} \
    --self-contained -p:PublishSingleFile=true -p:PublishTrimmed=true -p:PublishReadyToRun=true -p:Version=${VERSION} \
    --output /publish
# The runtime is inside the binary, and its licence goes with it.
RUN dotnet="$(dirname "$(readlink --canonicalize "$(command -v dotnet)")")" \
    && mkdir -p /image/licenses/dotnet \
    && cp /publish/schemagate /image/ \
    && cp "${dotnet}/LICENSE.txt" "${dotnet}/ThirdPartyNotices.txt" /image/licenses/dotnet/
COPY LICENSE NOTICE /image/licenses/

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="SchemaGate" \
      org.opencontainers.image.description="Holds rollouts until the database has the migrations they need" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=parser /parser/ /
COPY --from=build /image/ /
# The runtime's debugging socket would want a writable /tmp.
ENV DOTNET_EnableDiagnostics=0
# A number, so that the kubelet can see that it is not root.
USER 65532:65532
ENTRYPOINT ["/schemagate"]
