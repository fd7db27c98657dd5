import { describe, expect, it } from "vitest";
import { initialValues, type ValuesOf } from "../../../src/model/view/setting";
import { choice, toggle } from "../../../src/model/view/setting-kinds";
import { setSetting } from "../../../src/store/actions/view";
import { commandAt } from "../../../src/store/commands/command";
import { SETTING_COMMANDS, settingCommands } from "../../../src/store/commands/setting-commands";
import { createStore } from "../../../src/store/store";

const TABLE = {
  grid: toggle({
    title: "Grid",
    initial: false,
    url: "grid",
    command: { group: "Plot", key: "J", onSheet: "grid lines" },
  }),
  shape: choice({
    title: "Shape",
    initial: "disk",
    choices: { disk: "Disk", square: "Square" },
    url: "shape",
    need: "3d",
    command: { group: "Color and size" },
  }),
  silent: toggle({ title: "Silent", initial: false, url: "silent" }),
};
type Values = ValuesOf<typeof TABLE>;

describe("commands of a table", () => {
  let values = initialValues<Values>(TABLE);
  const commands = settingCommands<Values>(TABLE, {
    values: () => values,
    set: (key, value) => (state) => {
      values = { ...values, [key]: value };
      return state;
    },
  });
  const store = createStore();
  const find = (id: string) => {
    const found = commands.find((each) => each.id === id);
    if (!found) throw new Error(`No command ${id}`);
    return found;
  };

  it("are one for a toggle, and one for each choice", () => {
    expect(commands.map(({ id, title }) => [id, title])).toEqual([
      ["setting.grid", "Grid"],
      ["setting.shape.disk", "Shape: Disk"],
      ["setting.shape.square", "Shape: Square"],
    ]);
    expect(find("setting.grid")).toMatchObject({
      group: "Plot",
      keys: ["J"],
      onSheet: "grid lines",
    });
  });

  it("change the value that is there when they are run", () => {
    const { run, isOn } = find("setting.grid");
    expect(isOn?.(store.state.value)).toBe(false);
    run(store);
    expect(values.grid).toBe(true);
    expect(isOn?.(store.state.value)).toBe(true);
    run(store);
    expect(values.grid).toBe(false);
    find("setting.shape.square").run(store);
    expect(values.shape).toBe("square");
    expect(find("setting.shape.disk").isOn?.(store.state.value)).toBe(false);
  });

  it("are disabled while what they need is not there", () => {
    const flat = store.state.value;
    const deep = { ...flat, view: { ...flat.view, dims: 3 as const } };
    expect(commandAt(find("setting.shape.disk"), flat).isDisabled).toBe(true);
    expect(commandAt(find("setting.shape.disk"), deep).isDisabled).toBe(false);
    expect(commandAt(find("setting.grid"), flat).isDisabled).toBe(false);
  });
});

describe("the page's own table", () => {
  it("sets what its commands say", () => {
    const store = createStore();
    const run = (id: string) => SETTING_COMMANDS.find((each) => each.id === id)?.run(store);
    run("setting.ghosts");
    run("setting.lens.parallel");
    run("setting.ramp.log");
    run("setting.ramp.diverging");
    expect(store.state.value.view).toMatchObject({
      ghosts: false,
      lens: "parallel",
      ramp: { transform: "log", kind: "diverging" },
    });
    store.dispatch(setSetting("drawAs", "density"));
    run("setting.sprites");
    expect(store.state.value.view).toMatchObject({ sprites: true, drawAs: "auto" });
  });
});
