/** A projector server in memory: a listing, datasets, projections that run as a test lets them. */
import type { TransportRequest, TransportResponse } from "../../src/api/transport";
import type { Dataset } from "../../src/model/data/dataset";
import type { Entry, Listing } from "../../src/model/data/listing";
import { type Method, type Params, paramsKey } from "../../src/model/projection/method";
import type { Projection } from "../../src/model/projection/projection";
import {
  type Answer,
  bytes,
  FakeTransport,
  json,
  refused,
  StreamSource,
  streamed,
  text,
} from "../fakes/fake-transport";
import { frameBytes, ofPart } from "../fakes/frames";
import { dataset, listing, methods, projection } from "../store/fixtures";

type Handler = (request: TransportRequest, ...parts: readonly string[]) => Answer;

export class FakeServer extends FakeTransport {
  listing: Listing;
  methods: readonly Method[] = methods;
  /** Every body that asked for a projection, oldest first. */
  readonly starts: StartBody[] = [];
  /** Whether it has forgotten the projections that others are to be aligned to. */
  forgetsReferences = false;
  /** In the order in which they were asked for. */
  readonly projections: Projection[] = [];
  /** Of each dataset's tags: the file's text and its revision. */
  readonly tags = new Map<string, { text: string; revision: string }>();
  /** Datasets that are described otherwise than by their entries. */
  readonly datasets = new Map<string, Partial<Dataset>>();
  /** Methods that are done as soon as they are asked for. */
  instant: ReadonlySet<string> = new Set(["pca"]);
  private readonly streams = new Map<string, Pick<StreamSource, "push">[]>();
  private readonly scripted = new Set<string>();
  private nRevisions = 0;

  constructor(entries: readonly Entry[] = listing.entries) {
    super();
    this.listing = { ...listing, entries };
  }

  /** What a test answers by itself stands before what the server would answer. */
  override on(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    ...answers: readonly Answer[]
  ): this {
    this.scripted.add(`${method} ${path}`);
    return super.on(method, path, ...answers);
  }

  /** The PCA of a dataset, as if it had been asked for. */
  pca(of: string): Projection {
    return this.start({ dataset: of, method: "pca", params: {} });
  }

  /** A method's layouts may be aligned, and start from one another. */
  withFreeOrientation(name: string): void {
    this.methods = this.methods.map((method) =>
      method.name === name ? { ...method, free_orientation: true } : method,
    );
  }

  /** Let the server answer by itself again. */
  restore(method: string, path: string): void {
    this.scripted.delete(`${method} ${path}`);
  }

  override async request(request: TransportRequest): Promise<TransportResponse> {
    const { method = "GET" } = request;
    const path = request.path.map(encodeURIComponent).join("/");
    if (!this.scripted.has(`${method} ${path}`)) {
      super.on(method, path, this.answer(method, path, request));
    }
    return super.request(request);
  }

  /** The projection of a dataset by a method that was asked for last. */
  last(datasetId: string, method = "umap"): Projection {
    const found = this.projections.findLast(
      (each) => each.dataset === datasetId && each.method === method,
    );
    if (!found) throw new Error(`Nobody asked for ${method} of ${datasetId}.`);
    return found;
  }

  /** Send a frame to all who follow a projection. */
  frame(id: string, values: readonly number[], dims: 2 | 3 = 2): void {
    for (const stream of this.streams.get(id) ?? []) pushTo(stream, frameBytes(values, dims));
  }

  /** A projection ends; those who follow it see their streams end, those who listen an event. */
  end(id: string, state: "done" | "failed" | "cancelled", part: Partial<Projection> = {}): void {
    this.change(id, { state, ...part });
    for (const stream of this.streams.get(id) ?? []) {
      pushTo(stream, frameBytes([], 2, { isLast: true }));
    }
    this.streams.delete(id);
    this.emit("projection", this.byId(id));
  }

  change(id: string, part: Partial<Projection>): void {
    const at = this.projections.findIndex((each) => each.id === id);
    this.projections[at] = { ...this.byId(id), ...part };
  }

  /** A new listing, of which those who listen are told; `nSeen` while more is looked for. */
  write(entries: readonly Entry[], nSeen: number | null = null): void {
    const version = `${this.listing.version}+`;
    this.listing = { ...this.listing, entries, n_seen: nSeen, version };
    this.emit("log", { version: this.listing.version });
  }

  byId(id: string): Projection {
    const found = this.projections.find((each) => each.id === id);
    if (!found) throw new Error(`There is no projection ${id}.`);
    return found;
  }

  /** How often something was asked for. */
  count(line: string | RegExp): number {
    return this.log.filter((each) => (typeof line === "string" ? each === line : line.test(each)))
      .length;
  }

