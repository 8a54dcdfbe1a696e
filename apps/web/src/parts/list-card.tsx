import type { ComponentChildren } from 'preact';
import { t } from '../texts';
import type { Paged } from './use-paged';

type Props = { list: Paged<unknown>; empty: ComponentChildren; children: ComponentChildren };

/** Around the table of a list: that it loads, or that there is nothing. Absent where it cannot be read. */
export function ListCard({ list, empty, children }: Props) {
  const isEmpty = list.items.length === 0;
  if (isEmpty && list.error) return null;
  const instead = list.isLoading ? t().shell.loading : empty;
  return (
    <section class="card flush" aria-busy={list.isLoading}>
      {isEmpty ? <div class="empty">{instead}</div> : children}
    </section>
  );
}
