/** Prints the definitions of all candidate features as JSON: training writes titles and units into the manifest. */
import { FEATURES } from '@bonafide/pipeline';

process.stdout.write(
  JSON.stringify(FEATURES.map(({ name, title, unit, definition }) => ({ name, title, unit, definition }))),
);
