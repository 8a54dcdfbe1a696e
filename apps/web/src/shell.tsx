import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './parts/icon';
import { isOnline } from './calls/http';
import { isSessionRead, may, mustSignIn, session, signOut } from './calls/session';
import { chooseLanguage, language, LANGUAGES, t, type Language } from './texts';
import { chooseTheme, theme, THEMES, type Theme } from './theme';
import { forgetAll } from './pages/analyse/intake';

/** What stands around every page: the way to the others, and what must always be said. */
export function Shell({ children }: { children: ComponentChildren }) {
  return (
    <>
      <a class="skip" href="#content">
        {t().skip}
      </a>
      <header class="top">
        <div class="top-inner">
          <a class="brand" href="/">
            <img src="/icon.svg" alt="" width="28" height="28" />
            <span>{t().product}</span>
          </a>
          <Menu />
        </div>
      </header>
      {!isOnline.value && (
        <p class="offline" role="status">
          {t().shell.offline}
        </p>
      )}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
        <p>{t().shell.disclaimer}</p>
        <Preferences />
      </footer>
    </>
  );
}

function Menu() {
  const { path } = useLocation();
  const isVisitor = path.startsWith('/shared/') && mustSignIn();
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => menu.current?.removeAttribute('open'), [path]);
  // All pages but the shared one would ask for a key.
  if (isVisitor) return null;
  return (
    <>
      <nav class="nav nav-wide" aria-label={t().nav.main}>
        {/* Links that come later would push the others aside. */}
        {isSessionRead.value && <Links path={path} />}
      </nav>
      <details class="nav-narrow" ref={menu} onKeyDown={closeByEscape}>
        <summary>
          <Icon name="menu" />
          <span>{t().nav.menu}</span>
        </summary>
        <nav class="nav" aria-label={t().nav.main}>
          <Links path={path} />
        </nav>
      </details>
    </>
  );
}

function closeByEscape(event: KeyboardEvent): void {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (event.key !== 'Escape' || !menu.open) return;
  menu.open = false;
  menu.querySelector('summary')?.focus();
}

function Links({ path }: { path: string }) {
  const { nav } = t();
  const links = [
    ['/', nav.analyse],
    ['/batches', nav.batches],
    ['/history', nav.history],
    ['/model', nav.model],
    ['/webhooks', nav.webhooks],
    ...(may('admin')
      ? [
          ['/keys', nav.keys],
          ['/monitoring', nav.monitoring],
        ]
      : []),
    ['/status', nav.status],
  ];
  const isHere = (href: string) => (href === '/' ? path === '/' : path.startsWith(href));
  return (
    <ul>
      {links.map(([href, name]) => (
        <li key={href}>
          <a href={href} aria-current={isHere(href) ? 'page' : undefined}>
            {name}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Preferences() {
  const { shell } = t();
  return (
    <div class="preferences">
      <label>
        <span>{shell.language}</span>
        <select
          value={language.value}
          onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
        >
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{shell.theme.label}</span>
        <select value={theme.value} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {shell.theme[name]}
            </option>
          ))}
        </select>
      </label>
      {session.value?.authentication === 'signed_in' && !mustSignIn() && (
        <button type="button" class="quiet" onClick={() => void leave()}>
          {shell.signOut}
        </button>
      )}
    </div>
  );
}

/** What was handed in here, and what was not yet, is nobody else's. */
async function leave(): Promise<void> {
  await forgetAll();
  await signOut();
}
