// The viewer of a dossier: one object that the other files add to, and how a page is built.
//
// Plain scripts without a library, so that they can be read by whoever does not believe us. They
// load nothing: the page's security policy allows its own files alone, and no connection.
// Text of the record reaches the page only through `textContent` (`andon.make`), never as markup.
"use strict";

// What the page says where no script runs, or where this file did not come along.
document.getElementById("no-script").remove();

const andon = {
  entries: null, // one canonical text per entry, in order (entries.js)
  states: {}, // key -> [[number of an entry, value from then on], …] (states.js)
  tells: { names: [""], of: [] }, // which sentence tells each entry (states.js)
  about: {}, // everything else that was taken along (about.js)
};

// make("p", {class: "quiet", text: "…", onclick: f}, child, …) gives an element; children that are
// null or "" are left out, text among them is text.
andon.make = (tag, settings, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(settings || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") made.textContent = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in { value: 1, checked: 1, disabled: 1 }) made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
};

// The console's shapes: a state is never told by colour alone.
const SHAPES = {
  done: "M8 .5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15|M4.6 8.3l2.3 2.3 4.6-4.9",
  stopped: "M3 1h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V3a2 2 0 0 1 2-2|M4.6 8.3l2.3 2.3 4.6-4.9",
  decide: "M8 .5L15.5 8 8 15.5.5 8z|M8 5v6M5 8h6",
  late: "M4.9.5h6.2l4.4 4.4v6.2l-4.4 4.4H4.9L.5 11.1V4.9z|M8 3.8v5M8 10.8v1.8",
  note: "M8 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4",
  selling: "M2.5 1.2v13.6L15 8z",
  running: "~M8 1.4a6.6 6.6 0 1 0 0 13.2A6.6 6.6 0 0 0 8 1.4|M8 3.4a4.6 4.6 0 0 1 0 9.2z",
  waiting: "~M8 1.4a6.6 6.6 0 1 0 0 13.2A6.6 6.6 0 0 0 8 1.4",
  none: "~M3 8h10",
  ordered: "~M3.4 1.9h9.2a1.5 1.5 0 0 1 1.5 1.5v9.2a1.5 1.5 0 0 1-1.5 1.5H3.4a1.5 1.5 0 0 1-1.5-1.5V3.4a1.5 1.5 0 0 1 1.5-1.5|M5.2 5.2h5.6v5.6H5.2z",
  silent: "~M1.9 1.9h12.2v12.2H1.9zM5 8h6",
  warned: "~M8 1.2l7 13H1zM8 5.8v4.3M8 11.2v1.5",
  cross: "~M8 1.4a6.6 6.6 0 1 0 0 13.2A6.6 6.6 0 0 0 8 1.4M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2",
  info: "~M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2M8 7.2v4.2M8 4.4v1.6",
  unknown: "~M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2M6.2 6.4a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.8.5-.8 1.2M8 10.9v1.3",
  flag: "~M3 15.5V1M3 1.8h10l-2.6 3.4L13 8.6H3",
  tray: "~M1.5 9.5h3.7l1 2h3.6l1-2h3.7M1.5 9.5v4h13v-4L12 2.5H4z",
  text: "~M3 1.2h6.5L13 4.7v10.1H3zM5.3 7h5.4M5.3 9.4h5.4M5.3 11.8h3.4",
  person: "~M8 1.7a3.1 3.1 0 1 0 0 6.2 3.1 3.1 0 0 0 0-6.2M1.8 15c.5-3.6 3-5.2 6.2-5.2s5.7 1.6 6.2 5.2",
};

// A filled shape with a cut in it, or ("~") a drawn one with something filled inside.
andon.shape = (name, tone) => {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("viewBox", "0 0 16 16");
  drawn.setAttribute("class", "shape" + (tone ? " tone-" + tone : ""));
  drawn.setAttribute("aria-hidden", "true");
  const outlined = SHAPES[name].startsWith("~");
  SHAPES[name].replace("~", "").split("|").forEach((path, place) => {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    const kind = outlined ? ["drawn", "filled"][place] : ["filled", "cut"][place];
    line.setAttribute("class", "shape-" + kind);
    drawn.append(line);
  });
  return drawn;
};

andon.state = (word, tone, shape) =>
  andon.make("span", { class: "state tone-" + tone }, shape ? andon.shape(shape) : null, andon.make("span", { text: word }));

// Work on many things without stopping the page: a slice of a few milliseconds, then the browser's
// turn. `step(i)` does one; `told(done)` hears after each slice; the promise tells whether it ended
// (true) or was stopped by `stop()`.
andon.inSlices = (count, step, told) => {
  let stopped = false;
  const work = new Promise((resolve, reject) => {
    const channel = new MessageChannel();
    let next = 0;
    channel.port1.onmessage = () => {
      try {
        const until = performance.now() + 12;
        while (!stopped && next < count && performance.now() < until) {
          for (const end = Math.min(next + 16, count); next < end; next++) step(next);
        }
        if (told) told(next);
        if (stopped || next >= count) {
          channel.port1.close();
          resolve(!stopped);
        } else channel.port2.postMessage(0);
      } catch (error) {
        reject(error);
      }
    };
    channel.port2.postMessage(0);
  });
  return { work, stop: () => { stopped = true; } };
};
