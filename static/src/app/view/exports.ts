/** Handles requests for files: what makes them is fetched when the first one is asked for. */
import type { FigureChoice } from "../../model/view/figure";
import type { Handlers } from "../../store/handlers";
import { fileStem, saveFile } from "../browser/download";
import type { ExportSources } from "./export-files";

/** Pixels of a saved image for each CSS pixel of the plot. */
const USUAL_SCALE = 2;
/** A figure of one column of a paper, where nobody asks for another. */
const USUAL_FIGURE: FigureChoice = { title: "", hasLegend: true, width: 120, dpi: 300 };

export function exportRequests(
  sources: ExportSources,
): Handlers<"copy-python" | "export" | "save-image"> {
  const { store, cloud } = sources;
  return {
    async export({ what, figure }) {
      const { makeFile } = await import("./export-files");
      await makeFile(sources, what, figure ?? USUAL_FIGURE);
    },
    async "copy-python"() {
      const { copyPython } = await import("./export-files");
      await copyPython(store);
    },
    async "save-image"() {
      const name = `${fileStem(store.state.peek().view.request.method)}.png`;
      saveFile(await cloud.toBlob(USUAL_SCALE), name);
    },
  };
}
