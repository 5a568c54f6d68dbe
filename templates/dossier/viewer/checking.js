// Checking the record in the browser: nothing here touches the page.
//
// What is computed from the entries alone: each is what an entry may be, they follow one another,
// and the tree over the first n of them has the root that a signed head of n entries says.
"use strict";

(() => {
  const checking = andon.checking = {};

  // The one byte form of a value (RFC 8785 for the values that may occur): keys in order, no space.
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value && typeof value === "object") {
      return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
    }
    return JSON.stringify(value);
  }

  // The heads of this record that were taken along: {note, head} in the order of their sizes. What
  // cannot be read, or is another record's, is a fault.
  function headsOf(faults) {
    const origin = checking.origin();
    const found = [];
    for (const { note } of andon.about.heads || []) {
      const read = andon.readNote(note);
      const head = read && andon.readHead(read.text);
      if (head && head.origin === origin) found.push({ note: read, head });
      else faults.push({ kind: "head_unreadable" });
    }
    return found.sort((one, other) => one.head.size - other.head.size);
  }

  checking.origin = () => `${andon.about.origin}/${andon.about.incident}`;

  // One pass over all entries. Gives {size, leaves, heads, matched, faults, signed}: `matched` is the
  // largest size up to which every head agrees, `signed` the largest that any head speaks of.
  checking.entries = async (told) => {
    const size = andon.entries.length;
    const faults = [];
    const heads = headsOf(faults);
    const leaves = new Uint8Array(32 * size);
    const frontier = new andon.Frontier();
    let next = 0, matched = 0, broken = null, recorded = "";
    const holds = () => {
      while (next < heads.length && heads[next].head.size === frontier.size) {
        const { head } = heads[next++];
        if (andon.same(frontier.root(), head.root)) {
          if (!broken) matched = head.size;
        } else if (!broken) {
          broken = head;
          faults.push({ kind: "head_root", from: matched + 1, to: head.size });
        }
      }
    };
    holds();
    const { work } = andon.inSlices(size, (at) => {
      const text = andon.entries[at];
      const leaf = andon.leafHash(text);
      leaves.set(leaf, 32 * at);
      recorded = one(at, text, recorded, faults);
      frontier.append(leaf);
      holds();
    }, told);
    await work;
    if (next < heads.length) faults.push({ kind: "head_beyond", size, signed: heads[heads.length - 1].head.size });
    return { size, leaves, heads, faults, matched, signed: heads.length ? heads[heads.length - 1].head.size : 0 };
  };

  const MOST = 200; // faults that are listed one by one

  // Check one entry by itself and against the one before; gives when it was recorded.
  function one(at, text, before, faults) {
    const seq = at + 1;
    const add = (kind) => faults.length < MOST && faults.push({ kind, seq });
    let entry = null;
    try {
      entry = JSON.parse(text);
    } catch {
      // no entry at all
    }
    if (!entry || typeof entry !== "object" || typeof entry.recorded_at !== "string" || !entry.type) {
      add("entry_malformed");
      return before;
    }
    if (canonical(entry) !== text) add("entry_not_canonical");
    if (entry.seq !== seq || entry.incident !== andon.about.incident) add("entry_number");
    if (entry.recorded_at < before) add("entry_order");
    return entry.recorded_at > before ? entry.recorded_at : before;
  }

  // Which heads are signed, by a key of `trusted` or by one that lies inside. Gives {able, trusted,
  // inside, faults}: the numbers of heads, and with `trustedUpTo` how far a trusted key speaks.
  checking.signatures = async (heads, trusted, told) => {
    const able = await andon.knowsEd25519();
    const found = { able, trusted: 0, inside: 0, trustedUpTo: 0, insideUpTo: 0, faults: [] };
    if (!able) return found;
    const inside = (andon.about.keys || []).map(andon.readKey).filter(Boolean);
    let at = 0;
    for (const { note, head } of heads) {
      if (await andon.signerOf(note, trusted)) {
        found.trusted++;
        found.trustedUpTo = head.size;
      } else if (await andon.signerOf(note, inside)) {
        found.inside++;
        found.insideUpTo = head.size;
      } else if (found.faults.length < MOST) found.faults.push({ kind: "head_signature", size: head.size });
      if (++at % 64 === 0 && told) told(at);
    }
    return found;
  };

  // What a head that was kept outside says of this record: {kind, …} of one sentence.
  checking.witness = async (written, result, keys) => {
    const text = written.replace(/\r\n/g, "\n").trim();
    const note = andon.readNote(`${text}\n`);
    const head = note && andon.readHead(note.text);
    if (!head) return { kind: "witness_unreadable" };
    if (head.origin === `${andon.about.origin}/log`) return { kind: "witness_log" };
    if (head.origin !== checking.origin()) return { kind: "witness_other", origin: head.origin };
    const inside = (andon.about.keys || []).map(andon.readKey).filter(Boolean);
    const able = await andon.knowsEd25519();
    if (able && !(await andon.signerOf(note, [...keys, ...inside]))) return { kind: "witness_signature", size: head.size };
    if (head.size > result.size) return { kind: "witness_beyond", size: head.size, has: result.size };
    const same = andon.same(andon.rootOf(result.leaves, head.size), head.root);
    return { kind: same ? (able ? "witness_whole" : "witness_root") : "witness_diverges", size: head.size };
  };
})();
