/** The axis of the steps as the timeline has it, for what stands below it. */
import type { RefObject } from "preact";
import { useMemo } from "preact/hooks";
import { isEqual } from "../../model/data/equality";
import { stepsOf } from "../../model/data/listing-changes";
import { isLogHere, seriesElsewhere, seriesHere } from "../../store/selectors/companions";
import { listingOf } from "../../store/selectors/listing";
import { cursors } from "../../store/selectors/views";
import { useSelect } from "../context";
import { useTimelineScale } from "../steps/timeline-scale";
import { useBox, useTimelineBox } from "./size";

export interface StepAxis {
  /** From the left edge of the chart. */
  readonly x: (step: number) => number;
  readonly stepAt: (x: number) => number;
  /** The chart within its container, in CSS pixels. */
  readonly left: number;
  readonly width: number;
}

/** The titles' room where no timeline has the axis, and that of the values at the right. */
const TITLE = 158;
const VALUES = 60;

/** `ref` is the container, as wide as the plot. */
export function useStepAxis(ref: RefObject<HTMLElement | null>): StepAxis {
  const own = useBox(ref);
  const listing = useSelect(listingOf);
  const place = useSelect(({ view }) => view.place);
  const isOpen = useSelect(({ scalars }) => scalars.isOpen);
  const scalars = useSelect(seriesHere);
  const elsewhere = useSelect(seriesElsewhere, [], isEqual);
  const isLog = useSelect(isLogHere);
  const marks = useSelect(cursors, [], isEqual);
  const stored = useMemo(() => (listing && place ? stepsOf(listing, place) : []), [listing, place]);
  const series = isOpen ? scalars : null;
  const timeline = useTimelineBox([isOpen, series === null, stored.length]);
  const others = useMemo(() => elsewhere.map((each) => each.series), [elsewhere]);
  const spanned = [...stored, ...marks.flatMap(({ step }) => step ?? [])].sort((a, b) => a - b);
  // A phone's timeline has no room beside it.
  const room = own.width - timeline.width - (timeline.left - own.left);
  const isAligned = timeline.width > 0 && timeline.left - own.left >= 90 && room >= VALUES - 12;
  const left = isAligned ? timeline.left - own.left : Math.min(TITLE, own.width * 0.4);
  const width = isAligned ? timeline.width : Math.max(40, own.width - left - VALUES);
  const scale = useTimelineScale({ series, others, stored: spanned, isLog, width, height: 60 });
  return { x: scale.x, stepAt: scale.stepAt, left, width };
}
