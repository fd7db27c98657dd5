/** Steps that a training writes while the page is open. */
import type { Place } from "../../model/data/listing";

export interface NewStep {
  /** A step that was written while a view shows another one of the same tensor. */
  readonly newest: Place | null;
}

export interface FollowSettings {
  /** Go to each new step as it comes. */
  readonly isFollowing: boolean;
}

export interface NewStepsState extends NewStep, FollowSettings {}
