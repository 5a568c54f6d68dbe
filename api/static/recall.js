// The one script of exported notices: it looks a lot up in the parts of the list that lie beside the
// page. How a number is read comes from the page (data-reading, written by domain/lot_check.py), and
// so do the words. Without it the list itself stands on the page. It never says more than the server
// would: what could not be fetched is never told to be safe.
(() => {
  "use strict";

  const section = document.querySelector(".check[data-reading]");
  const form = section && section.querySelector("form");
  // The names of the parts are SHA-256: browsers count it only on https (or on this machine).
  if (!form || !window.fetch || !window.crypto || !crypto.subtle) return;

  const rule = JSON.parse(section.dataset.reading);
  const words = JSON.parse(section.dataset.words);
  const field = form.querySelector("[name=lot]");
  const answer = section.querySelector("[role=status]");
  const label = new RegExp(rule.label);
  const scan = new RegExp(rule.scan);
  const fetched = new Map();

  const wide = (typed) => typed.normalize("NFKC").toUpperCase().replace(/\p{Nd}/gu, digitOf);
  const plainOf = (typed) => wide(typed).replace(/[^\p{L}\p{N}]/gu, "");
  const alike = new Map(Object.entries(rule.alike_signs));
  const bareOf = (sign) => [...sign.normalize("NFD").replace(/\p{M}/gu, "")].map((each) => alike.get(each) || each).join("");
  const lookOf = (plain) => [...plain].map((sign) => alike.get(sign) || bareOf(sign)).join("").replace(new RegExp(rule.zeros, "g"), "$1");

  // The digits of a script stand in a row of ten: how many stand before one is what it says.
  function digitOf(sign) {
    if (sign <= "9") return sign;
    let before = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(sign.codePointAt(0) - before - 1))) before++;
    return String(before % 10);
  }

  function readingsOf(typed) {
    const text = wide(typed);
    const words = text.match(new RegExp(rule.word, "g")) || [];
    const whole = plainOf(typed);
    const runs = [];
    for (let start = 0; start < words.length; start++)
      for (let end = start + 1; end <= Math.min(start + rule.run, words.length); end++)
        runs.push(words.slice(start, end).join(""));
    const bare = [whole, ...runs].map((run) => run.replace(label, ""));
    const parts = words.flatMap((word) => rule.apart.flatMap((labels) => word.split(new RegExp(labels))));
    const scanned = runs.flatMap((run) => scannedIn(run, text.includes(rule.field_ends)));
    return [...new Set([whole, ...runs, ...bare, ...parts, ...scanned])].filter(Boolean);
  }

  function scannedIn(run, ended) {
    const found = run.match(scan);
    const lot = found ? found[2] || "" : ended && run.startsWith("10") ? run.slice(2) : "";
    return [lot, ...[...lot.matchAll(new RegExp(rule.after_lot, "g"))].map((end) => lot.slice(0, end.index))];
  }

  // As in_digits of domain/pack_marks.py: months by name, years of an era, no time of day.
  function inDigits(text) {
    let told = text.replace(new RegExp(rule.time, "g"), " ");
    for (const [era, since] of Object.entries(rule.eras))
      told = told.replace(new RegExp(era + " ?([0-9]{1,3})", "g"), (_, year) => String(since + Number(year)));
    // Sorted: an object's own order puts "10" before "01".
    for (const number of Object.keys(rule.months).sort())
      told = told.replace(new RegExp(rule.months[number], "g"), "$1 " + number + " ");
    return told;
  }

  function numberIn(text, readings) {
    const digits = text.replace(/[^0-9]/g, "");
    return readings.includes(digits) ? digits : "";
  }

  async function fileOf(name) {
    const got = await fetch(section.dataset.parts + name + ".json");
    if (!got.ok) throw new Error(name);
    return new Map(Object.entries(await got.json()));
  }

  function file(name) {
    if (!fetched.has(name)) fetched.set(name, fileOf(name).catch((error) => { fetched.delete(name); throw error; }));
    return fetched.get(name);
  }

  async function partOf(look) {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(look));
    return file(new Uint8Array(hash)[0].toString(16).padStart(2, "0"));
  }

  async function check(typed) {
    if (!plainOf(typed) || [...typed].length > rule.at_most) return ["unreadable"];
    const readings = readingsOf(typed);
    const parts = await Promise.all(readings.map((each) => partOf(lookOf(each))));
    for (const [n, each] of readings.entries())
      if (parts[n].has(each)) return ["affected", parts[n].get(each)];
    for (const [n, each] of readings.entries()) {
      const alike = [...parts[n].keys()].filter((plain) => lookOf(plain) === lookOf(each)).sort();
      if (alike.length) return ["nearly", parts[n].get(alike.pop())];
    }
    const text = wide(typed);
    const [verdict, lots] = await beside(text, readings);
    if (!mayBeLot(verdict, text, plainOf(typed))) return [verdict, lots];
    const hasDigit = /[0-9]/.test(text);
    const close = await near(readings);
    if (close && (close[0] === "near" || (hasDigit && verdict !== "other_code"))) return close;
    return hasDigit ? [verdict, lots] : ["no_number"];
  }

  function mayBeLot(verdict, text, plain) {
    if (verdict === "lot_needed") return text.replace(/^ +| +$/g, "") === plain && !isCode(plain);
    return verdict === "not_on_the_list" || verdict === "other_code";
  }

  // As LotIndex._near. Of a long list only parts are here: then nobody is told that none is near.
  async function near(readings) {
    const [shortest, longest, tried, named] = rule.near;
    const heads = readings.flatMap((each) => withoutDates(each, shortest)).map(lookOf);
    const parts = await Promise.all(heads.map(partOf));
    const glued = heads.flatMap((look, n) => lotOf(look, parts[n]));
    const tell = (lots) => ["near", [...new Set(lots)].sort().slice(0, named).join(", ")];
    if (glued.length) return tell(glued);
    const plains = readings.filter((each) => [...each].length >= shortest - 1 && [...each].length <= longest + 1);
    const all = (await file("beside")).get("lots");
    if (all === null) return plains.length ? ["compare"] : null;
    const listed = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
    const looks = new Map(listed.map(([plain, lot]) => [lookOf(plain), lot]));
    const oneStep = (numbers, lots) =>
      numbers.slice(0, tried).flatMap((one) => [...lots].filter(([other]) => isNear([...one], [...other], shortest)).map(([, lot]) => lot));
    // In either form: one sign of a number may be two of its look, and the other way round.
    const found = [...oneStep([...new Set(plains.map(lookOf))], looks), ...oneStep(plains, listed)];
    return found.length ? tell(found) : null;
  }

  function lotOf(look, part) {
    const those = [...part.keys()].filter((plain) => lookOf(plain) === look).sort();
    return those.length ? [part.get(those.pop())] : [];
  }

  function withoutDates(reading, shortest) {
    const date = new RegExp("^(?:" + rule.no_lot + ")$");
    const signs = [...reading];
    return rule.dates_glued.filter((size) => signs.length - size >= shortest).flatMap((size) => [
      ...(date.test(signs.slice(-size).join("")) ? [signs.slice(0, -size).join("")] : []),
      ...(date.test(signs.slice(0, size).join("")) ? [signs.slice(size).join("")] : []),
    ]);
  }

  function isNear(one, other, shortest) {
    return Math.max(one.length, other.length) >= shortest && isOneStep(one, other);
  }

  // One sign more, less or another, or two beside each other exchanged.
  function isOneStep(one, other) {
    if (one.length > other.length) return isOneStep(other, one);
    let at = 0;
    while (at < one.length && one[at] === other[at]) at++;
    const rest = (signs, from) => signs.slice(from).join("\n");
    if (one.length + 1 === other.length) return rest(one, at) === rest(other, at + 1);
    if (one.length !== other.length || at === one.length) return false;
    const exchanged = one[at] === other[at + 1] && one[at + 1] === other[at];
    return rest(one, at + 1) === rest(other, at + 1) || (exchanged && rest(one, at + 2) === rest(other, at + 2));
  }

  function isCode(number) {
    if (!rule.codes.includes(number.length)) return false;
    const sum = [...number.slice(0, -1)].reverse().reduce((all, digit, n) => all + digit * (n % 2 ? 1 : 3), 0);
    return (10 - (sum % 10)) % 10 === Number(number.slice(-1));
  }

  function namesNoLot(text) {
    const told = inDigits(text);
    const left = told.replace(new RegExp(rule.no_lot, "g"), " ");
    return left !== told && !/[0-9]/.test(left);
  }

  // As LotIndex._beside: bar codes and dates, which never say alone that a pack is safe.
  async function beside(text, readings) {
    const found = readings[0].match(scan);
    if (found && found[2] && isCode(found[1])) return ["not_on_the_list"];
    const number = found ? found[1] : numberIn(text, readings);
    const date = numberIn(inDigits(text), readingsOf(inDigits(text)));
    const whole = number.padStart(14, "0");
    const marks = await file("beside");
    const ours = marks.get("codes").includes(whole.slice(1, 13));
    const dates = new Map(Object.entries(marks.get("dates")));
    if (isCode(number) && ours) return ["product_concerned"];
    if (dates.has(date)) return ["lots_of_date", dates.get(date)];
    const isAnothers = isCode(number) && number.length > Math.min(...rule.codes) && !new RegExp(rule.in_store).test(whole);
    if (isAnothers && marks.get("every_code")) return ["other_code"];
    const isNone = found || isCode(number) || new RegExp(rule.scanner).test(text) || namesNoLot(text);
    return isNone ? ["lot_needed"] : ["not_on_the_list"];
  }

  let asked = 0;
  async function look() {
    const mine = ++asked;
    answer.hidden = true;
    answer.textContent = "";
    const [verdict, lot] = await check(field.value).catch(() => ["failed"]);
    if (mine !== asked) return; // something else was typed meanwhile
    answer.className = "answer " + words[verdict].tone;
    answer.hidden = false; // before the words, so that they are read out
    answer.textContent = words[verdict].text.replace("{lot}", () => lot);
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
  const given = new URLSearchParams(location.search).get("lot");
  if (given) { field.value = given; look(); }
})();
