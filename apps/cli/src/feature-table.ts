/**
 * Prints the definitions of all candidate features as JSON; `column` is the feature's place among those that
 * the models read, null for one that they do not. Training takes names, titles and units from here.
 */
import { FEATURES, SELECTED } from '@bonafide/pipeline';

const columnOf = new Map(SELECTED.map((name, column) => [name, column]));

process.stdout.write(
  JSON.stringify(
    FEATURES.map(({ name, title, unit, definition }) => {
      return { name, title, unit, definition, column: columnOf.get(name) ?? null };
    }),
  ),
);
