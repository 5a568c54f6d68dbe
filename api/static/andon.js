// The one script of the console. Every page works without it; with it a page hears of news, keeps
// drafts, lets relative times tick, and remembers theme and density. It holds no rule of the product,
// writes no text of its own (words come from <body data-words>) and sets no style.
//
// Attributes it understands are listed in docs/reference/console-components.md.
(() => {
  "use strict";

  const root = document.documentElement;
  const DRAFT = "andon:draft:";
  const DRAFT_DAYS = 7;
  const OPEN = "andon:open:";
  const OPEN_FOR = 90000; // a hidden page ticks once a minute; one that crashed falls silent
  const self = Math.random().toString(36).slice(2);
  let words = {};
  let skew = 0; // the server's clock minus ours, learnt from this page and from later answers

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const say = (key, values = {}) => (words[key] || "").replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const clockNow = () => Date.now() + skew;
  const hhmm = (at) => new Intl.DateTimeFormat(root.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

  // A page that is gone back to was served long ago and says nothing about the clock of this device.
  const opened = performance.getEntriesByType("navigation")[0];
  const served = Date.parse(root.dataset.served || "");
  if (served && (!opened || opened.type !== "back_forward") && Math.abs(served - Date.now()) > 60000) skew = served - Date.now();

  // Storage may be refused (private mode, full); then drafts and choices are simply not kept.
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* not kept */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* not kept */ } },
    keys(prefix) { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
  };

  // ------------------------------------------------------------------ theme and density
  // Runs before the first paint, so that a dark room never sees a white flash.

  for (const choice of ["theme", "density"]) {
    const value = store.get("andon:" + choice);
    if (value) root.dataset[choice] = value;
  }

  function showChoices() {
    for (const part of all("[data-needs-script]")) part.hidden = false;
    for (const button of all("[data-choose]")) {
      button.setAttribute("aria-pressed", String((root.dataset[button.dataset.choose] || "") === button.dataset.value));
    }
  }

  function choose(button) {
    const { choose: name, value } = button.dataset;
    if (value) { root.dataset[name] = value; store.set("andon:" + name, value); }
    else { delete root.dataset[name]; store.drop("andon:" + name); }
    showChoices();
  }

  // ------------------------------------------------------------------ relative times

  function span(seconds) {
    const minutes = Math.floor(Math.abs(seconds) / 60);
    if (minutes < 1) return say("under");
    if (minutes < 60) return say("minutes", { m: minutes });
    if (minutes < 2880) return say("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
    if (minutes < 20160 && minutes % 1440 >= 60) return say("days", { d: Math.floor(minutes / 1440), h: Math.floor((minutes % 1440) / 60) });
    return say("long", { d: Math.floor(minutes / 1440) });
  }

  function relative(seconds, kind) {
    const [ahead, behind] = { due: ["left", "late"], wait: ["wait", "wait"] }[kind] || ["in", "ago"];
    return say(seconds < 0 ? behind : ahead, { span: span(seconds) });
  }

  // Inside [data-still] (replay, gallery) the page is as of another moment: nothing there moves.
  function tick() {
    for (const time of all("time[data-relative]")) {
      if (time.closest("[data-still]")) continue;
      const text = relative((Date.parse(time.dateTime) - clockNow()) / 1000, time.dataset.relative);
      if (time.textContent !== text) time.textContent = text;
    }
    for (const bar of all("svg[data-from]")) {
      if (bar.closest("[data-still]")) continue;
      const from = Date.parse(bar.dataset.from);
      const due = Date.parse(bar.dataset.due);
      // Past its due time the bar waits for the server: being late is an entry, not an opinion of ours.
      if (clockNow() < due) bar.querySelector(".bar-used").setAttribute("width", (100 * (clockNow() - from)) / (due - from) + "%");
    }
  }

  // ------------------------------------------------------------------ live regions

  const streams = new Map(); // address -> EventSource
  let lostSince = null;

  function streamOf(region) {
    const named = region.closest("[data-stream]");
    if (named) return named.dataset.stream;
    const incident = region.dataset.live.match(/^\/incidents\/([^/?]+)/);
    return incident ? `/api/incidents/${incident[1]}/stream` : "/api/board/stream";
  }

  function showLost(sentence) {
    const bar = document.querySelector("[data-lost]");
    if (!bar) return;
    bar.hidden = !sentence;
    bar.querySelector("[data-lost-sentence]").textContent = sentence || "";
  }

  function announce(text) {
    const place = document.querySelector("[data-said]");
    if (place && text) place.textContent = text;
  }

  // A reconnection usually takes a second or two; the bar is for what lasts longer.
  function lost() {
    if (lostSince) return;
    lostSince = clockNow();
    setTimeout(() => { if (lostSince) showLost(say("lost", { time: hhmm(lostSince) })); }, 2500);
  }

  function found() {
    if (lostSince) announce(say("back"));
    lostSince = null;
    showLost("");
  }

  function listen() {
    const wanted = new Set(all("[data-live]").map(streamOf));
    for (const [address, source] of streams) if (!wanted.has(address)) { source.close(); streams.delete(address); }
    for (const address of wanted) if (!streams.has(address)) streams.set(address, openStream(address));
  }

  function openStream(address) {
    const source = new EventSource(address);
    const hear = (message) => {
      found();
      const version = parseInt(message.data, 10);
      for (const region of all("[data-live]")) {
        if (streamOf(region) === address && version > Number(region.dataset.version)) schedule(region, version);
      }
    };
    source.addEventListener("message", hear);
    source.addEventListener("version", hear);
    source.addEventListener("open", found);
    source.addEventListener("error", () => {
      lost();
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      streams.delete(address);
      setTimeout(() => { if (!document.hidden) listen(); }, 5000 + Math.random() * 5000);
    });
    return source;
  }

  function silence() {
    for (const source of streams.values()) source.close();
    streams.clear();
  }

  // A random wait spreads the readers of a busy incident; news that come meanwhile share one question.
  function schedule(region, version) {
    region.wanted = Math.max(version, region.wanted || 0);
    if (region.asking) return;
    region.asking = true;
    setTimeout(() => refresh(region), Math.random() * 200);
  }

  async function refresh(region) {
    const version = region.wanted;
    try {
      const headers = { Accept: "text/html", "X-Fragment": "1" };
      if (region.dataset.etag) headers["If-None-Match"] = region.dataset.etag;
      const answer = await fetch(region.dataset.live, { headers, cache: "no-store", credentials: "same-origin" });
      const told = Date.parse(answer.headers.get("Date") || "");
      if (told && Math.abs(told - Date.now()) > 5000) skew = told - Date.now();
      if (answer.redirected || answer.status === 401) { silence(); showLost(say("signedout")); return; }
      if (answer.status === 200) {
        region.dataset.etag = answer.headers.get("ETag") || "";
        offer(region, await answer.text());
      }
      if (answer.ok || answer.status === 304) region.dataset.version = version;
    } catch {
      lost();
    } finally {
      region.asking = false;
      if (region.wanted > version) schedule(region, region.wanted);
    }
  }

  // Somebody who is typing here is not interrupted: the news waits until the field is left.
  function offer(region, html) {
    const busy = document.activeElement;
    if ("arrives" in region.dataset) { if (html.trim()) location.reload(); return; }
    if (region.contains(busy) && busy.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) {
      announce(say("newer"));
      if (!region.waitingHtml) busy.addEventListener("blur", () => { const waiting = region.waitingHtml; region.waitingHtml = null; setTimeout(() => offer(region, waiting), 0); }, { once: true });
      region.waitingHtml = html;
      return;
    }
    swap(region, html);
  }

  const focusables = (region) => all("a[href], button, input, select, textarea, summary, [tabindex]", region);
  const markOf = (element) => element.id || element.name || element.getAttribute("href") || element.textContent.trim();
  // Forms are known again by their address and their place among those with the same address.
  function formsByKey(region) {
    const seen = {};
    return all("form", region).map((form) => {
      const action = form.getAttribute("action");
      seen[action] = (seen[action] || 0) + 1;
      return [action + " " + seen[action], form];
    });
  }

  const openMark = (details) => details.id || details.closest("[data-key]")?.dataset.key || details.querySelector("summary")?.textContent.trim();

  function swap(region, html) {
    const focus = region.contains(document.activeElement) ? document.activeElement : null;
    const focusMark = focus && markOf(focus);
    const focusIndex = focus ? focusables(region).indexOf(focus) : -1;
    const open = new Set(all("details[open]", region).map(openMark));
    const popover = region.querySelector("[popover]:popover-open")?.id;
    const typed = new Map(formsByKey(region).map(([key, form]) => [key, values(form)]));
    const before = new Map(all("[data-key]", region).map((part) => [part.dataset.key, part.textContent]));

    const template = document.createElement("template");
    template.innerHTML = html;
    region.replaceChildren(template.content);

    for (const details of all("details", region)) if (open.has(openMark(details))) details.open = true;
    for (const [key, form] of formsByKey(region)) if (typed.has(key)) putBack(form, typed.get(key));
    if (popover) document.getElementById(popover)?.showPopover?.();
    if (focus) {
      const candidates = focusables(region);
      const again = candidates.find((one) => markOf(one) === focusMark) || candidates[Math.min(focusIndex, candidates.length - 1)];
      again?.focus({ preventScroll: true });
    }
    for (const part of all("[data-key]", region)) if (before.get(part.dataset.key) !== part.textContent) part.classList.add("changed");
    prepare(region);
    tick();
    const told = region.querySelector("[data-say]");
    announce(told ? told.dataset.say : say("updated", { name: region.getAttribute("aria-label") || "" }));
  }

  // ------------------------------------------------------------------ drafts

  // Only what the reader changed is kept; never files, secrets or the form's own tokens. Where the
  // server has put back what was typed (data-kept), all of it counts as the reader's.
  function values(form) {
    const kept = {};
    const everything = "kept" in form.dataset;
    for (const field of form.elements) {
      if (!field.name || field.disabled || ["hidden", "file", "password", "submit", "button"].includes(field.type)) continue;
      const list = (kept[field.name] = kept[field.name] || []);
      if (field.type === "checkbox" || field.type === "radio") { if (everything ? field.checked : field.checked !== field.defaultChecked) list.push([field.value, field.checked]); }
      else list.push(field.value === originalOf(field, everything) ? null : field.value);
    }
    for (const name of Object.keys(kept)) if (kept[name].every((value) => value === null)) delete kept[name];
    return kept;
  }

  function originalOf(field, nothing) {
    if (nothing) return "";
    if (field.type !== "select-one") return field.defaultValue;
    return ([...field.options].find((option) => option.defaultSelected) || field.options[0])?.value;
  }

  function putBack(form, kept) {
    for (const [name, list] of Object.entries(kept)) {
      const fields = [...form.elements].filter((field) => field.name === name);
      list.forEach((value, index) => {
        if (Array.isArray(value)) { const field = fields.find((one) => one.value === value[0]); if (field) field.checked = value[1]; }
        else if (value !== null && fields[index]) fields[index].value = value;
      });
    }
    return Object.keys(kept).length;
  }

  const draftKey = (form) => DRAFT + (root.dataset.reader || "") + ":" + form.dataset.draft;

  // A page with a form says that it is open: its draft is its own, and no other page takes it over.
  const sayOpen = () => { if (document.querySelector("form[data-draft]")) store.set(OPEN + self, Date.now()); };
  const isElsewhere = (draft) => draft.page && draft.page !== self && Date.now() - Number(store.get(OPEN + draft.page)) < OPEN_FOR;

  function keepDraft(form) {
    const rows = all("[data-rows]", form).map((set) => [set.dataset.rows, set.querySelector(".field-rows").children.length]);
    const kept = values(form);
    if (Object.keys(kept).length) store.set(draftKey(form), JSON.stringify({ at: Date.now(), page: self, kept, rows }));
    else store.drop(draftKey(form));
  }

  function restoreDraft(form) {
    if ("kept" in form.dataset) { keepDraft(form); return; }
    const raw = store.get(draftKey(form));
    if (!raw) return;
    const draft = JSON.parse(raw);
    if (isElsewhere(draft)) offerDraft(form, draft);
    else layDraft(form, draft);
  }

  function noteDraft(form, told, button, press) {
    const note = document.createElement("p");
    note.className = "draft-note";
    const pressed = document.createElement("button");
    Object.assign(pressed, { type: "button", className: "plain-button", textContent: say(button) });
    pressed.addEventListener("click", () => { note.remove(); press(); });
    note.append(told, pressed);
    form.prepend(note);
  }

  // Two pages of one form may be two reports: what is typed in the other comes over only when asked for.
  function offerDraft(form, draft) {
    noteDraft(form, say("elsewhere", { time: hhmm(draft.at) }), "takeover", () => layDraft(form, draft));
  }

  function layDraft(form, draft) {
    for (const [name, count] of draft.rows || []) {
      const set = all("[data-rows]", form).find((one) => one.dataset.rows === name);
      while (set && set.querySelector(".field-rows").children.length < count && addRow(set));
    }
    if (!putBack(form, draft.kept)) return;
    noteDraft(form, say("draft", { time: hhmm(draft.at) }), "discard", () => { store.drop(draftKey(form)); form.reset(); });
  }

  function sweepDrafts() {
    // A draft's name is its form's address and, behind a "~", what the form was about.
    for (const done of all("[data-draft-done]")) {
      const arrived = DRAFT + (root.dataset.reader || "") + ":" + done.dataset.draftDone;
      for (const key of store.keys(arrived)) if (key === arrived || key.startsWith(arrived + "~")) store.drop(key);
    }
    for (const key of store.keys(DRAFT)) {
      let at = 0;
      try { at = JSON.parse(store.get(key)).at; } catch { /* unreadable: sweep it */ }
      if (Date.now() - at > DRAFT_DAYS * 86400000) store.drop(key);
    }
    for (const key of store.keys(OPEN)) if (Date.now() - Number(store.get(key)) > OPEN_FOR) store.drop(key);
  }

  // ------------------------------------------------------------------ forms

  function addRow(set) {
    const template = set.querySelector("template");
    const rows = set.querySelector(".field-rows");
    if (!template.content.firstElementChild) return false;
    const row = template.content.cloneNode(true).firstElementChild;
    const index = String(rows.children.length);
    row.setAttribute("aria-label", `${set.querySelector("legend").firstChild.textContent.trim()} ${Number(index) + 1}`);
    for (const part of all("*", row)) {
      for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby"]) {
        if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replaceAll("__n__", index));
      }
    }
    rows.append(row);
    return true;
  }

  // A second press on a slow line is harmless (the token makes it count once), but it worries people.
  function sending(form, button) {
    // A button that gives a file leaves the page as it is: it may be pressed again.
    if (!button || form.dataset.sending || "givesFile" in button.dataset) return;
    form.dataset.sending = button.textContent;
    setTimeout(() => { button.setAttribute("aria-disabled", "true"); button.textContent = say("sending"); form.sendingButton = button; }, 0);
  }

  function settle() {
    for (const form of all("form[data-sending]")) {
      form.sendingButton?.removeAttribute("aria-disabled");
      if (form.sendingButton) form.sendingButton.textContent = form.dataset.sending;
      delete form.dataset.sending;
    }
  }

  function showChosen(field) {
    const list = field.closest(".field")?.querySelector("[data-chosen]");
    if (!list) return;
    const files = all("input[type=file]", field.closest(".field")).flatMap((one) => [...one.files]);
    list.replaceChildren(...files.map((file) => { const item = document.createElement("li"); item.textContent = `${file.name} · ${Math.ceil(file.size / 1024)} KB`; return item; }));
  }

  // A form may have a part that answers while one types (the grade on the report page).
  let asked = null;
  // What is typed is shown as it will read, beside its form.
  const beside = (form) => all("[data-asks-of]").find((region) => form?.getAttribute("action") === region.dataset.asksOf);

  let questions = 0;
  async function askAnswers(form, region) {
    const mine = ++questions;
    const said = new FormData(form);
    for (const name of [...said.keys()]) if (said.get(name) instanceof File) said.delete(name);
    const answer = await fetch(region.dataset.asks, { method: "POST", body: new URLSearchParams(said), headers: { "X-Fragment": "1" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || mine !== questions) return; // more was typed meanwhile
    const focused = region.contains(document.activeElement) && document.activeElement.id;
    region.innerHTML = await answer.text();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    showFound(form, region);
  }

  // How much the rules find stays in sight below what is typed, however long the text is.
  function showFound(form, region) {
    const line = form?.querySelector("[data-found-line]");
    const told = region?.querySelector("template[data-found]")?.content;
    if (!line) return;
    line.hidden = !told;
    if (told && line.textContent !== told.textContent) line.replaceChildren(told.cloneNode(true));
  }

  // The slider of a replay asks its page again for the entry it stands at; the last answer asked for counts.
  let scrubbing = null;
  let scrubs = 0;
  async function scrub(slider) {
    const into = document.getElementById(slider.dataset.scrubInto);
    const mine = ++scrubs;
    slider.removeAttribute("aria-valuetext"); // until the answer is there the number counts
    const address = `${slider.dataset.scrub}?at=${slider.value}`;
    into.setAttribute("aria-busy", "true");
    const answer = await fetch(address, { headers: { Accept: "text/html", "X-Fragment": "1" }, cache: "no-store", credentials: "same-origin" }).catch(() => null);
    if (mine !== scrubs) return;
    into.removeAttribute("aria-busy");
    if (!answer?.ok || answer.redirected) { location.assign(address); return; }
    const open = all("details[open]", into).map(openMark);
    into.innerHTML = await answer.text();
    for (const details of all("details", into)) if (open.includes(openMark(details))) details.open = true;
    history.replaceState(null, "", address);
    const entry = document.getElementById("moment-entry");
    if (entry) entry.value = slider.value;
    const when = document.getElementById("moment-when");
    if (when) when.value = into.querySelector("[data-at]")?.dataset.at || when.value;
    const line = into.querySelector(".asof-line p")?.textContent;
    if (line) slider.setAttribute("aria-valuetext", line);
    announce(line);
  }

  function prepare(part) {
    for (const form of all("form[data-draft]", part)) restoreDraft(form);
  }

  // ------------------------------------------------------------------ start

  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-choose]");
    if (choice) choose(choice);
    if (event.target.closest("[data-reload]")) location.reload();
    const add = event.target.closest("[data-rows] > button[name=add_row]");
    if (add && addRow(add.parentElement)) {
      event.preventDefault();
      add.parentElement.querySelector(".field-rows > :last-child")?.querySelector("input, select, textarea")?.focus();
    }
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  document.addEventListener("input", (event) => {
    if ("scrub" in event.target.dataset) { clearTimeout(scrubbing); scrubbing = setTimeout(() => scrub(event.target), 120); return; }
    const form = event.target.form;
    if (form?.dataset.draft) keepDraft(form);
    const region = form?.querySelector("[data-asks]") || beside(form);
    if (!region) return;
    clearTimeout(asked);
    asked = setTimeout(() => askAnswers(form, region), region.dataset.asksOf ? 600 : 250);
  });
  document.addEventListener("change", (event) => { if (event.target.type === "file") showChosen(event.target); });
  document.addEventListener("submit", (event) => {
    if ("forgetsDrafts" in event.target.dataset) store.keys(DRAFT).forEach(store.drop);
    if (event.target.dataset.sending) event.preventDefault();
    else if (event.target.method === "post") sending(event.target, event.submitter);
  });
  window.addEventListener("pageshow", () => { settle(); sayOpen(); });
  window.addEventListener("pagehide", () => store.drop(OPEN + self));
  // A hidden page holds no stream: browsers allow six to a server, and people keep tabs open for months.
  document.addEventListener("visibilitychange", () => { if (document.hidden) silence(); else listen(); });

  document.addEventListener("DOMContentLoaded", () => {
    words = JSON.parse(document.body.dataset.words || "{}");
    sweepDrafts();
    showChoices();
    prepare(document);
    for (const line of all("[data-found-line]")) showFound(line.closest("form"), beside(line.closest("form")));
    document.querySelector("[data-errors]")?.focus();
    tick();
    sayOpen();
    setInterval(() => { tick(); sayOpen(); }, 10000);
    if (!document.hidden) listen();
  });
})();
