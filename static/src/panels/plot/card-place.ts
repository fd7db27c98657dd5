/** Places a card near what it is about, inside the plot. */

/** CSS pixels between the point and its card. */
const GAP = 14;
/** ... and between a card and the edge of the plot. */
const EDGE = 4;

/** To the right and below the point, or on the other side where the plot ends; inside it always. */
export function placeCard(
  card: HTMLElement,
  { x, y }: { readonly x: number; readonly y: number },
): void {
  const plot = card.parentElement;
  if (!plot) return;
  const { offsetWidth: width, offsetHeight: height } = card;
  const left = x + GAP + width <= plot.clientWidth ? x + GAP : x - GAP - width;
  const top = y + GAP + height <= plot.clientHeight ? y + GAP : y - GAP - height;
  const inside = (at: number, most: number) =>
    `${Math.round(Math.max(EDGE, Math.min(at, most)))}px`;
  card.style.left = inside(left, plot.clientWidth - width - EDGE);
  card.style.top = inside(top, plot.clientHeight - height - EDGE);
}
