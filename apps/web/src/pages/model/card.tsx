import { t } from '../../texts';
import { Markdown } from './markdown';

export function Card({ markdown }: { markdown: string }) {
  const { model: texts } = t();
  return (
    <section class="card" aria-labelledby="card-title">
      <details class="model-card">
        <summary>
          <h2 id="card-title">{texts.card}</h2>
        </summary>
        <div class="prose" lang="en">
          <Markdown text={markdown} />
        </div>
      </details>
    </section>
  );
}
