/**
 * Places labels next to their points without overlaps, the most important first. A grid of occupied
 * cells makes the test cheap, so that thousands can be placed in every frame.
 */
import type { Viewport } from "../../model/camera/camera";

export interface LabelCandidate {
  /** Center of the point, and the distance that the text keeps from it; CSS pixels. */
  readonly x: number;
  readonly y: number;
  readonly clearance: number;
  readonly width: number;
  readonly height: number;
  /** Always placed: further away where there is no room beside its point, at last over others. */
  readonly isEmphasized: boolean;
  /** On its point rather than beside it, where there is room. */
  readonly isCentered?: boolean;
}

export interface PlacedLabel {
  /** Place in the list of candidates. */
  readonly candidate: number;
  /** Left edge and vertical middle of the text. */
  readonly x: number;
  readonly y: number;
}

/** Coarse enough to be fast, fine enough that no line of text is wasted. */
const CELL = 8;

class Occupancy {
  private readonly columns: number;
  private readonly rows: number;
  private readonly cells: Uint8Array;

  constructor(viewport: Viewport) {
    this.columns = Math.max(1, Math.ceil(viewport.width / CELL));
    this.rows = Math.max(1, Math.ceil(viewport.height / CELL));
    this.cells = new Uint8Array(this.columns * this.rows);
  }

  isFree(box: Box): boolean {
    return !this.some(box, (cell) => this.cells[cell] === 1);
  }

  take(box: Box): void {
    this.some(box, (cell) => {
      this.cells[cell] = 1;
      return false;
    });
  }

  private some(box: Box, test: (cell: number) => boolean): boolean {
    const left = Math.max(0, Math.floor(box.left / CELL));
    const right = Math.min(this.columns - 1, Math.floor(box.right / CELL));
    const top = Math.max(0, Math.floor(box.top / CELL));
    const bottom = Math.min(this.rows - 1, Math.floor(box.bottom / CELL));
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        if (test(row * this.columns + column)) return true;
      }
    }
    return false;
  }
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function placeLabels(
  candidates: readonly LabelCandidate[],
  viewport: Viewport,
): PlacedLabel[] {
  const occupied = new Occupancy(viewport);
  const placed: PlacedLabel[] = [];
  const emphasized = candidates.flatMap((label, index) => (label.isEmphasized ? [index] : []));
  const others = candidates.flatMap((label, index) => (label.isEmphasized ? [] : [index]));
  for (const candidate of [...emphasized, ...others]) {
    const label = candidates[candidate];
    if (label === undefined || !isInside(label, viewport)) continue;
    const slots = slotsOf(label);
    const isFree = (slot: Box) => fits(slot, viewport) && occupied.isFree(slot);
    const free =
      slots.find(isFree) ?? (label.isEmphasized ? furtherOf(label).find(isFree) : undefined);
    const box = free ?? (label.isEmphasized ? pushedInside(slots[0], viewport) : undefined);
    if (box === undefined) continue;
    occupied.take(box);
    placed.push({ candidate, x: box.left, y: (box.top + box.bottom) / 2 });
  }
  return placed;
}

/** Right of the point, left, above, below: the order in which maps do it. */
function slotsOf(candidate: LabelCandidate): readonly [Box, ...Box[]] {
  const { x, y, clearance, width, height, isCentered = false } = candidate;
  const box = (left: number, top: number): Box => ({
    left,
    top,
    right: left + width,
    bottom: top + height,
  });
  if (isCentered) {
    const line = (lines: number) => box(x - width / 2, y + (lines - 0.5) * height);
    return [line(0), line(-1), line(1), line(-2), line(2)];
  }
  return [
    box(x + clearance, y - height / 2),
    box(x - clearance - width, y - height / 2),
    box(x - width / 2, y - clearance - height),
    box(x - width / 2, y + clearance),
  ];
}

/** Where a text of its own line is still near its point: beside it, up to some lines up and down. */
const MOST_LINES_AWAY = 4;

function furtherOf({ x, y, clearance, width, height }: LabelCandidate): readonly Box[] {
  const found: Box[] = [];
  for (let line = 1; line <= MOST_LINES_AWAY; line++) {
    for (const top of [y - (line + 0.5) * height, y + (line - 0.5) * height]) {
      for (const left of [x + clearance, x - clearance - width, x - width / 2]) {
        found.push({ left, top, right: left + width, bottom: top + height });
      }
    }
  }
  return found;
}

function isInside({ x, y }: LabelCandidate, { width, height }: Viewport): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

function fits(box: Box, { width, height }: Viewport): boolean {
  return box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
}

function pushedInside(box: Box, { width, height }: Viewport): Box {
  const dx = Math.min(0, width - box.right) || Math.max(0, -box.left);
  const dy = Math.min(0, height - box.bottom) || Math.max(0, -box.top);
  return {
    left: box.left + dx,
    right: box.right + dx,
    top: box.top + dy,
    bottom: box.bottom + dy,
  };
}
