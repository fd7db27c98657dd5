// In every page that is measured, ours or another's: how often the browser gives it a frame, how
// long after an event something is there, and when the GPU has done what it was told.
window.bench = {
  /** Frames from now on; the returned function ends it and gives the gaps between them, in ms. */
  frames() {
    const times = [];
    let isOn = true;
    const tick = (now) => {
      if (!isOn) return;
      times.push(now);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    return () => {
      isOn = false;
      return times.slice(1).map((time, at) => time - times[at]);
    };
  },

  /** Milliseconds from the next event of this kind to the frame in which `isMet` holds. */
  after(kind, isMet, patience = 60000) {
    return new Promise((resolve, reject) => {
      const heard = (event) => {
        window.removeEventListener(kind, heard, true);
        const began = event.timeStamp;
        let timer = 0;
        const end = () => {
          observer.disconnect();
          clearTimeout(timer);
        };
        const look = () => {
          if (isMet()) {
            end();
            const met = performance.now() - began;
            requestAnimationFrame(() => resolve({ met, shown: performance.now() - began }));
            return true;
          }
          if (performance.now() - began < patience) return false;
          end();
          reject(new Error(`waited ${patience} ms after ${kind}`));
          return true;
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        const poll = () => {
          timer = setTimeout(() => look() || poll(), 2);
        };
        poll();
      };
      window.addEventListener(kind, heard, true);
    });
  },

  /** Milliseconds from the navigation to the first frame in which `isMet` holds. */
  async since(isMet) {
    while (!isMet()) await new Promise((resolve) => setTimeout(resolve, 4));
    return performance.now();
  },
};

// Bytes that pages send to the GPU, whichever WebGL they use: buffers, and textures from arrays.
window.bench.sentBytes = 0;
for (const kind of [WebGLRenderingContext, WebGL2RenderingContext]) {
  for (const name of ["bufferData", "bufferSubData", "texImage2D", "texSubImage2D"]) {
    const real = kind.prototype[name];
    kind.prototype[name] = function (...given) {
      for (const each of given) if (ArrayBuffer.isView(each) || each instanceof ArrayBuffer) window.bench.sentBytes += each.byteLength;
      return real.apply(this, given);
    };
  }
}
