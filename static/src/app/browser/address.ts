/** The part of the page's address after "#"; kept here where the document cannot have an address. */

/** A document inside another one (`about:srcdoc`), or made from a blob, has none of its own. */
const WITH_ADDRESS: ReadonlySet<string> = new Set(["http:", "https:", "file:"]);

export class PageAddress {
  /** What the address would say, where the document has none. */
  private kept: string | null;

  /**
   * @param given What it says at first, with its "#", where the document has no address.
   * @param onChange Called with each new text, with its "#", where the document has no address.
   */
  constructor(
    given = window.location.hash,
    private readonly onChange: (hash: string) => void = () => undefined,
  ) {
    this.kept = WITH_ADDRESS.has(window.location.protocol) ? null : given;
  }

  /** Whether a link can lead back to what is shown. */
  get isReal(): boolean {
    return this.kept === null;
  }

  /** With its "#", or empty. */
  get hash(): string {
    return this.kept ?? window.location.hash;
  }

  /** @param text Without "#". */
  replace(text: string): void {
    if (this.kept === null) {
      try {
        history.replaceState(null, "", `#${text}`);
        return;
      } catch (error) {
        // A frame that its page has locked up is not allowed to, whatever its address.
        if (!(error instanceof DOMException)) throw error;
      }
    }
    this.kept = `#${text}`;
    this.onChange(this.kept);
  }
}
