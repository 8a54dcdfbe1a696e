import { useState } from 'preact/hooks';

/** A choice that stands in the page's address, so that the way back, a reload and a sent link keep it. */
export function useQueryState<Choice extends string>(
  name: string,
  fallback: Choice,
  choices?: readonly Choice[],
): [Choice, (chosen: Choice) => void] {
  const [value, setValue] = useState<Choice>(() => {
    const stated = new URLSearchParams(location.search).get(name) as Choice | null;
    return stated !== null && (choices?.includes(stated) ?? true) ? stated : fallback;
  });
  const choose = (chosen: Choice) => {
    const address = new URL(location.href);
    if (chosen === fallback) address.searchParams.delete(name);
    else address.searchParams.set(name, chosen);
    history.replaceState(history.state, '', address);
    setValue(chosen);
  };
  return [value, choose];
}
