const WIDTH = 30;
/** Where nobody watches a terminal, a line each tenth is enough. */
const STEPS = 10;

export type ProgressBar = { show(share: number, text: string): void; end(): void };

/** A bar that is drawn over itself on a terminal, and a few lines in a log. */
export function createProgressBar(out: NodeJS.WriteStream, title: string): ProgressBar {
  let shownStep = -1;
  return {
    show: (share, text) => {
      const filled = Math.round(Math.min(1, share) * WIDTH);
      const line = `${title} [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${text}`;
      if (out.isTTY) out.write(`\r\x1b[2K${line.slice(0, Math.max(20, out.columns - 1))}`);
      else if (Math.floor(share * STEPS) > shownStep) out.write(`${line}\n`);
      shownStep = Math.max(shownStep, Math.floor(share * STEPS));
    },
    end: () => {
      if (out.isTTY) out.write('\n');
    },
  };
}
