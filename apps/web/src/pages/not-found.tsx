import { useTitle } from '../parts/use-title';
import { t } from '../texts';

export function NotFound() {
  useTitle(t().shell.notFoundTitle);
  return (
    <section class="page narrow centre">
      <h1>{t().shell.notFoundTitle}</h1>
      <p>{t().shell.notFoundText}</p>
      <a class="button" href="/">
        {t().nav.analyse}
      </a>
    </section>
  );
}