  private answer(method: string, path: string, request: TransportRequest): Answer {
    const routes: readonly (readonly [RegExp, Handler])[] = [
      [/^GET log$/, () => json(this.listing)],
      [/^GET methods$/, () => json({ methods: this.methods })],
      [/^GET datasets\/([^/]+)$/, (_, id = "") => this.describe(id)],
      [/^GET datasets\/[^/]+\/columns\/\d+\/text$/, () => bytes(packed(["x", "y", "x"]))],
      [/^GET datasets\/[^/]+\/columns\/\d+\/codes$/, () => bytes(Uint16Array.of(0, 1, 0).buffer)],
      [
        /^GET datasets\/[^/]+\/columns\/\d+\/numbers$/,
        () => bytes(Float32Array.of(1, 2, 3).buffer),
      ],
      [/^GET datasets\/[^/]+\/columns\/\d+\/categories$/, () => json(CATEGORIES)],
      [/^GET datasets\/[^/]+\/columns\/\d+\/order$/, () => bytes(Uint32Array.of(2, 1, 0).buffer)],
      [
        /^POST datasets\/[^/]+\/texts$/,
        ({ body }) => json({ ...JSON.parse(String(body)), texts: [["x", "y"]] }),
      ],
      [
        /^GET datasets\/[^/]+\/points\/(\d+)$/,
        (_, index) => json({ index: Number(index), values: ["x"] }),
      ],
      [
        /^GET datasets\/[^/]+\/points\/(\d+)\/neighbors$/,
        (_, index) => json(neighborsOf(Number(index))),
      ],
      [
        /^GET datasets\/[^/]+\/search$/,
        () => bytes(Uint8Array.of(0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0).buffer),
      ],
      [/^POST datasets\/[^/]+\/where$/, () => bytes(Uint8Array.of(5).buffer)],
      [/^POST datasets\/[^/]+\/nearest$/, () => json({ ...neighborsOf(0), terms: [] })],
      [
        /^POST datasets\/[^/]+\/contrast$/,
        () => json({ n: 2, n_other: 1, n_both: 0, differences: [] }),
      ],
      [/^GET datasets\/([^/]+)\/tags$/, (_, id = "") => this.readTags(id)],
      [/^PUT datasets\/([^/]+)\/tags$/, (sent, id = "") => this.writeTags(sent, id)],
      [/^POST projections$/, ({ body }) => this.answerStart(JSON.parse(String(body)))],
      [/^GET projections\/frames$/, (sent) => this.followAll(sent)],
      [/^GET projections\/([^/]+)$/, (_, id = "") => this.known(id)],
      [/^GET projections\/([^/]+)\/frames$/, (_, id = "") => this.follow(id)],
      [/^GET projections\/([^/]+)\/positions$/, (sent, id = "") => this.positions(sent, id)],
      [/^DELETE projections\/([^/]+)$/, (_, id = "") => this.stop(id)],
      [
        /^PATCH projections\/([^/]+)$/,
        ({ body }, id = "") => this.update(id, JSON.parse(String(body)).params),
      ],
      [
        /^POST projections\/([^/]+)\/(pause|resume)$/,
        (_, id = "", what) => this.pause(id, what === "pause"),
      ],
      [/^POST projections\/([^/]+)\/quality$/, (_, id = "") => this.measure(id)],
      [
        /^GET projections\/[^/]+\/quality\/\w+$/,
        () => bytes(Float32Array.of(0.1, 0.2, 0.3).buffer),
      ],
    ];
    for (const [pattern, handler] of routes) {
      const match = pattern.exec(`${method} ${path}`);
      if (match) return handler(request, ...match.slice(1));
    }
    return refused(404, "NotFoundError", `The fake server has no ${method} ${path}.`);
  }

  private describe(id: string): Answer {
    const entry = this.listing.entries.find((each) => each.id === id);
    if (!entry) return refused(404, "UnknownNameError", `Unknown dataset '${id}'.`);
    const { run, name, step, n_points, n_dims } = entry;
    const found: Dataset = { ...dataset, id, run, name, step, n_points, n_dims, content: id };
    const revision = this.tags.get(run)?.revision ?? null;
    return json({ ...found, tags: { ...found.tags, revision }, ...this.datasets.get(id) });
  }

  private readTags(id: string): Answer {
    const { run = "" } = this.listing.entries.find((each) => each.id === id) ?? {};
    const { text: found = "", revision = "none" } = this.tags.get(run) ?? {};
    return text(found, { headers: { ETag: `"${revision}"` } });
  }

  private writeTags({ headers }: TransportRequest, id: string): Answer {
    const { run = "" } = this.listing.entries.find((each) => each.id === id) ?? {};
    const expected = headers?.["If-Match"]?.replaceAll('"', "") ?? null;
    if ((this.tags.get(run)?.revision ?? null) !== expected) {
      return refused(409, "ConflictError", "The file was modified by another process.");
    }
    this.nRevisions += 1;
    const revision = `r${this.nRevisions}`;
    this.tags.set(run, { text: "written by the page", revision });
    return json({ ...dataset.tags, revision });
  }

