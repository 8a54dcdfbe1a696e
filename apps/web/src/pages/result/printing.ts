/** Between the margins that `print.css` sets, within a card: fits A4 and Letter. As in the style sheet. */
export const PAPER_PX = 660;

/**
 * What is drawn as wide as the screen would be cut off by the paper's edge, and no layout of the paper is told
 * to scripts: whoever draws is told to draw for it, and then for the screen again. @returns how to stop
 */
export function whenPrinted(draw: (widthPx: number | null) => void): () => void {
  const stop = new AbortController();
  addEventListener('beforeprint', () => draw(PAPER_PX), { signal: stop.signal });
  addEventListener('afterprint', () => draw(null), { signal: stop.signal });
  return () => stop.abort();
}
