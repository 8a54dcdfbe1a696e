import type { Model } from '@bonafide/contracts';
import { useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { PageHead } from '../../parts/page-head';
import { ErrorNote } from '../../parts/error-note';
import { model, modelError, OWN_MODEL, readModel, sharedModel } from '../../calls/model';
import { t } from '../../texts';
import { moment, percent, seconds, whole } from '../../texts/numbers';
import { Calibration } from './calibration';
import { Card } from './card';
import { Conditions } from './conditions';
import { Groups } from './groups';
import { SystemTable } from './system-table';

type Protocol = 'dev' | 'cv';

/** What runs here and how good it is, from the bundle's own evaluation. */
export function ModelPage() {
  const { token } = useRoute().params;
  useEffect(() => void readModel(token ? sharedModel(token) : OWN_MODEL), [token]);
  const { model: texts } = t();
  const current = model.value;
  return (
    <div class="page model">
      <PageHead title={texts.title} lead={texts.lead}>
        {token && (
          <a class="button" href={`/shared/${token}`}>
            {texts.backToResult}
          </a>
        )}
      </PageHead>
      {current ? <Body model={current} /> : <NoModel />}
    </div>
  );
}

function NoModel() {
  const error = modelError.value;
  return error ? <ErrorNote error={error} /> : <div class="card is-loading" aria-busy="true" />;
}

function Body({ model: current }: { model: Model }) {
  const { model: texts } = t();
  const protocols = current.evaluation?.protocols;
  const [chosen, setChosen] = useState<Protocol>(protocols?.dev ? 'dev' : 'cv');
  const systems = protocols?.[chosen];
  const fusion = systems?.fusion;
  return (
    <>
      <Summary model={current} />
      {!protocols && <p class="note">{texts.noEvaluation}</p>}
      {systems && (
        <>
          <div class="row spread">
            <label class="field inline">
              <span>{texts.protocolLabel}</span>
              <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value as Protocol)}>
                {(['dev', 'cv'] as const).map((name) =>
                  protocols?.[name] ? (
                    <option key={name} value={name}>
                      {texts.protocol[name]}
                    </option>
                  ) : null,
                )}
              </select>
            </label>
            <p class="soft">{texts.protocolText[chosen]}</p>
          </div>
          <SystemTable systems={systems} />
        </>
      )}
      {fusion && (
        <>
          <Calibration figures={fusion} />
          <div class="columns">
            <Groups title={texts.families} groups={fusion.macro_families?.groups ?? []} kind="family" />
            <Groups
              title={texts.generators}
              groups={fusion.macro_generators?.groups ?? []}
              kind="generator"
            />
          </div>
          <Conditions figures={fusion} />
        </>
      )}
      {current.card && <Card markdown={current.card} />}
    </>
  );
}

function Summary({
  model: { version, created_at, members, window_sec, hop_sec, features, thresholds },
}: {
  model: Model;
}) {
  const { model: texts, result, verdict } = t();
  return (
    <section class="card">
      <dl class="figures wide">
        <div>
          <dt>{texts.version}</dt>
          <dd>{version}</dd>
        </div>
        <div>
          <dt>{texts.created}</dt>
          <dd>{moment(created_at)}</dd>
        </div>
        <div>
          <dt>{texts.members}</dt>
          <dd>{members.map(({ name }) => result.members.names[name] ?? name).join(', ')}</dd>
        </div>
        <div>
          <dt>{texts.input}</dt>
          <dd>
            {texts.windows(seconds(window_sec), seconds(hop_sec))},{' '}
            {texts.featureCount(whole(features.length))}
          </dd>
        </div>
        <div>
          <dt>{texts.thresholds}</dt>
          <dd>
            {Object.entries(thresholds)
              .map(([name, value]) => `${verdict.profiles[name] ?? name} ${percent(value)}`)
              .join(' · ')}
          </dd>
        </div>
      </dl>
    </section>
  );
}
