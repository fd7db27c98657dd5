/** The pieces of an answer's body between their arrival and their reader. */

export class PieceQueue {
  private readonly pieces: ArrayBuffer[] = [];
  private isEnded = false;
  private failure: { readonly reason: unknown } | null = null;
  private wake: () => void = () => undefined;

  push(piece: ArrayBuffer): void {
    this.pieces.push(piece);
    this.wake();
  }

  end(): void {
    this.isEnded = true;
    this.wake();
  }

  /** What has arrived is given up, too. */
  fail(reason: unknown): void {
    this.failure ??= { reason };
    this.wake();
  }

  /** The next piece; null at the end. For one reader. */
  async next(): Promise<ArrayBuffer | null> {
    for (;;) {
      if (this.failure) throw this.failure.reason;
      const piece = this.pieces.shift();
      if (piece) return piece;
      if (this.isEnded) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
