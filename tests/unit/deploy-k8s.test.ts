import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { environmentSchema } from '../../packages/platform/src/environment';
import { STANDING_BACK } from '../../apps/worker/src/handlers/analysis-run-bulk';

const folder = path.join(__dirname, '../../deploy/k8s');

type Container = {
  env?: { name: string; value: string }[];
  securityContext: { readOnlyRootFilesystem: boolean; allowPrivilegeEscalation: boolean };
  resources: { limits: object };
  startupProbe?: object;
  readinessProbe?: object;
};
type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  data: Record<string, string>;
  resources: string[];
  spec: {
    selector: { matchLabels: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        terminationGracePeriodSeconds: number;
        securityContext: { runAsNonRoot: boolean };
        containers: Container[];
      };
    };
    triggers: { type: string; metadata: { query: string } }[];
  };
};
type Model = new (content: unknown) => { validate(): void };

const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const manifests = files
  .filter((name) => name !== 'kustomization.yaml')
  .flatMap((name) => parseAllDocuments(readFileSync(path.join(folder, name), 'utf8')))
  .map((document) => document.toJS() as Manifest);

/** The published schema of a kind, as a class that checks. */
function modelOf({ apiVersion, kind }: Manifest): Model {
  const source = apiVersion.startsWith('keda.sh/') ? '@kubernetes-models/keda' : 'kubernetes-models';
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(`${source}/${apiVersion}/${kind}`) as Record<string, Model>)[kind];
}

const named = (kind: string, name: string): Manifest =>
  manifests.find((each) => each.kind === kind && each.metadata.name === name) as Manifest;

test.each(manifests.map((each) => [`${each.kind} ${each.metadata.name}`, each] as const))(
  'When %s is read, then it keeps to the published schema',
  (_name, manifest) => {
    const Model = modelOf(manifest);
    expect(() => new Model(manifest).validate()).not.toThrow();
    expect(() => new Model({ ...manifest, spec: 7, data: 7 }).validate()).toThrow();
  },
);

test('When all is applied, then every file is', () => {
  const { resources } = parseAllDocuments(
    readFileSync(path.join(folder, 'kustomization.yaml'), 'utf8'),
  )[0].toJS() as Manifest;
  expect([...resources].sort()).toEqual(files.filter((name) => name !== 'kustomization.yaml').sort());
});

test.each(['api', 'worker'])(
  'When %s runs, then as nobody special, within limits and known to be ready',
  (name) => {
    const { selector, template } = named('Deployment', name).spec;
    expect(template.metadata.labels).toEqual(selector.matchLabels);
    expect(named('PodDisruptionBudget', name).spec.selector).toEqual(selector);
    expect(template.spec.securityContext.runAsNonRoot).toBe(true);
    const [container] = template.spec.containers;
    expect(container.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
    });
    expect(Object.keys(container.resources.limits)).toContain('memory');
    expect(container.startupProbe && container.readinessProbe).toBeTruthy();
  },
);

test('When a worker is told to go, then it has time for the longest job', () => {
  const { ANALYSIS_TIMEOUT_S } = named('ConfigMap', 'bonafide').data;
  const { terminationGracePeriodSeconds, containers } = named('Deployment', 'worker').spec.template.spec;
  const graceSec = Number(containers[0].env?.find(({ name }) => name === 'SHUTDOWN_GRACE_S')?.value);
  expect(graceSec).toBeGreaterThan(STANDING_BACK * Number(ANALYSIS_TIMEOUT_S));
  expect(terminationGracePeriodSeconds).toBeGreaterThan(graceSec);
});

test('When variables are set, then the product reads them', () => {
  const known = Object.keys(environmentSchema.shape);
  const set = [
    ...Object.keys(named('ConfigMap', 'bonafide').data),
    ...['api', 'worker'].flatMap((name) =>
      named('Deployment', name).spec.template.spec.containers.flatMap(({ env }) =>
        (env ?? []).map((each) => each.name),
      ),
    ),
  ];
  expect(set.filter((name) => !known.includes(name.replace(/_FILE$/, '')))).toEqual([]);
});

test('When workers are scaled, then by our own gauges, not by the length of a list', () => {
  const { triggers } = named('ScaledObject', 'worker').spec;
  expect(triggers.map(({ type }) => type)).toEqual(['prometheus', 'prometheus']);
  expect(triggers[0].metadata.query).toContain('bonafide_queue_depth');
});
