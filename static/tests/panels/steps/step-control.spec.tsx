// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { GoneBanner } from "../../../src/panels/steps/new-step";
import { StepControl } from "../../../src/panels/steps/step-control";
import { goToRun, listingLoaded } from "../../../src/store/actions/place";
import { entry, listing } from "../../store/fixtures";
import { click, draw, fill, OPENED, SHOWN, screen, shownText } from "../rendering";

const button = (name: string) => screen.getByRole("button", { name });

describe("the steps of a training", () => {
  it("are walked through one by one, up to their ends", () => {
    const { state } = draw(<StepControl />, ...OPENED);
    expect(button("Previous step")).toHaveProperty("disabled", true);
    click(button("Next step"));
    expect(state().view.place?.step).toBe(20);
    expect(button("Next step")).toHaveProperty("disabled", true);
    expect(shownText()).toContain("step 20");
    click(button("Previous step"));
    expect(state().view.place?.step).toBe(10);
  });

  it("are a label where there is only one", () => {
    draw(<StepControl />, ...OPENED, goToRun("b"));
    expect(shownText()).toBe("step 10");
    expect(screen.queryByRole("slider")).toBeNull();
  });

  it("are nothing before the listing has come", () => {
    draw(<StepControl />);
    expect(shownText()).toBe("");
  });

  it("are played, each for as long as is chosen", () => {
    const { state } = draw(<StepControl />, ...OPENED);
    expect(screen.queryByRole("combobox", { name: "Seconds per step" })).toBeNull();
    click(button("Play through the steps"));
    fill(screen.getByRole("combobox", { name: "Seconds per step" }), "0.5");
    expect(state().page).toMatchObject({ isPlaying: true, playSeconds: 0.5 });
    click(button("Pause the steps"));
    expect(state().page.isPlaying).toBe(false);
  });

  it("are followed, and a new one is offered where they are not", () => {
    const { state, dispatch } = draw(<StepControl />, ...OPENED);
    click(button("Follow the newest step"));
    expect(state().newSteps.isFollowing).toBe(true);
    click(button("Follow the newest step"));
    dispatch((before) => ({
      ...before,
      newSteps: { ...before.newSteps, newest: { run: "a", name: "hidden", step: 20 } },
    }));
    click(button("New step 20"));
    expect(state().view.place?.step).toBe(20);
    expect(screen.queryByRole("button", { name: "New step 20" })).toBeNull();
  });
});

describe("a step that was deleted", () => {
  const without = (...left: (typeof listing.entries)[number][]) =>
    listingLoaded({ ...listing, version: "2", entries: left });

  it("is said, with a way to the nearest one", () => {
    const { dispatch, state } = draw(<GoneBanner />, ...SHOWN);
    expect(shownText()).toBe("");
    dispatch(without(entry("a", 20)));
    expect(shownText()).toContain(
      "hidden, step 10, was deleted. The last projection is still shown.",
    );
    click(button("Go to the nearest step"));
    expect(state().view.place?.step).toBe(20);
    expect(shownText()).toBe("");
  });

  it("leaves no way where nothing is left", () => {
    const { dispatch } = draw(<GoneBanner />, ...SHOWN);
    dispatch(without());
    expect(screen.queryByRole("button")).toBeNull();
    expect(shownText()).toContain("was deleted");
  });
});
