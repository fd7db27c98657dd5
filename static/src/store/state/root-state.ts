/** The whole state: one page, the data that views share, and the views. One immutable value. */
import { type DataState, INITIAL_DATA_STATE } from "./data-state";
import { INITIAL_PAGE_STATE, type PageState } from "./page-state";
import { FIRST_VIEW, type ViewId } from "./view-id";
import { freshView, type ViewState } from "./view-state";

export interface RootState {
  readonly page: PageState;
  readonly data: DataState;
  readonly views: Readonly<Record<ViewId, ViewState>>;
  /** All views, in the order of the page. */
  readonly order: readonly ViewId[];
  /** The view that panels and keys act on. */
  readonly active: ViewId;
  /** How many views there have been: the id of a removed one never comes again. */
  readonly nMade: number;
}

export const INITIAL_ROOT: RootState = {
  page: INITIAL_PAGE_STATE,
  data: INITIAL_DATA_STATE,
  views: { [FIRST_VIEW]: freshView(FIRST_VIEW) },
  order: [FIRST_VIEW],
  active: FIRST_VIEW,
  nMade: 1,
};
