import type { ComponentChildren } from 'preact';
import { useTitle } from './use-title';

type Props = { title: string; lead: string; children?: ComponentChildren };

/** How every page but the first begins; what can be done stands at the right. */
export function PageHead({ title, lead, children }: Props) {
  useTitle(title);
  return (
    <header class="page-head">
      <div>
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
      </div>
      {children && <div class="actions">{children}</div>}
    </header>
  );
}
