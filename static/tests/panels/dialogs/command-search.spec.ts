import { expect, it } from "vitest";
import { searchCommands } from "../../../src/panels/dialogs/command-search";
import type { Command } from "../../../src/store/commands";

function command(title: string, isDisabled = false): Command {
  return { group: "Page", title, isDisabled, run: () => undefined } as unknown as Command;
}

const titles = (commands: readonly Command[], query: string) =>
  searchCommands(commands, query).map(({ command: { title } }) => title);

it("without letters commands stand as they are", () => {
  expect(titles([command("Undo", true), command("Redo")], " ")).toEqual(["Undo", "Redo"]);
});

it("what can be done stands first, and then what fits best", () => {
  const commands = [
    command("Show in 3D"),
    command("Save PNG", true),
    command("Stop the playing"),
    command("Save"),
  ];
  expect(titles(commands, "sp")).toEqual(["Stop the playing", "Save PNG"]);
  expect(titles(commands, "save")).toEqual(["Save", "Save PNG"]);
});

it("no more are listed than are read", () => {
  const many = Array.from({ length: 200 }, (_, at) => command(`Go to run ${at}`));
  expect(titles(many, "go")).toHaveLength(60);
});
