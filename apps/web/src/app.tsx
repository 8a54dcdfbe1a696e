import type { FunctionComponent } from 'preact';
import { ErrorBoundary, lazy, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { Analyse } from './pages/analyse/analyse';
import { NotFound } from './pages/not-found';
import { SignIn } from './pages/sign-in';
import { mustSignIn, readSession } from './calls/session';
import { loadPage } from './calls/load-page';
import { Shell } from './shell';

/** Pages that are not the first view come when they are wanted. */
const page = (load: () => Promise<FunctionComponent>) => lazy(() => loadPage(load));
const ResultPage = page(() => import('./pages/result/result').then(({ Result }) => Result));
const SharedPage = page(() => import('./pages/result/shared').then(({ Shared }) => Shared));
const ModelPage = page(() => import('./pages/model/model').then(({ ModelPage }) => ModelPage));
const HistoryPage = page(() => import('./pages/history').then(({ History }) => History));
const BatchesPage = page(() => import('./pages/batches/batches').then(({ Batches }) => Batches));
const BatchPage = page(() => import('./pages/batches/batch').then(({ BatchPage }) => BatchPage));
const WebhooksPage = page(() => import('./pages/webhooks/webhooks').then(({ Webhooks }) => Webhooks));
const KeysPage = page(() => import('./pages/keys').then(({ Keys }) => Keys));
const MonitoringPage = page(() =>
  import('./pages/monitoring/monitoring').then(({ Monitoring }) => Monitoring),
);
const StatusPage = page(() => import('./pages/status').then(({ Status }) => Status));

export function App() {
  useEffect(() => void readSession(), []);
  return (
    <LocationProvider>
      <Shell>
        <ErrorBoundary>
          <Pages />
        </ErrorBoundary>
      </Shell>
    </LocationProvider>
  );
}

function Pages() {
  const { path } = useLocation();
  if (!path.startsWith('/shared/') && mustSignIn()) return <SignIn />;
  return (
    <Router onRouteChange={beginPage}>
      <Route path="/" component={Analyse} />
      <Route path="/analyses/:id" component={ResultPage} />
      <Route path="/shared/:token" component={SharedPage} />
      <Route path="/shared/:token/model" component={ModelPage} />
      <Route path="/history" component={HistoryPage} />
      <Route path="/batches" component={BatchesPage} />
      <Route path="/batches/:id" component={BatchPage} />
      <Route path="/webhooks" component={WebhooksPage} />
      <Route path="/keys" component={KeysPage} />
      <Route path="/model" component={ModelPage} />
      <Route path="/monitoring" component={MonitoringPage} />
      <Route path="/status" component={StatusPage} />
      <Route default component={NotFound} />
    </Router>
  );
}

let shown = location.pathname;

/** Another page begins at its top, and there is where the keyboard and a screen reader go on. */
function beginPage(): void {
  if (location.pathname === shown) return;
  shown = location.pathname;
  window.scrollTo(0, 0);
  document.getElementById('content')?.focus({ preventScroll: true });
}
