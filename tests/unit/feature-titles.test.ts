import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { buildSync } from 'esbuild';

type Named = { feature: string; title: string };
type Page = {
  featureTitle: (of: Named) => string;
  chooseLanguage: (language: 'en' | 'de') => void;
};

const root = path.join(__dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'models/bonafide-1/manifest.json'), 'utf8')) as {
  features: readonly { name: string; title: string }[];
};

/** Bundled as for a browser, which the texts ask for its languages and whose document they tell theirs. */
function loadTexts(): Page {
  const contents = `export { chooseLanguage } from './index'; export { featureTitle } from './features';`;
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: path.join(root, 'apps/web/src/texts') },
    bundle: true,
    conditions: ['source'],
    write: false,
    format: 'iife',
    globalName: 'page',
  });
  const browser = { navigator: { languages: ['en'] }, document: { documentElement: {} } };
  return runInNewContext(`${outputFiles[0].text};page`, browser) as Page;
}

describe('The names of features', () => {
  const { featureTitle, chooseLanguage } = loadTexts();
  const titles = () => manifest.features.map(({ name, title }) => featureTitle({ feature: name, title }));

  test.each(['en', 'de'] as const)('When they are said in %s, then no two are alike', (language) => {
    chooseLanguage(language);
    const said = titles();
    expect(said).toHaveLength(154);
    expect(said.filter((title, place) => said.indexOf(title) !== place)).toEqual([]);
  });

  test('When German says one, then every part of its English name is in it', () => {
    chooseLanguage('de');
    const all = titles();
    const said = new Map(manifest.features.map(({ name }, place) => [name, all[place]]));
    expect(said.get('mfcc_01_delta_range')).toMatch(/ 1, Streuung des Tempos der Änderung$/);
    expect(said.get('mfcc_06_modulation_2')).toMatch(/ 6, Tempo der Änderung bei 4–8 Hz$/);
    expect(said.get('f0_smoothness')).toBe('Sprachmelodie, Glätte');
  });
});
