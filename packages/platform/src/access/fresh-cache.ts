/** Answers that are believed for a while; those who ask at once share one question. A failure is not kept. */
export type FreshCache<T> = { get(name: string): Promise<T> };

export function createFreshCache<T>(
  ask: (name: string) => Promise<T>,
  { freshMs, maxEntries }: { freshMs: number; maxEntries: number },
): FreshCache<T> {
  const answers = new Map<string, { askedAtMs: number; answer: Promise<T> }>();
  return {
    get: (name) => {
      const nowMs = Date.now();
      const entry = answers.get(name);
      if (entry && nowMs - entry.askedAtMs < freshMs) return entry.answer;
      const answer = ask(name);
      answers.delete(name);
      if (answers.size >= maxEntries) answers.delete(answers.keys().next().value as string);
      answers.set(name, { askedAtMs: nowMs, answer });
      answer.catch(() => {
        if (answers.get(name)?.answer === answer) answers.delete(name);
      });
      return answer;
    },
  };
}
