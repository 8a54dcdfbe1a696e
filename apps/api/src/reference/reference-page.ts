import type { ApiDocument } from '../description/document';
import type { DescribedOperation, MediaTypes, Parameter, Ref, Response } from '../description/openapi';
import { TAGS } from '../description/operation';
import { html, inline, page, prose, type Markup } from './markup';
import { schemaView, typeOf } from './schema-view';

type Route = DescribedOperation & { method: string; path: string };

/** The description as a page: no script, nothing from elsewhere. */
export function referencePage(api: ApiDocument): string {
  const routes = routesOf(api);
  const shared = api.components.responses;
  const groups = Object.entries(TAGS).map(([tag, about]) => ({
    ...{ tag, about },
    routes: routes.filter(({ tags }) => tags?.includes(tag)),
  }));
  const shown = groups.filter((group) => group.routes.length > 0);
  return page(
    'API reference',
    html`<div class="frame">
      <nav aria-label="Contents">${shown.map(navigation)} ${navigationEnd(api)}</nav>
      <main>
        <h1>bonafide: API reference</h1>
        <div class="lead">${prose(api.info.description)}</div>
        <p>
          <a href="/openapi.json">OpenAPI 3.1 description</a> · <a href="/problems">Problems</a> ·
          <a href="/">Web interface</a>
        </p>
        ${shown.map(
          ({ tag, about, routes }) =>
            html`<h2 id="${tag}">${tag}</h2>
              <p class="lead">${inline(about)}</p>
              ${routes.map((route) => routeView(route, shared))}`,
        )}
        ${eventsView(api)} ${schemasView(api)}
      </main>
    </div>`,
  );
}

function routesOf(api: ApiDocument): Route[] {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ ...described, method, path })),
  );
}

function navigation({ tag, routes }: { tag: string; routes: Route[] }): Markup {
  return html`<h2>${tag}</h2>
    <ul>
      ${routes.map(({ operationId, summary }) => html`<li><a href="#${operationId}">${summary}</a></li>`)}
    </ul>`;
}

function navigationEnd(api: ApiDocument): Markup {
  const events = Object.keys(api.webhooks);
  return html`<h2>Further</h2>
    <ul>
      ${events.length > 0 ? html`<li><a href="#events">Events sent to webhooks</a></li>` : null}
      <li><a href="#schemas">Schemas</a></li>
      <li><a href="/problems">Problems</a></li>
    </ul>`;
}

function routeView(route: Route, shared: Record<string, Response>): Markup {
  const { method, path, operationId, summary, description, parameters = [], requestBody } = route;
  const scope = route['x-scope'];
  return html`<article id="${operationId}">
    <h3>${summary}</h3>
    <div class="line">
      <span class="method ${method}">${method.toUpperCase()}</span><span class="path">${path}</span>
      <span class="dim">${scope === undefined ? 'no key needed' : html`scope <code>${scope}</code>`}</span>
    </div>
    ${prose(description)} ${parameters.length > 0 ? parametersView(parameters) : null}
    ${
      requestBody
        ? html`<h4>Body</h4>
            ${contentView(requestBody.content)}`
        : null
    }
    <h4>Answers</h4>
    <table>
      ${Object.entries(route.responses ?? {}).map(([status, response]) => answerView(status, response, shared))}
    </table>
  </article>`;
}

function parametersView(parameters: Parameter[]): Markup {
  return html`<h4>Parameters</h4>
    <table>
      ${parameters.map(
        ({ name, in: place, required, description, schema }) =>
          html`<tr>
            <th><code>${name}</code> ${required ? html`<span class="must">required</span>` : null}</th>
            <td class="dim">${place}</td>
            <td>${typeOf(schema)} <span class="dim">${inline(description)}</span></td>
          </tr>`,
      )}
    </table>`;
}

function contentView(content: MediaTypes): Markup {
  return html`${Object.entries(content).map(
    ([type, { schema }]) =>
      html`<div>
        <code>${type}</code> ${schema.properties ? null : typeOf(schema)} ${schemaView(schema)}
      </div>`,
  )}`;
}

function answerView(status: string, response: Response | Ref, shared: Record<string, Response>): Markup {
  const isRefusal = '$ref' in response;
  const { description, content } = isRefusal ? shared[response.$ref.replace(/^.*\//, '')] : response;
  return html`<tr>
    <th>${status}</th>
    <td>
      ${isRefusal ? problemLinks(description) : inline(description)}
      ${!isRefusal && content ? contentView(content) : null}
    </td>
  </tr>`;
}

/** Each code leads to its page. */
function problemLinks(description: string): Markup {
  return html`${description
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? html`<a href="/problems/${part}"><code>${part}</code></a>` : part,
    )}`;
}

function eventsView(api: ApiDocument): Markup {
  const events = Object.entries(api.webhooks);
  return html`<h2 id="events">Events sent to webhooks</h2>
    ${events.map(
      ([name, { post }]) =>
        html`<article>
          <h3><code>${name}</code></h3>
          ${prose(post.summary)} ${post.parameters ? parametersView(post.parameters) : null}
          ${post.requestBody ? contentView(post.requestBody.content) : null}
        </article>`,
    )}`;
}

function schemasView(api: ApiDocument): Markup {
  const schemas = Object.entries(api.components.schemas);
  return html`<h2 id="schemas">Schemas</h2>
    ${schemas.map(
      ([name, schema]) =>
        html`<article id="schema-${name}">
          <h3>${name}</h3>
          ${prose(schema.description)} ${schemaView(schema)}
        </article>`,
    )}`;
}
