/** A list of any length of which only the visible rows exist. Arrow keys move, Enter picks. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { rowForKey } from "./list-keys";
import { useRowWindow } from "./row-window";

export interface VirtualListProps {
  readonly name: string;
  readonly count: number;
  readonly rowHeight: number;
  /** The row that stands out as taken; null for none. */
  readonly taken: number | null;
  readonly renderRow: (row: number) => ComponentChildren;
  readonly onPick: (row: number) => void;
  /** The row under the pointer or the keyboard; null when there is none. */
  readonly onPoint?: (row: number | null) => void;
}

export function VirtualList(props: VirtualListProps): JSX.Element {
  const { name, count, rowHeight, taken, renderRow, onPick, onPoint } = props;
  const element = useRef<HTMLDivElement>(null);
  const id = useId();
  const [active, setActive] = useState(0);
  const shown = useRowWindow(element, { count, rowHeight, content: count });

  // A list that goes away while it is pointed at leaves nothing pointed at.
  const leave = useRef(onPoint);
  leave.current = onPoint;
  useEffect(() => () => leave.current?.(null), []);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((element.current?.clientHeight ?? 0) / rowHeight) - 1);
    const next = rowForKey(event.key, { active, count, page });
    if (next !== null) {
      setActive(next);
      shown.show(next);
      onPoint?.(next);
    } else if (event.key === "Enter" || event.key === " ") onPick(active);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={element}
      class="virtual-list"
      role="listbox"
      tabIndex={0}
      aria-label={name}
      aria-activedescendant={`${id}-${active}`}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onPoint?.(null)}
      onBlur={() => onPoint?.(null)}
    >
      <div class="virtual-list-whole" style={{ height: `${shown.height}px` }}>
        {range(shown.first, shown.end).map((index) => (
          <ListRow
            key={index}
            id={`${id}-${index}`}
            index={index}
            count={count}
            isActive={index === active}
            isTaken={index === taken}
            style={{ height: `${rowHeight}px`, transform: `translateY(${shown.placeOf(index)}px)` }}
            onPick={() => {
              setActive(index);
              onPick(index);
            }}
            onPoint={() => onPoint?.(index)}
          >
            {renderRow(index)}
          </ListRow>
        ))}
      </div>
    </div>
  );
}

interface ListRowProps {
  readonly id: string;
  readonly index: number;
  readonly count: number;
  readonly isActive: boolean;
  readonly isTaken: boolean;
  readonly style: Readonly<Record<string, string>>;
  readonly onPick: () => void;
  readonly onPoint: () => void;
  readonly children: ComponentChildren;
}

function ListRow(props: ListRowProps): JSX.Element {
  const { id, index, count, isActive, isTaken, style, onPick, onPoint, children } = props;
  return (
    // The list box has the focus and the keys; its options need none of their own.
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      id={id}
      class={`virtual-row${isActive ? " is-active" : ""}`}
      role="option"
      aria-selected={isTaken}
      aria-posinset={index + 1}
      aria-setsize={count}
      style={style}
      onClick={onPick}
      onPointerEnter={onPoint}
    >
      {children}
    </div>
  );
}

/** The whole numbers from `first` to `end`, which is not among them. */
export function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
}
