# One image, three commands: `node apps/api/dist/main.js`, `node apps/worker/dist/main.js` and, for the
# operator, `node apps/cli/dist/keys.js`.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY . .
# The bundles hold everything but the native library of the ONNX runtime, kept for Linux only.
RUN node setup/build.mjs \
 && find node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 2 ! -name linux -exec rm -r {} +

FROM node:20-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg tini \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node /data
WORKDIR /app
COPY --from=build /app/node_modules/onnxruntime-node node_modules/onnxruntime-node
COPY --from=build /app/node_modules/onnxruntime-common node_modules/onnxruntime-common
COPY --from=build /app/node_modules/@bull-board/ui node_modules/@bull-board/ui
COPY --from=build /app/apps/api/dist apps/api/dist
COPY --from=build /app/apps/web/dist apps/web/dist
COPY --from=build /app/apps/worker/dist apps/worker/dist
COPY --from=build /app/apps/cli/dist apps/cli/dist
COPY models models
COPY LICENSE ./
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data MODELS_DIR=/app/models FFMPEG_PATH=/usr/bin/ffmpeg
# Memory as packages/platform/src/lean-process.ts has it; traces that name the sources.
ENV NODE_OPTIONS="--enable-source-maps --max-semi-space-size=4" MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=65536
USER node
EXPOSE 3000
ENTRYPOINT ["tini", "--"]
CMD ["node", "apps/api/dist/main.js"]
