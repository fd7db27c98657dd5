// @vitest-environment jsdom
import { expect, it } from "vitest";
import { isEqual } from "../../src/model/data/equality";
import { useSelect } from "../../src/panels/context";
import { setPlaying, setTool } from "../../src/store/actions/page";
import type { State } from "../../src/store/state/state";
import { draw, shownText } from "./rendering";

function counting(selector: (state: State) => unknown, equals?: typeof isEqual) {
  let nDrawn = 0;
  function Panel() {
    nDrawn += 1;
    return <p>{JSON.stringify(useSelect(selector, [], equals))}</p>;
  }
  const page = draw(<Panel />);
  return { ...page, nDrawn: () => nDrawn };
}

const tools = ({ page }: State) => ({ tool: page.tool });

it("a panel is drawn again when its part of the state has changed, and only then", () => {
  const { dispatch, nDrawn } = counting(({ page }) => page.tool);
  dispatch(setPlaying(true), setTool("navigate"));
  expect(nDrawn()).toBe(1);
  dispatch(setTool("box"));
  expect(nDrawn()).toBe(2);
  expect(shownText()).toBe('"box"');
});

it("a new object with the same content is no change, where it is compared so", () => {
  const byContent = counting(tools, isEqual);
  byContent.dispatch(setPlaying(true));
  expect(byContent.nDrawn()).toBe(1);
  byContent.dispatch(setTool("box"));
  expect(byContent.nDrawn()).toBe(2);
  expect(shownText()).toBe('{"tool":"box"}');
});

it("otherwise it is one", () => {
  const byIdentity = counting(tools);
  byIdentity.dispatch(setPlaying(true));
  expect(byIdentity.nDrawn()).toBe(2);
});

it("a selector is exchanged with what it closes over", () => {
  function Panel({ at }: { readonly at: number }) {
    return <p>{useSelect(({ page }) => page.tool[at], [at])}</p>;
  }
  function Pair() {
    const tool = useSelect(({ page }) => page.tool);
    return <Panel at={tool === "box" ? 2 : 0} />;
  }
  const { dispatch } = draw(<Pair />);
  expect(shownText()).toBe("n");
  dispatch(setTool("box"));
  expect(shownText()).toBe("x");
});
