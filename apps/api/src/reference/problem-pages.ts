import { ERROR_CATALOGUE, type ErrorCode } from '@bonafide/contracts';
import { OPERATIONS } from '../description/operations';
import { problemsOf } from '../description/problems-of';
import { html, inline, page } from './markup';
import { PROBLEM_HELP } from './problem-help';

const CODES = Object.keys(ERROR_CATALOGUE).sort() as ErrorCode[];

/** All problems on one page. */
export function problemsPage(): string {
  return page(
    'Problems',
    html`<main class="alone">
      <h1>Problems</h1>
      <p class="lead">
        What can go wrong is answered as a problem document (RFC 9457). Its <code>code</code> does not change;
        its <code>type</code> is the address of a page about it.
      </p>
      <table>
        ${CODES.map(
          (code) =>
            html`<tr>
              <th>
                <a href="/problems/${code}"><code>${code}</code></a>
              </th>
              <td>${ERROR_CATALOGUE[code].status}</td>
              <td>${ERROR_CATALOGUE[code].title}</td>
            </tr>`,
        )}
      </table>
      <p><a href="/docs">API reference</a></p>
    </main>`,
  );
}

/** One problem: what it means, what to do, who gives it. */
export function problemPage(code: ErrorCode): string {
  const { status, title, retryable } = ERROR_CATALOGUE[code];
  const givers = OPERATIONS.filter((operation) => problemsOf(operation).includes(code));
  return page(
    title,
    html`<main class="alone">
      <h1>${title}</h1>
      <p class="lead"><code>${code}</code> · HTTP ${status}</p>
      <p>${inline(PROBLEM_HELP[code])}</p>
      <p>
        ${
          retryable
            ? html`The same request may succeed later: wait as long as <code>Retry-After</code> says, then try
                again.`
            : 'The same request will be refused again.'
        }
      </p>
      ${
        givers.length > 0
          ? html`<h4>Answered by</h4>
              <ul>
                ${givers.map(
                  ({ id, method, path }) =>
                    html`<li>
                      <a href="/docs#${id}"><code>${method.toUpperCase()} ${path}</code></a>
                    </li>`,
                )}
              </ul>`
          : null
      }
      <p><a href="/problems">All problems</a> · <a href="/docs">API reference</a></p>
    </main>`,
  );
}
