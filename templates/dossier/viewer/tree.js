// The tree over entries (RFC 6962, 2.1): SHA-256 over 0x00 and the entry for a leaf, over 0x01 and
// two nodes for a node.
"use strict";

(() => {
  const encoder = new TextEncoder();
  let buffer = new Uint8Array(65536);
  const pair = new Uint8Array(65);
  pair[0] = 1;

  andon.leafHash = (text) => {
    if (buffer.length < 3 * text.length + 1) buffer = new Uint8Array(6 * text.length);
    buffer[0] = 0;
    const { written } = encoder.encodeInto(text, buffer.subarray(1));
    return andon.sha256(buffer, written + 1);
  };

  andon.nodeHash = (left, right) => {
    pair.set(left, 1);
    pair.set(right, 33);
    return andon.sha256(pair);
  };

  // What appending needs: the roots of the perfect subtrees, the largest first.
  andon.Frontier = class {
    constructor() {
      this.size = 0;
      this.hashes = [];
    }

    append(leaf) {
      let merged = leaf;
      for (let size = this.size; size % 2 === 1; size = (size - 1) / 2) {
        merged = andon.nodeHash(this.hashes.pop(), merged);
      }
      this.hashes.push(merged);
      this.size++;
    }

    root() {
      if (!this.size) return andon.sha256(new Uint8Array(0));
      return this.hashes.reduceRight((right, left) => andon.nodeHash(left, right));
    }
  };

  // The root over the first leaves of many, kept one behind the other (32 bytes each).
  andon.rootOf = (leaves, size) => {
    const frontier = new andon.Frontier();
    for (let at = 0; at < size; at++) frontier.append(leaves.subarray(32 * at, 32 * at + 32));
    return frontier.root();
  };

  andon.hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  andon.same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
})();
