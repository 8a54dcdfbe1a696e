import { Lexer, type Token, type Tokens } from 'marked';
import type { ComponentChildren, VNode } from 'preact';
import { useMemo } from 'preact/hooks';

/** Markdown as elements, never as HTML text: what a file says cannot become a script. */
export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => new Lexer().lex(text), [text]);
  return <>{blocks(tokens)}</>;
}

const blocks = (tokens: readonly Token[]): ComponentChildren[] =>
  tokens.map((token, index) => block(token, index));

function block(token: Token, key: number): ComponentChildren {
  if (token.type === 'heading') return heading(token as Tokens.Heading, key);
  if (token.type === 'paragraph') return <p key={key}>{inline((token as Tokens.Paragraph).tokens)}</p>;
  if (token.type === 'list') return list(token as Tokens.List, key);
  if (token.type === 'table') return table(token as Tokens.Table, key);
  if (token.type === 'code') return <pre key={key}>{(token as Tokens.Code).text}</pre>;
  if (token.type === 'text') return <span key={key}>{inline((token as Tokens.Text).tokens ?? [token])}</span>;
  return null;
}

/** The page has its own first and second heading. */
function heading({ depth, tokens }: Tokens.Heading, key: number): VNode {
  if (depth <= 2) return <h3 key={key}>{inline(tokens)}</h3>;
  return <h4 key={key}>{inline(tokens)}</h4>;
}

function list({ ordered, items }: Tokens.List, key: number): VNode {
  const entries = items.map((item, index) => <li key={index}>{blocks(item.tokens)}</li>);
  return ordered ? <ol key={key}>{entries}</ol> : <ul key={key}>{entries}</ul>;
}

function table({ header, rows }: Tokens.Table, key: number): VNode {
  return (
    <div key={key} class="table-scroll" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {header.map((cell, index) => (
              <th key={index} scope="col" class={cell.align === 'right' ? 'number' : ''}>
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={index} class={cell.align === 'right' ? 'number' : ''}>
                  {inline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inline(tokens: readonly Token[]): ComponentChildren[] {
  return tokens.map((token, key) => {
    if (token.type === 'strong') return <strong key={key}>{inline((token as Tokens.Strong).tokens)}</strong>;
    if (token.type === 'em') return <em key={key}>{inline((token as Tokens.Em).tokens)}</em>;
    if (token.type === 'codespan') return <code key={key}>{(token as Tokens.Codespan).text}</code>;
    if (token.type === 'link') return <span key={key}>{inline((token as Tokens.Link).tokens)}</span>;
    if (token.type === 'br') return <br key={key} />;
    return 'text' in token ? (token.text as string) : token.raw;
  });
}
