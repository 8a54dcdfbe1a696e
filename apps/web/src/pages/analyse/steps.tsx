import { t } from '../../texts';

export function Steps() {
  const { steps } = t().analyse;
  return (
    <section class="steps" aria-labelledby="steps-title">
      <h2 id="steps-title">{steps.title}</h2>
      <ol>
        <li>{steps.one}</li>
        <li>{steps.two}</li>
        <li>{steps.three}</li>
      </ol>
    </section>
  );
}
