// The entries as a reader needs them: read one by one when they are shown, and an index over all.
"use strict";

(() => {
  const record = andon.record = { size: 0 };
  const KEPT = 600;
  const NOTHING = { actor: {}, body: {}, type: "?", stage: "?", unreadable: true };
  const kept = new Map();

  // The entry at a place (from 0). Bytes that are no entry are shown as what they are.
  record.entry = (at) => {
    if (kept.has(at)) return kept.get(at);
    let entry = NOTHING;
    try {
      const read = JSON.parse(andon.entries[at]);
      if (read && typeof read === "object") entry = { ...NOTHING, unreadable: false, ...read, actor: read.actor || {} };
    } catch {
      // stays NOTHING
    }
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value);
    kept.set(at, entry);
    return entry;
  };

  class Column {
    constructor(size) {
      this.of = new Uint16Array(size);
      this.names = [];
      this.places = new Map();
    }

    set(at, name) {
      if (!this.places.has(name)) {
        this.places.set(name, this.names.length);
        this.names.push(name);
      }
      this.of[at] = this.places.get(name);
    }

    at(place) {
      return this.names[this.of[place]];
    }
  }

  record.MARKS = ["backfilled", "late", "overridden", "silence", "lapsed", "refused", "behalf"];

  let markOf = null;

  function marksOf(at, entry) {
    if (!markOf) {
      markOf = new Map();
      const departures = (andon.about.words || {}).departures || {};
      for (const [mark, variants] of Object.entries(departures)) for (const one of variants) markOf.set(one, mark);
    }
    const body = entry.body || {};
    const found = new Set();
    const mark = markOf.get(andon.tells.names[andon.tells.of[at]]) || markOf.get(entry.type);
    if (mark) found.add(mark);
    if (entry.backfilled) found.add("backfilled");
    if (body.late === true) found.add("late");
    if (body.by_silence === true) found.add("silence");
    if (entry.actor.on_behalf_of) found.add("behalf");
    return record.MARKS.reduce((bits, name, place) => bits | (found.has(name) ? 1 << place : 0), 0);
  }

  record.marks = (at) => record.MARKS.filter((_, place) => record.markBits[at] & (1 << place));

  // Read all entries once, in slices: stage, person, type, times, marks.
  record.index = (told) => {
    const size = record.size = andon.entries.length;
    record.stages = new Column(size);
    record.people = new Column(size);
    record.types = new Column(size);
    record.recorded = new Float64Array(size).fill(NaN);
    record.happened = new Float64Array(size).fill(NaN);
    record.markBits = new Uint8Array(size);
    record.weighty = new Uint8Array(size);
    record.indexed = 0;
    record.channels = {}; // what the record itself calls the company's channels
    return andon.inSlices(size, indexOne, told).work;
  };

  function indexOne(at) {
    let entry = NOTHING;
    try {
      const read = JSON.parse(andon.entries[at]);
      if (read && typeof read === "object") entry = { ...NOTHING, ...read, actor: read.actor || {} };
    } catch {
      // an entry that cannot be read stands in the list and in the verdict
    }
    record.stages.set(at, String(entry.stage));
    record.people.set(at, (entry.body || {}).by_plan ? "plan" : String(entry.actor.on_behalf_of || entry.actor.id || "?"));
    record.types.set(at, String(entry.type));
    record.recorded[at] = andon.times.read(entry.recorded_at);
    record.happened[at] = andon.times.read(entry.happened_at);
    record.markBits[at] = marksOf(at, entry);
    record.weighty[at] = andon.telling.tellOf(at, entry.type).weighty ? 1 : 0;
    record.indexed = at + 1;
    if (entry.type === "ChannelsListed") for (const one of (entry.body || {}).channels || []) record.channels[one.id] = { en: one.name, zh: one.name_zh, kind: one.kind };
  }

  // What was known after an entry (its number): all values whose key begins so.
  record.known = (seq, key) => {
    const changes = andon.states[key];
    if (!changes) return null;
    let low = 0, high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (changes[middle][0] <= seq) low = middle + 1;
      else high = middle;
    }
    return low ? changes[low - 1][1] : null;
  };

  record.knownUnder = (seq, prefix) => {
    const found = [];
    for (const key of Object.keys(andon.states)) {
      if (!key.startsWith(prefix)) continue;
      const value = record.known(seq, key);
      if (value !== null) found.push([key.slice(prefix.length), value]);
    }
    return found;
  };

  // Whether exactly this entry changed something under a key.
  record.changedBy = (seq, prefix) =>
    Object.keys(andon.states).some((key) => {
      if (!key.startsWith(prefix)) return false;
      const changes = andon.states[key];
      let low = 0, high = changes.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (changes[middle][0] < seq) low = middle + 1;
        else high = middle;
      }
      return low < changes.length && changes[low][0] === seq;
    });

  // The last place that was recorded by a time, or -1.
  record.recordedBy = (at) => {
    let found = -1;
    while (found + 1 < record.size && !(record.recorded[found + 1] > at)) found++;
    return found;
  };

  // By happened time: the place of what happened last up to a time, and how many entries tell of
  // things up to then but were recorded only later.
  record.happenedBy = (at) => {
    let found = -1;
    const learntLater = [];
    for (let place = 0; place < record.size; place++) {
      if (!(record.happened[place] <= at)) continue;
      if (found < 0 || record.happened[place] >= record.happened[found]) found = place;
      if (record.recorded[place] > at) learntLater.push(place);
    }
    return { found, learntLater };
  };
})();
