// @vitest-environment jsdom
import { expect, it } from "vitest";
import { RemoteUses } from "../../../src/panels/page/remote-use";
import { listingLoaded } from "../../../src/store/actions/place";
import { listing } from "../../store/fixtures";
import { draw, screen, shownText } from "../rendering";

it("says what was fetched of what is elsewhere", () => {
  const use = {
    address: "s3://bucket/runs",
    n_requests: 12,
    n_bytes: 3_400_000,
    n_total_bytes: 1_000_000_000,
    trouble: "",
    poll_seconds: 30,
  };
  const { dispatch } = draw(<RemoteUses />, listingLoaded({ ...listing, remote: [use] }));
  expect(shownText()).toContain("3.4 MB of 1.0 GB fetched · 12 requests");
  expect(screen.getByText(/fetched/).title).toBe(
    "s3://bucket/runs is looked at again every 30 seconds.",
  );
  const silent = {
    ...use,
    address: "gs://b",
    n_requests: 1,
    trouble: "It is away.",
    poll_seconds: 0,
  };
  dispatch(listingLoaded({ ...listing, remote: [use, silent] }));
  expect(shownText()).toContain("6.8 MB of 2.0 GB fetched · 13 requests");
  expect(screen.getByText(/fetched/).title).toContain(
    "\ngs://b is not looked at again. It is away.",
  );
  dispatch(listingLoaded(listing));
  expect(shownText()).not.toContain("fetched");
});
