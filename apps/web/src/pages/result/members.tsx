import type { Report } from '@bonafide/contracts';
import { t } from '../../texts';
import { percent } from '../../texts/numbers';
import { ShareBar } from '../../parts/share-bar';

/** Each model's vote, and whether they see it alike. */
export function Members({ report }: { report: Report }) {
  const { members } = t().result;
  const votes = Object.entries(report.model_predictions).map(([name, { prediction, confidence }]) => ({
    name,
    pFake: (prediction === 'fake' ? confidence : 100 - confidence) / 100,
  }));
  return (
    <section class="card" aria-labelledby="members-title">
      <h2 id="members-title">{members.title}</h2>
      <p class="soft">{members.text}</p>
      <p class="agreement">{agreement(votes.map(({ pFake }) => pFake))}</p>
      <ul class="votes">
        {votes.map(({ name, pFake }) => (
          <li key={name}>
            <span class="vote-name">
              {members.names[name] ?? name}
              <small>{members.about[name]}</small>
            </span>
            <ShareBar share={pFake} />
            <b>{percent(pFake)}</b>
          </li>
        ))}
        <li class="vote-all">
          <span class="vote-name">{members.fusion}</span>
          <ShareBar share={report.p_fake} />
          <b>{percent(report.p_fake)}</b>
        </li>
      </ul>
    </section>
  );
}

function agreement(scores: readonly number[]): string {
  const { members } = t().result;
  const fakes = scores.filter((score) => score > 0.5).length;
  const majority = Math.max(fakes, scores.length - fakes);
  if (majority === scores.length) return members.agree(scores.length);
  return majority * 2 === scores.length ? members.split : members.disagree(majority, scores.length);
}
