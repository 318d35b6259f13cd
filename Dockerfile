# Hearthkeep as an image: server/packaging/README.md. The server, its Node and nothing else; no shell tools needed.
ARG NODE=node:24.21.0-bookworm-slim

FROM ${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node server/cli/build.mjs && node server/packaging/stage.mjs --server-only /stage

FROM ${NODE}
LABEL org.opencontainers.image.title="Hearthkeep" \
      org.opencontainers.image.description="A home server that keeps the encrypted backups of a family's apps."
ENV NODE_ENV=production \
    HEARTHKEEP_DATA_DIR=/data \
    NODE_COMPILE_CACHE=/tmp/compile-cache
# The program belongs to root, so that whoever takes over the server cannot change it.
COPY --from=build /stage/server /app
RUN install -d -m 0700 -o node -g node /data
USER node
VOLUME /data
EXPOSE 4180 4443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["node", "/app/dist/hearthkeep.mjs", "health"]
ENTRYPOINT ["node", "/app/dist/hearthkeep.mjs"]
CMD ["start"]
