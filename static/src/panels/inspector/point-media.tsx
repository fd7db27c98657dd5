/** The images and sounds that a point's metadata names. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Column } from "../../model/data/dataset";
import { mediaForgotten } from "../../store/actions/selection";
import { shownDataset } from "../../store/selectors/shown";
import { pointKey } from "../../store/state/state";
import { useSelect, useStore } from "../context";
import { Dialog } from "../controls/dialog";
import { useMediaUrl } from "../controls/media-url";
import { usePointLabel } from "../points/point-label";

interface PointMediaProps {
  readonly index: number;
}

export function PointMedia({ index }: PointMediaProps): JSX.Element | null {
  const data = useSelect((state) => (state.work.shown ? shownDataset(state) : null));
  const values = useSelect(
    (state) => data && (state.attention.values[pointKey(data.info.id, index)]?.values ?? null),
    [data, index],
  );
  if (!data || !values) return null;
  // A point without a name in the column has no image, which is no error.
  const named = data.info.columns.filter(({ media, index: at }) => media && values[at]);
  if (named.length === 0) return null;
  return (
    <div class="point-media">
      {named.map((column) => (
        <Medium
          key={`${data.info.id} ${data.revision} ${index} ${column.index}`}
          dataset={data.info.id}
          column={column}
          index={index}
          revision={data.revision ?? ""}
        />
      ))}
    </div>
  );
}

interface MediumProps extends PointMediaProps {
  readonly dataset: string;
  readonly column: Column;
  readonly revision: string;
}

function Medium({ dataset, column, index, revision }: MediumProps): JSX.Element {
  const store = useStore();
  const key = [dataset, index, column.index, revision].join(" ");
  const problem = useSelect(({ attention }) => attention.mediaProblems[key] ?? null, [key]);
  const label = usePointLabel(index);
  const name = `${column.name} of ${label}`;
  const place = { dataset, index, column: column.index };
  const url = useMediaUrl((media) => media.mediaUrl(place, revision), [key]);
  const onError = () => store.request({ kind: "explain-media", key, place });
  useEffect(() => () => store.dispatch(mediaForgotten(key)), [store, key]);
  if (problem) return <p class="hint">{problem}</p>;
  if (column.media === "audio") {
    return (
      // What is said in it stands nowhere; the metadata below is all that is known.
      // biome-ignore lint/a11y/useMediaCaption: see above
      <audio
        class="media-audio"
        controls
        preload="metadata"
        src={url}
        aria-label={name}
        onError={onError}
      />
    );
  }
  return <Enlargeable name={name} url={url} onError={onError} />;
}

interface ImageProps {
  readonly name: string;
  readonly url: string | undefined;
  readonly onError: () => void;
}

function Enlargeable({ name, url, onError }: ImageProps): JSX.Element {
  const [isLarge, setIsLarge] = useState(false);
  return (
    <>
      <button
        type="button"
        class="media-image"
        aria-label={`Enlarge ${name}`}
        title="Enlarge"
        onClick={() => setIsLarge(true)}
      >
        <img src={url} alt={name} onError={onError} />
      </button>
      {isLarge && (
        <Dialog title={name} onClose={() => setIsLarge(false)}>
          <img class="media-enlarged" src={url} alt={name} />
        </Dialog>
      )}
    </>
  );
}
