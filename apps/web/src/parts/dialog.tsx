import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../texts';
import { Icon } from './icon';

type Props = { title: string; onClose: () => void; children: ComponentChildren };

/**
 * The browser's own modal dialog: it keeps the focus inside and closes by Escape. Taken away by its page, it gives
 * the focus back to where it was, as the browser does for one that is closed.
 */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // At once: an effect after painting would give the focus back when another dialog, or a key, has it already.
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      // While it is open nothing outside it takes the focus.
      shown?.close();
      before?.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={titleId} onClose={onClose}>
      <header class="row spread">
        <h2 id={titleId}>{title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={t().shell.close}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="cross" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
