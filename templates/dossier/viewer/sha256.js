// SHA-256 (FIPS 180-4), one message at a time, over `bytes[0 … length)`.
//
// Of our own and not the browser's: that one answers each message by a promise, which for a hundred
// thousand short entries takes longer than the hashing itself.
"use strict";

(() => {
  const K = new Int32Array(64);
  const START = new Int32Array(8);

  // The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the
  // square roots of the first 8.
  let found = 0;
  for (let candidate = 2; found < 64; candidate++) {
    let isPrime = true;
    for (let part = 2; part * part <= candidate; part++) if (candidate % part === 0) isPrime = false;
    if (!isPrime) continue;
    const fraction = (root) => ((root - Math.floor(root)) * 4294967296) | 0;
    K[found] = fraction(Math.cbrt(candidate));
    if (found < 8) START[found] = fraction(Math.sqrt(candidate));
    found++;
  }

  const W = new Int32Array(64);
  const H = new Int32Array(8);

  function block(bytes, at) {
    for (let t = 0; t < 16; t++, at += 4) {
      W[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let t = 16; t < 64; t++) {
      const x = W[t - 15], y = W[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      W[t] = (W[t - 16] + s0 + W[t - 7] + s1) | 0;
    }
    let a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
    for (let t = 0; t < 64; t++) {
      const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + S1 + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
      const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0;
      d = c; c = b; b = a; a = (one + two) | 0;
    }
    H[0] += a; H[1] += b; H[2] += c; H[3] += d; H[4] += e; H[5] += f; H[6] += g; H[7] += h;
  }

  const tail = new Uint8Array(128);

  andon.sha256 = (bytes, length = bytes.length) => {
    H.set(START);
    const whole = length - (length % 64);
    for (let at = 0; at < whole; at += 64) block(bytes, at);
    const rest = length - whole;
    tail.fill(0);
    tail.set(bytes.subarray(whole, length));
    tail[rest] = 0x80;
    const end = rest < 56 ? 64 : 128;
    const view = new DataView(tail.buffer);
    view.setUint32(end - 8, Math.floor(length / 536870912));
    view.setUint32(end - 4, (length << 3) >>> 0);
    for (let at = 0; at < end; at += 64) block(tail, at);
    const digest = new Uint8Array(32);
    for (let i = 0; i < 8; i++) new DataView(digest.buffer).setInt32(4 * i, H[i]);
    return digest;
  };
})();
