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

type Written = Omit<Service, 'environment'> & { environment?: Record<string, string | null> };

/**
 * The compose file as the engine reads it: its `${NAME:-default}` filled in from what is set; a name without a value is
 * handed on where it is set, and is not there otherwise.
 */
export function composeServices(set: Readonly<Record<string, string>> = {}): Record<string, Service> {
  const text = readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8');
  const filled = text.replace(
    /\$\{(\w+)(?::-([^}]*))?\}/g,
    (_all, name: string, fallback?: string) => set[name] ?? fallback ?? '',
  );
  const { services } = parse(filled, { merge: true }) as { services: Record<string, Written> };
  const handedOn = (environment: Written['environment'] = {}) =>
    Object.entries(environment).flatMap(([name, value]): [string, string][] => {
      const known = value ?? set[name];
      return known === undefined ? [] : [[name, known]];
    });
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [
      name,
      { ...service, environment: Object.fromEntries(handedOn(service.environment)) },
    ]),
  );
}
