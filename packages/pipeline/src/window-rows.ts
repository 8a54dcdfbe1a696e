export type KeptRow = { windowIndex: number; row: Float32Array };

/**
 * An even sample of the clip's feature rows in bounded memory: when it is full, every second row is let go
 * and from then on only every second window is taken.
 */
export class WindowRows {
  private rows: KeptRow[] = [];
  private stride = 1;

  constructor(private readonly maxCount: number) {}

  add(windowIndex: number, row: Float32Array): void {
    if (windowIndex % this.stride !== 0) return;
    if (this.rows.length >= this.maxCount) {
      this.stride *= 2;
      this.rows = this.rows.filter((kept) => kept.windowIndex % this.stride === 0);
      if (windowIndex % this.stride !== 0) return;
    }
    this.rows.push({ windowIndex, row });
  }

  all(): readonly KeptRow[] {
    return this.rows;
  }
}
