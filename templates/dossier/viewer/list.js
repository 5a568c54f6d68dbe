// A list of any length: only the rows near the window are on the page.
//
// Rows are as high as their text. A row that was never shown is taken to be as high as the usual
// one; sums of heights stand in a tree (Fenwick), so that a place is found in a few steps.
"use strict";

(() => {
  const AHEAD = 500; // pixels above and below the window that are on the page too

  class Heights {
    constructor(count, usual) {
      this.count = count;
      this.of = new Float32Array(count).fill(usual);
      this.tree = new Float64Array(count + 1);
      for (let at = 1; at <= count; at++) {
        this.tree[at] += usual;
        const above = at + (at & -at);
        if (above <= count) this.tree[above] += this.tree[at];
      }
      this.top = 1;
      while (this.top * 2 <= count) this.top *= 2;
    }

    set(at, height) {
      const more = height - this.of[at];
      this.of[at] = height;
      for (let node = at + 1; node <= this.count; node += node & -node) this.tree[node] += more;
    }

    before(at) {
      let sum = 0;
      for (let node = at; node > 0; node -= node & -node) sum += this.tree[node];
      return sum;
    }

    // The row that lies at a height from the top.
    find(height) {
      let at = 0, rest = Math.max(0, height);
      for (let step = this.top; step > 0; step >>= 1) {
        if (at + step <= this.count && this.tree[at + step] <= rest) {
          at += step;
          rest -= this.tree[at];
        }
      }
      return Math.min(at, this.count - 1);
    }
  }

  andon.List = class {
    // `row(place, before)` makes the element of an entry; `before` is the place listed before it.
    constructor(box, row) {
      this.box = box;
      this.row = row;
      this.inner = andon.make("div", { class: "rows" });
      this.rows = new Map();
      this.places = [];
      this.heights = new Heights(0, 1);
      box.replaceChildren(this.inner);
      const later = () => {
        this.asked = this.asked || requestAnimationFrame(() => { this.asked = 0; this.draw(); });
      };
      addEventListener("scroll", later, { passive: true });
      addEventListener("resize", () => { this.forget(); later(); });
    }

    set(places) {
      this.places = places;
      this.all = false;
      this.rows.clear();
      this.inner.replaceChildren();
      this.heights = new Heights(places.length, innerWidth < 640 ? 124 : 78);
      this.draw();
    }

    // Rows are made anew: the language changed, or the words that are marked.
    forget() {
      this.rows.clear();
      this.inner.replaceChildren();
      this.draw();
    }

    renew(place) {
      const row = this.rows.get(place);
      const index = this.indexOf(place);
      if (!row || index < 0) return;
      const made = this.made(index);
      row.replaceWith(made);
      this.rows.set(place, made);
      this.draw();
    }

    // How many listed places lie before an entry.
    lowest(place) {
      let low = 0, high = this.places.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.places[middle] < place) low = middle + 1;
        else high = middle;
      }
      return low;
    }

    indexOf(place) {
      const index = this.lowest(place);
      return this.places[index] === place ? index : -1;
    }

    made(index) {
      const made = this.row(this.places[index], index ? this.places[index - 1] : null);
      made.setAttribute("aria-posinset", index + 1);
      made.setAttribute("aria-setsize", this.places.length);
      return made;
    }

    draw() {
      for (let turn = 0; turn < 4 && this.fill(); turn++);
    }

    // Put the rows near the window on the page and measure them; says whether heights changed.
    fill() {
      const count = this.places.length;
      this.box.style.height = `${count ? this.heights.before(count) : 0}px`;
      if (!count || !this.box.offsetParent) return false;
      const top = -this.box.getBoundingClientRect().top;
      const first = this.all ? 0 : this.heights.find(top - AHEAD);
      const last = this.all ? count - 1 : this.heights.find(top + innerHeight + AHEAD);
      this.inner.style.transform = `translateY(${this.heights.before(first)}px)`;
      this.place(first, last);
      return this.measure(first, last, top);
    }

    place(first, last) {
      const wanted = new Set();
      for (let index = first; index <= last; index++) wanted.add(this.places[index]);
      for (const [place, row] of this.rows) {
        if (wanted.has(place)) continue;
        row.remove();
        this.rows.delete(place);
      }
      let before = null;
      for (let index = first; index <= last; index++) {
        const place = this.places[index];
        if (!this.rows.has(place)) this.rows.set(place, this.made(index));
        const row = this.rows.get(place);
        const next = before ? before.nextSibling : this.inner.firstChild;
        if (next !== row) this.inner.insertBefore(row, next);
        before = row;
      }
    }

    measure(first, last, top) {
      let changed = false, above = 0, reached = this.heights.before(first);
      const tall = [];
      for (let index = first; index <= last; index++) tall.push(this.rows.get(this.places[index]).getBoundingClientRect().height);
      for (let index = first; index <= last; index++) {
        const height = tall[index - first];
        const was = this.heights.of[index];
        if (Math.abs(height - was) > 0.5) {
          if (reached + was <= top) above += height - was;
          this.heights.set(index, height);
          changed = true;
        }
        reached += was;
      }
      // What the reader looks at stays where it is when rows above it are higher than thought.
      if (Math.abs(above) > 0.5) scrollBy(0, above);
      return changed;
    }

    // Bring an entry into the window, or the one nearest before it.
    show(place, focus) {
      let index = this.indexOf(place);
      if (index < 0) index = this.lowest(place) - 1;
      if (index < 0) return;
      const edge = andon.stickyTop();
      for (let turn = 0; turn < 4; turn++) {
        const row = this.rows.get(this.places[index]);
        const box = row && row.isConnected ? row.getBoundingClientRect() : null;
        if (box && box.top >= edge.top && box.bottom <= edge.bottom) break;
        const at = scrollY + this.box.getBoundingClientRect().top + this.heights.before(index);
        scrollTo({ top: at - edge.top - 40, behavior: "instant" });
        this.draw();
      }
      if (focus) {
        const row = this.rows.get(this.places[index]);
        if (row) row.focus({ preventScroll: true });
      }
    }

    // For paper: all rows, as far as there is sense in it.
    whole(most) {
      this.all = this.places.length <= most;
      this.draw();
      return this.all;
    }
  };
})();
