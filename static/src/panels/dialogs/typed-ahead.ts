/** What is typed after a dialog was asked for, while its code is on its way. */

export class TypedAhead {
  private text = "";
  private isOver = false;
  private stop: () => void = () => undefined;

  /** Keep what is typed from now on, unless the field was there before; the result ends it. */
  keep(): () => void {
    this.text = "";
    if (this.isOver) return () => undefined;
    const hear = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Backspace") this.text = this.text.slice(0, -1);
      else if ([...event.key].length === 1) this.text += event.key;
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener("keydown", hear, true);
    this.stop = () => window.removeEventListener("keydown", hear, true);
    return this.stop;
  }

  /** What was typed, for the field that is here now and hears of every key itself. */
  take(): string {
    this.stop();
    this.isOver = true;
    const taken = this.text;
    this.text = "";
    return taken;
  }
}
