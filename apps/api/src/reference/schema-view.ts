import type { JsonSchema } from '../description/openapi';
import { html, inline, type Markup } from './markup';

/** A schema as a person reads it: its fields, one below the other, those of named schemas behind a link. */
export function schemaView(schema: JsonSchema): Markup {
  const { properties } = schema;
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (properties) {
    const fields = Object.entries(properties).map(([name, value]) => fieldView(name, value, schema));
    return html`<ul class="fields">
      ${fields}
    </ul>`;
  }
  if (choices?.some(hasFields)) {
    return html`<ul class="fields">
      ${choices.map((choice) => html`<li>${typeOf(choice)} ${hasFields(choice) ? schemaView(choice) : null}</li>`)}
    </ul>`;
  }
  if (typeof schema.items === 'object') return schemaView(schema.items);
  if (typeof schema.additionalProperties === 'object') return schemaView(schema.additionalProperties);
  return html``;
}

function fieldView(name: string, schema: JsonSchema, parent: JsonSchema): Markup {
  const must = parent.required?.includes(name) ? html` <span class="must">required</span>` : null;
  const head = html`<code>${name}</code> ${typeOf(schema)}${must}
    <span class="dim">${inline(schema.description)} ${limitsOf(schema)}</span>`;
  if (!hasFields(schema)) return html`<li>${head}</li>`;
  return html`<li>
    <details>
      <summary>${head}</summary>
      ${schemaView(schema)}
    </details>
  </li>`;
}

function hasFields(schema: JsonSchema): boolean {
  const { properties, items, additionalProperties, anyOf, oneOf, allOf } = schema;
  const inner = [items, additionalProperties].filter((each) => typeof each === 'object');
  return properties !== undefined || [...inner, ...(anyOf ?? oneOf ?? allOf ?? [])].some(hasFields);
}

/** Its type in a few words. */
export function typeOf(schema: JsonSchema): Markup {
  const { $ref, type, format, anyOf, oneOf, items, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = $ref.replace(/^.*\//, '');
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if ('const' in schema) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum)
    return html`${joined(
      schema.enum.map((value) => html`<code>${String(value)}</code>`),
      ' | ',
    )}`;
  const choices = anyOf ?? oneOf;
  if (choices?.every(({ properties }) => properties)) return html`one of`;
  if (choices) return html`${joined(choices.map(typeOf), ' or ')}`;
  if (type === 'array' && typeof items === 'object') return html`list of ${typeOf(items)}`;
  if (typeof additionalProperties === 'object' && !schema.properties)
    return html`map to ${typeOf(additionalProperties)}`;
  const plain = Array.isArray(type) ? type.join(' or ') : (type ?? 'any');
  return html`${format ?? plain}`;
}

const joined = (pieces: Markup[], between: string) =>
  pieces.flatMap((piece, index) => (index === 0 ? [piece] : [between, piece]));

function limitsOf(schema: JsonSchema): string {
  const { minimum, maximum, maxLength, default: preset } = schema;
  return [
    preset === undefined ? '' : `Default ${JSON.stringify(preset)}.`,
    minimum === undefined ? '' : `At least ${minimum}.`,
    maximum === undefined ? '' : `At most ${maximum}.`,
    maxLength === undefined ? '' : `At most ${maxLength} characters.`,
  ]
    .join(' ')
    .trim();
}
