# One image for every process: API, worker, migrations.
FROM node:24-bookworm-slim
# Python and bubblewrap are for the scripts of a project.
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 bubblewrap ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && mkdir -p /project /data && chown node:node /project /data
USER node
ENV MISSION_HOME=/data MISSION_PROJECT=/project HOST=0.0.0.0
EXPOSE 4000
CMD ["node", "bin/run.mjs", "node", "dist/api/main.js"]