  private answerStart(body: StartBody): Answer {
    this.starts.push(body);
    if (this.forgetsReferences && body.align_to !== undefined) {
      return refused(404, "UnknownNameError", `Unknown projection '${body.align_to}'.`);
    }
    return json(this.start(body));
  }

  private start({
    dataset: of,
    method,
    params,
  }: {
    dataset: string;
    method: string;
    params: Params;
  }): Projection {
    const key = `${of} ${method} ${paramsKey(params)}`;
    const at = this.projections.findIndex(
      (each) => `${each.dataset} ${each.method} ${paramsKey(each.params)}` === key,
    );
    const state = this.instant.has(method) ? "done" : "running";
    const isPca = method === "pca" && !("n_components" in params);
    const n_points = this.listing.entries.find(({ id }) => id === of)?.n_points ?? 0;
    const known = this.projections[at];
    if (known && known.state !== "cancelled" && known.state !== "failed") return known;
    const id = known?.id ?? `p${this.projections.length + 1}`;
    const made = projection({
      id,
      dataset: of,
      method,
      params,
      state,
      n_points,
      n_kept: isPca ? 3 : 0,
      n_components: isPca ? 3 : 2,
    });
    if (known) this.projections[at] = made;
    else this.projections.push(made);
    return made;
  }

  private known(id: string): Answer {
    const found = this.projections.find((each) => each.id === id);
    return found ? json(found) : refused(404, "UnknownNameError", `Unknown projection '${id}'.`);
  }

  private follow(id: string): Answer {
    if (!this.projections.some((each) => each.id === id)) return this.known(id);
    const source = new StreamSource();
    this.streams.set(id, [...(this.streams.get(id) ?? []), source]);
    return streamed(source);
  }

  private followAll({ query }: TransportRequest): Answer {
    const source = new StreamSource();
    const { ids = "" } = query ?? {};
    String(ids)
      .split(",")
      .forEach((id, part) => {
        const stream = { push: (piece: ArrayBuffer) => source.push(ofPart(part, piece)) };
        this.streams.set(id, [...(this.streams.get(id) ?? []), stream]);
      });
    return streamed(source);
  }

  private positions({ query }: TransportRequest, id: string): Answer {
    if (!this.projections.some((each) => each.id === id)) return this.known(id);
    const { n_points, n_components } = this.byId(id);
    const { components } = query ?? {};
    const dims = components === undefined ? n_components : String(components).split(",").length;
    const number = Number(id.replace(/\D/g, ""));
    return bytes(new Float32Array(n_points * dims).fill(number).buffer);
  }

  private stop(id: string): Answer {
    if (!this.projections.some((each) => each.id === id)) return this.known(id);
    this.end(id, "cancelled");
    return json(null);
  }

  private pause(id: string, paused: boolean): Answer {
    this.change(id, { paused });
    return json({});
  }

  /** The projection goes on under another id; nobody knows the old one any more. */
  private update(id: string, params: Params): Answer {
    const old = this.byId(id);
    const at = this.projections.indexOf(old);
    const next = { ...old, id: `${id}m`, params: { ...old.params, ...params } };
    this.projections[at] = next;
    for (const stream of this.streams.get(id) ?? [])
      pushTo(stream, frameBytes([], 2, { isLast: true }));
    this.streams.delete(id);
    return json(next);
  }

  private measure(id: string): Answer {
    const quality = {
      state: "done",
      phase: "",
      done: 1,
      total: 1,
      ahead: null,
      k: 15,
      summary: null,
      error: null,
    } as const;
    this.change(id, { quality });
    return json(this.byId(id));
  }
}

/** Whoever has left the stream hears nothing. */
function pushTo(stream: Pick<StreamSource, "push">, frame: ArrayBuffer): void {
  try {
    stream.push(frame);
  } catch {
    // It was aborted.
  }
}

interface StartBody {
  readonly dataset: string;
  readonly method: string;
  readonly params: Params;
  readonly align_to?: string;
}

const CATEGORIES = { names: ["x", "y"], counts: [2, 1], n_categories: 2 };

function neighborsOf(index: number) {
  return {
    index,
    metric: "cosine",
    k: 1,
    indices: [(index + 1) % 3],
    distances: [0.5],
    exact: true,
  };
}

function packed(texts: readonly string[]): ArrayBuffer {
  const parts = texts.map((each) => new TextEncoder().encode(each));
  const offsets = new Uint32Array(texts.length + 1);
  parts.forEach(({ length }, at) => {
    offsets[at + 1] = (offsets[at] ?? 0) + length;
  });
  const body = new Uint8Array(offsets.byteLength + (offsets[texts.length] ?? 0));
  body.set(new Uint8Array(offsets.buffer));
  parts.forEach((part, at) => void body.set(part, offsets.byteLength + (offsets[at] ?? 0)));
  return body.buffer;
}
