// Which entries fit: by words, stage, person, type and mark; in slices, so that one may type on.
"use strict";

(() => {
  const search = andon.search = { words: "", stage: "", person: "", type: "", mark: "" };

  search.isOn = () => Boolean(search.words || search.stage || search.person || search.type || search.mark);

  // As JSON has it in the bytes: a quotation mark in a text stands there behind a backslash.
  // Whoever searches for the bytes themselves finds them too.
  const escaped = (words) => JSON.stringify(words).slice(1, -1);
  const inBytes = (text, words) => {
    const place = text.indexOf(words);
    return place < 0 ? text.indexOf(escaped(words)) : place;
  };

  function columns(at) {
    const { record } = andon;
    if (search.stage && record.stages.at(at) !== search.stage) return false;
    if (search.person && record.people.at(at) !== search.person) return false;
    if (search.type && record.types.at(at) !== search.type) return false;
    return !search.mark || Boolean(record.markBits[at] & (1 << record.MARKS.indexOf(search.mark)));
  }

  // Everything that is shown of an entry, in small letters.
  search.shown = (at, entry) =>
    [
      andon.telling.sentence(at, entry), andon.telling.event(entry.type), entry.type, `#${at + 1}`,
      andon.telling.person(entry.actor.id || ""), andon.telling.stage(entry.stage),
    ].join("\n").toLowerCase();

  // The ids of whoever is called so in either language; the bytes have nothing but these.
  search.called = (words) => {
    const says = (name) => String(name || "").toLowerCase().includes(words);
    const people = Object.entries(andon.about.people || {}).filter(([, one]) => says(one.name) || says(one.name_zh));
    const channels = Object.entries(andon.record.channels).filter(([, one]) => says(one.en) || says(one.zh));
    return [...people, ...channels].map(([id]) => JSON.stringify(id).toLowerCase());
  };

  let running = null;

  // Gives the places that fit, or null when another search began meanwhile.
  search.run = async (told) => {
    if (running) running.stop();
    const words = search.words.trim().toLowerCase();
    const found = [];
    const ids = words ? search.called(words) : [];
    const fits = (at) => {
      if (!columns(at)) return;
      if (!words) {
        found.push(at);
        return;
      }
      const bytes = andon.entries[at].toLowerCase();
      const isThere = inBytes(bytes, words) >= 0 || ids.some((id) => bytes.includes(id)) ||
        search.shown(at, andon.record.entry(at)).includes(words);
      if (isThere) found.push(at);
    };
    const mine = running = andon.inSlices(andon.record.size, fits, told);
    const ended = await mine.work;
    return ended && running === mine ? found : null;
  };

  // A text with each place marked where the words stand.
  search.marked = (text) => {
    const words = search.words.trim().toLowerCase();
    const low = text.toLowerCase();
    // In a few languages small letters are longer: then nothing is marked rather than the wrong place.
    if (!words || low.length !== text.length) return [text];
    const parts = [];
    let from = 0;
    for (let at = low.indexOf(words); at >= 0; at = low.indexOf(words, from)) {
      parts.push(text.slice(from, at), andon.make("mark", { text: text.slice(at, at + words.length) }));
      from = at + words.length;
    }
    return [...parts, text.slice(from)];
  };

  // Where the words stand in the bytes, with a little around; null where the sentence has them.
  search.snippet = (at, sentence) => {
    const words = search.words.trim().toLowerCase();
    if (!words || sentence.toLowerCase().includes(words)) return null;
    const text = andon.entries[at];
    const place = inBytes(text.toLowerCase(), words);
    if (place < 0) return null;
    const from = Math.max(0, place - 60);
    const to = Math.min(text.length, place + words.length + 60);
    return `${from ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
  };
})();
