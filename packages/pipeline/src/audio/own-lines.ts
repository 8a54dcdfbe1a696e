/** ffmpeg indents what it quotes from a file by four or more: tags, chapters, what is packed beside the sound. */
const QUOTED = '    ';
const LINE_ENDS = /(?<=\n)/;

/**
 * The lines in which ffmpeg speaks for itself, picked out as they come: what a file brings along can be any length, and
 * is not to push out what is said after it.
 */
export class OwnLines {
  private kept = '';
  private last = '';

  /** @param most so many characters are kept, and no more */
  constructor(private readonly most = Infinity) {}

  add(text: string): void {
    for (const piece of text.split(LINE_ENDS)) {
      this.last = begin(this.last + piece, this.most);
      if (!piece.endsWith('\n')) continue;
      this.kept = this.text;
      this.last = '';
    }
  }

  /** What is kept so far, a line that has not ended among it. */
  get text(): string {
    return this.last.startsWith(QUOTED) ? this.kept : (this.kept + this.last).slice(0, this.most);
  }

  get isFull(): boolean {
    return this.kept.length >= this.most;
  }
}

const begin = (line: string, most: number): string =>
  line.startsWith(QUOTED) ? QUOTED : line.slice(0, most);
