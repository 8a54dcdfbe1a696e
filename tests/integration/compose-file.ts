import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../system';

export type Service = {
  image?: string;
  command: string[];
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  ports?: string[];
};

/** The compose file with its `${NAME:-default}` filled in from what is set, as the engine would. */
export function composeServices(set: Readonly<Record<string, string>> = {}): Record<string, Service> {
  const text = readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8');
  const filled = text.replace(
    /\$\{(\w+)(?::-([^}]*))?\}/g,
    (_all, name: string, fallback?: string) => set[name] ?? fallback ?? '',
  );
  return (parse(filled, { merge: true }) as { services: Record<string, Service> }).services;
}
