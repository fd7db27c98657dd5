/** The part of the page's address after "#", over a reload: the browser's address is TensorBoard's. */
export class KeptAddress {
  private readonly key: string;

  /**
   * @param storage Of this tab of the browser, so that two of them may show different things.
   * @param page The path of the page: other TensorBoards have other paths or ports.
   */
  constructor(
    private readonly storage: Pick<Storage, "getItem" | "setItem">,
    page: string,
  ) {
    this.key = `projector.tensorboard ${page}`;
  }

  /** With its "#", or empty. */
  get hash(): string {
    return this.storage.getItem(this.key) ?? "";
  }

  keep(hash: string): void {
    try {
      this.storage.setItem(this.key, hash);
    } catch (error) {
      // A storage that is full or forbidden forgets; the page begins anew then.
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
