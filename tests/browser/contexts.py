"""The WebGL contexts of a page: counted, lost and brought back."""

from __future__ import annotations

from playwright.sync_api import Page

#: Run before the page's own script: keeps each context that is asked for, once.
_KEEP = """
window.contexts = [];
for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
    const real = kind.prototype.getContext;
    kind.prototype.getContext = function (name, ...rest) {
        const found = real.call(this, name, ...rest);
        const isNew = found !== null && !window.contexts.includes(found);
        if (/webgl/.test(name) && isNew) window.contexts.push(found);
        return found;
    };
}
"""


def keep_contexts(page: Page) -> None:
    """Keep all WebGL contexts that the page will ask for; to be called before it is opened."""
    page.add_init_script(_KEEP)


def n_contexts(page: Page) -> int:
    """Return how many contexts the page asked for and has not lost."""
    found: int = page.evaluate("window.contexts.filter(gl => !gl.isContextLost()).length")
    return found


def lose_and_restore(page: Page) -> None:
    """Lose the page's only context, and give it back."""
    page.evaluate(
        """() => new Promise(done => {
            const [gl] = window.contexts.filter(gl => !gl.isContextLost());
            const lose = gl.getExtension('WEBGL_lose_context');
            gl.canvas.addEventListener('webglcontextlost', () => setTimeout(
                () => lose.restoreContext()));
            gl.canvas.addEventListener('webglcontextrestored', done);
            lose.loseContext();
        })"""
    )
