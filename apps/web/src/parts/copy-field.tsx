import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../texts';

/** A text to be taken along, which is where the keyboard goes on; selectable where the clipboard may not be written. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => input.current?.focus(), []);
  const copy = async () => {
    input.current?.select();
    await navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <div class="copy-field">
      <label class="field">
        <span>{label}</span>
        <input
          ref={input}
          autoFocus
          readOnly
          value={value}
          onFocus={(event) => event.currentTarget.select()}
        />
      </label>
      <button type="button" class="button" onClick={() => void copy()}>
        {isCopied ? t().shell.copied : t().shell.copy}
      </button>
    </div>
  );
}
