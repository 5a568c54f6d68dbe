// Signed notes and heads as text (C2SP signed-note, tlog-checkpoint), and Ed25519 by the browser.
"use strict";

(() => {
  const encoder = new TextEncoder();

  // base64 in its one way of writing; null for anything else.
  andon.base64 = (text) => {
    try {
      const raw = atob(text);
      return btoa(raw) === text ? Uint8Array.from(raw, (one) => one.charCodeAt(0)) : null;
    } catch {
      return null;
    }
  };

  // {text, signatures: [{name, id, signature}]}, or null for what is no signed note.
  andon.readNote = (written) => {
    const cut = written.lastIndexOf("\n\n");
    if (cut < 1 || !written.endsWith("\n") || written.length > 65536) return null;
    const signatures = [];
    for (const line of written.slice(cut + 2, -1).split("\n")) {
      const [dash, name, told, ...more] = line.split(" ");
      const made = told ? andon.base64(told) : null;
      if (dash !== "\u2014" || !name || name.includes("+") || more.length || !made || made.length < 5) return null;
      signatures.push({ name, id: andon.hex(made.subarray(0, 4)), signature: made.subarray(4) });
    }
    return signatures.length <= 16 ? { text: written.slice(0, cut + 1), signatures } : null;
  };

  // {origin, size, root}, or null for a text that is no head.
  andon.readHead = (text) => {
    const lines = text.split("\n");
    const root = andon.base64(lines[2] || "");
    if (lines.length < 4 || lines.pop() !== "" || !lines[0] || !/^(0|[1-9][0-9]{0,15})$/.test(lines[1])) return null;
    if (!root || root.length !== 32 || lines.includes("")) return null;
    return { origin: lines[0], size: Number(lines[1]), root };
  };

  // {name, id, public}, or null for a word that is no key.
  andon.readKey = (word) => {
    const match = /^([^\s+]{1,200})\+([0-9a-f]{8})\+(\S+)$/.exec(word.trim());
    const told = match ? andon.base64(match[3]) : null;
    if (!told || told.length !== 33 || told[0] !== 1) return null;
    const name = encoder.encode(match[1] + "\n");
    const named = new Uint8Array(name.length + 33);
    named.set(name);
    named.set(told, name.length);
    const id = andon.hex(andon.sha256(named).subarray(0, 4));
    return id === match[2] ? { name: match[1], id, public: told.subarray(1) } : null;
  };

  let able = null;

  // Whether this browser knows Ed25519 (RFC 8032); asked once.
  andon.knowsEd25519 = () => {
    able = able || (async () => {
      try {
        await crypto.subtle.importKey("raw", new Uint8Array(32).fill(9), { name: "Ed25519" }, false, ["verify"]);
        return true;
      } catch (error) {
        return !!(globalThis.crypto && crypto.subtle) && error.name === "DataError";
      }
    })();
    return able;
  };

  const imported = new Map();

  // Which of these keys signed a note: the first of them under it, or null. A signature that claims
  // to be of one of them and is not makes the note nobody's.
  andon.signerOf = async (note, keys) => {
    const text = encoder.encode(note.text);
    let found = null;
    for (const { name, id, signature } of note.signatures) {
      for (const key of keys.filter((one) => one.name === name && one.id === id)) {
        const word = andon.hex(key.public);
        if (!imported.has(word)) {
          imported.set(word, crypto.subtle.importKey("raw", key.public, { name: "Ed25519" }, false, ["verify"]));
        }
        try {
          if (!(await crypto.subtle.verify("Ed25519", await imported.get(word), signature, text))) return null;
        } catch {
          return null; // a key or a signature that is none verifies nothing
        }
        found = found || key;
      }
    }
    return found;
  };
})();
