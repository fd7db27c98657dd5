/** A WebGL2 context that draws nothing and records every call, for tests. */
import type { GL } from "../../src/render/gpu/gl";

interface GlCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface FakeGl {
  readonly gl: GL;
  readonly calls: GlCall[];
  /** The calls of a function, oldest first. */
  of(name: string): readonly GlCall[];
  /** Whether the GPU has done all that it got: fences are passed. */
  isIdle: boolean;
}

interface Options {
  /** Without extensions nothing but bytes can be drawn to. */
  readonly hasExtensions?: boolean;
}

/** Constants are numbers by their name, the same in every context. */
const constants = new Map<string, number>();

function constant(name: string): number {
  const known = constants.get(name) ?? constants.size + 1;
  constants.set(name, known);
  return known;
}

export function fakeGl({ hasExtensions = true }: Options = {}): FakeGl {
  const calls: GlCall[] = [];
  const fake = {
    calls,
    of: (name: string) => calls.filter((call) => call.name === name),
    isIdle: true,
  };
  const answers: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = {
    getShaderParameter: () => true,
    getProgramParameter: () => true,
    getUniformLocation: (_, name) => name,
    getExtension: () => (hasExtensions ? { loseContext: () => undefined } : null),
    getParameter: (name) =>
      name === constant("ALIASED_POINT_SIZE_RANGE") ? new Float32Array([1, 64]) : 4096,
    fenceSync: () => ({}),
    getSyncParameter: () => (fake.isIdle ? constant("SIGNALED") : constant("UNSIGNALED")),
    isContextLost: () => false,
  };
  const gl = new Proxy({} as Record<string, unknown>, {
    get(_, name) {
      if (typeof name !== "string") return undefined;
      if (/^[A-Z]/.test(name)) return constant(name);
      return (...args: readonly unknown[]) => {
        calls.push({ name, args });
        if (name.startsWith("create")) return { made: name };
        return answers[name]?.(...args);
      };
    },
  });
  return Object.assign(fake, { gl: gl as unknown as GL });
}
