/** Takes the plot's picture for the saved notebook, whenever what is shown has changed and rests. */
import { PIECE_BYTES } from "../api/channel";

/** Each picture is another output of the notebook: not one for every turn of the camera. */
const REST_MILLISECONDS = 2000;
/** A picture travels in one message: one that is too large is taken smaller. */
const SCALES = [1, 0.5, 0.25];

export function keepPicture(send: (png: ArrayBuffer) => void): { changed(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = async () => {
    const page = window.projector;
    if (!page) return;
    if (page.state().live || !page.stats().isWhole) {
      timer = setTimeout(() => void take(), REST_MILLISECONDS);
      return;
    }
    for (const scale of SCALES) {
      const png = await page.image(scale);
      if (png.size > PIECE_BYTES) continue;
      send(await png.arrayBuffer());
      return;
    }
  };
  return {
    changed() {
      clearTimeout(timer);
      timer = setTimeout(() => void take(), REST_MILLISECONDS);
    },
  };
}
