/** All requests to the server, bundled for one transport. */
import type { KernelState } from "../model/view/kernel-state";
import { type CatalogApi, catalogApi } from "./catalog";
import { clientHeader } from "./client";
import { type ClustersApi, clustersApi } from "./clusters";
import { type ColumnsApi, columnsApi } from "./columns";
import { type DatasetsApi, datasetsApi } from "./datasets";
import { type DriftApi, driftApi } from "./drift";
import { type EventsApi, eventsApi } from "./events";
import { type FormulasApi, formulasApi } from "./formulas";
import { type MatchesApi, matchesApi } from "./matches";
import { type MeasuresApi, measuresApi } from "./measures";
import { type MediaApi, mediaApi } from "./media";
import { type NearnessApi, nearnessApi } from "./nearness";
import { type PanelsApi, panelsApi } from "./panels";
import { type PointsApi, pointsApi } from "./points";
import { type ProjectionsApi, projectionsApi } from "./projections";
import { type QualityApi, qualityApi } from "./quality";
import { type RunsApi, runsApi } from "./runs";
import { type SelectionApi, selectionApi } from "./selection";
import { type SeriesApi, seriesApi } from "./series";
import { type TagsApi, tagsApi } from "./tags";
import type { Traffic, Transport } from "./transport";
import { type UploadsApi, uploadsApi } from "./uploads";

export interface Api {
  readonly catalog: CatalogApi;
  readonly datasets: DatasetsApi;
  readonly columns: ColumnsApi;
  readonly panels: PanelsApi;
  readonly points: PointsApi;
  readonly media: MediaApi;
  readonly formulas: FormulasApi;
  readonly nearness: NearnessApi;
  readonly projections: ProjectionsApi;
  readonly quality: QualityApi;
  readonly clusters: ClustersApi;
  readonly drift: DriftApi;
  readonly matches: MatchesApi;
  readonly measures: MeasuresApi;
  readonly runs: RunsApi;
  readonly series: SeriesApi;
  readonly tags: TagsApi;
  readonly selection: SelectionApi;
  readonly uploads: UploadsApi;
  readonly events: EventsApi;
  /** What has passed through the transport so far. */
  traffic(): Traffic;
  /** Calls back now and whenever the kernel's state changes, where there is a kernel. */
  onKernel(listener: (state: KernelState) => void): () => void;
}

export function createApi(transport: Transport): Api {
  const client = clientHeader();
  return {
    catalog: catalogApi(transport),
    datasets: datasetsApi(transport),
    columns: columnsApi(transport),
    panels: panelsApi(transport),
    points: pointsApi(transport),
    media: mediaApi(transport),
    formulas: formulasApi(transport),
    nearness: nearnessApi(transport, client),
    projections: projectionsApi(transport, client),
    quality: qualityApi(transport, client),
    clusters: clustersApi(transport, client),
    drift: driftApi(transport, client),
    matches: matchesApi(transport),
    measures: measuresApi(transport, client),
    runs: runsApi(transport),
    series: seriesApi(transport),
    tags: tagsApi(transport),
    selection: selectionApi(transport),
    uploads: uploadsApi(transport),
    events: eventsApi(transport),
    traffic: () => transport.traffic(),
    onKernel: (listener) => transport.onKernel(listener),
  };
}
