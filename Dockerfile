# Builds SchemaGate's image, each platform on that platform: docker build --tag schemagate .
# The three base images are arguments, so that the same file builds where no public registry is reached
# (tests/cluster/build-image makes stand-ins from Debian's packages).
ARG BUILD_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG PARSER_IMAGE=debian:trixie-slim
# Needed at run time: glibc as new as the build image's, OpenSSL 3 and certificate authorities. Not ICU, libstdc++, zlib or a shell.
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

# PostgreSQL's parser, to be linked into the binary. Debian packages it, Ubuntu does not.
FROM ${PARSER_IMAGE} AS parser
RUN ls /usr/lib/*/libpg_query.a > /dev/null 2>&1 \
    || { apt-get update && apt-get install --yes --no-install-recommends libpg-query-dev; } \
    && mkdir /parser \
    && cp /usr/lib/*/libpg_query.a /usr/share/doc/libpg-query-dev/copyright /parser

# Linking ahead of time is for the platform that it runs on.
FROM ${BUILD_IMAGE} AS build
ARG VERSION=0.1.0
RUN command -v clang > /dev/null || command -v gcc > /dev/null \
    || { apt-get update && apt-get install --yes --no-install-recommends clang zlib1g-dev; }
WORKDIR /build
COPY .editorconfig global.json Directory.*.props ./
COPY src/Directory.Build.props src/
COPY src/SchemaGate/SchemaGate.csproj src/SchemaGate/
COPY src/SchemaGate.Core/SchemaGate.Core.csproj src/SchemaGate.Core/
COPY src/SchemaGate.Kubernetes/SchemaGate.Kubernetes.csproj src/SchemaGate.Kubernetes/
COPY src/SchemaGate.Oci/SchemaGate.Oci.csproj src/SchemaGate.Oci/
COPY src/SchemaGate.Postgres/SchemaGate.Postgres.csproj src/SchemaGate.Postgres/libpg_query.props src/SchemaGate.Postgres/
RUN dotnet restore src/SchemaGate --use-current-runtime
COPY src src
COPY --from=parser /parser /parser
RUN dotnet publish src/SchemaGate --no-restore --disable-build-servers --configuration Release --use-current-runtime \
    -p:LibPgQuery=/parser -p:Version=${VERSION} --output /publish
# The runtime and the parser are inside the binary, and their licences go with it.
RUN dotnet="$(dirname "$(readlink --canonicalize "$(command -v dotnet)")")" \
    && mkdir -p /image/licenses/dotnet /image/licenses/libpg_query \
    && cp /publish/schemagate /image/ \
    && cp "${dotnet}/LICENSE.txt" "${dotnet}/ThirdPartyNotices.txt" /image/licenses/dotnet/ \
    && cp /parser/copyright /image/licenses/libpg_query/
COPY LICENSE NOTICE /image/licenses/

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="SchemaGate" \
      org.opencontainers.image.description="Holds rollouts until the database has the migrations they need" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=build /image/ /
# The runtime's debugging socket would want a writable /tmp.
ENV DOTNET_EnableDiagnostics=0
# A number, so that the kubelet can see that it is not root.
USER 65532:65532
ENTRYPOINT ["/schemagate"]
