// The page: its frame, its parts, what is chosen, and how it begins.
"use strict";

(() => {
  const { make } = andon;
  const t = (...said) => andon.words.t(...said);
  const PRINTED = 3000; // rows that go on paper at most
  const parts = {};
  andon.chosen = 0; // the number of the entry that everything is as of

  // ---------------------------------------------------------------- what is chosen

  // Everything is as of this entry now.
  andon.choose = (seq, { focus = false, scroll = true } = {}) => {
    const size = andon.record.size;
    if (!size) return;
    andon.chosen = Math.min(size, Math.max(1, Math.floor(seq) || 1));
    remark();
    andon.scrubber.show();
    if (scroll) parts.list.show(andon.chosen - 1, focus);
    later();
    count();
  };

  // Rows on the page that are now chosen, or before or after what is.
  function remark() {
    for (const [place, row] of parts.list.rows) {
      const chosen = place + 1 === andon.chosen;
      row.classList.toggle("is-chosen", chosen);
      row.classList.toggle("is-later", place + 1 > andon.chosen);
      row.tabIndex = chosen ? 0 : -1;
      if (chosen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    parts.list.draw();
  }

  let asked = 0;

  // The summary is drawn once a frame, however fast the slider moves.
  function later() {
    asked = asked || requestAnimationFrame(() => {
      asked = 0;
      andon.known.show(parts.known, parts.knownHead);
      try {
        history.replaceState(null, "", `#${andon.chosen}`);
      } catch {
        // some browsers let a file's address be as it is
      }
    });
  }

  andon.stickyTop = () => {
    const box = parts.scrubber.getBoundingClientRect();
    const below = getComputedStyle(parts.scrubber).position === "fixed";
    return below ? { top: 8, bottom: box.top - 8 } : { top: box.height + 8, bottom: innerHeight - 8 };
  };

  // ---------------------------------------------------------------- parts of the page

  const TABS = ["timeline", "known", "check", "about"];

  andon.tab = (name) => {
    document.body.dataset.tab = name;
    for (const one of parts.tabs.children) {
      if (one.dataset.tab === name) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
    if (name === "timeline" || name === "known") {
      andon.scrubber.ticks();
      parts.list.draw();
    } else scrollTo({ top: Math.min(scrollY, parts.tabs.offsetTop - 8), behavior: "instant" });
  };

  function top() {
    return make("header", { class: "top" },
      make("span", { class: "brand" }, "Andon ", make("span", { lang: "zh-CN", text: "安灯" })),
      make("span", { class: "top-what", text: t("copy") }),
      make("button", { class: "plain-button language", type: "button", lang: andon.words.language === "zh" ? "en" : "zh-CN", text: t("language"), onclick: () => {
        andon.words.choose(andon.words.language === "zh" ? "en" : "zh");
        build();
        document.querySelector(".language").focus();
      } }));
  }

  function masthead() {
    const { about, record } = andon;
    const first = andon.times.read((record.entry(0) || {}).recorded_at);
    const last = andon.times.read((record.entry(record.size - 1) || {}).recorded_at);
    const span = [...new Set([first, last].filter((at) => !Number.isNaN(at)).map((at) => andon.times.day(at)))].join(" – ");
    return make("div", { class: "masthead" },
      about.drill ? make("p", { class: "drill" }, make("strong", { text: t("drill") }), ` ${about.drill}`) : null,
      make("p", { class: "masthead-line" }, make("span", { class: "incident-id", text: about.incident || "" }), make("span", { text: t(record.size === 1 ? "entries_one" : "entries", { n: andon.telling.number(record.size) }) }), make("span", { text: span })),
      make("h1", { dir: "auto", text: andon.words.pick(about.title) || about.incident || t("copy") }));
  }

  function find() {
    const { record, search } = andon;
    const select = (name, list, word) => make("div", { class: "field" }, make("label", { for: `find-${name}`, text: t(name) }),
      make("select", { class: "control", id: `find-${name}`, onchange: (event) => { search[name] = event.target.value; run(); } },
        make("option", { value: "", text: t("all") }),
        list.map((one) => [one, word(one)]).sort((a, b) => (name === "stage" || name === "mark" ? 0 : a[1].localeCompare(b[1], andon.words.language))).map(([value, text]) => make("option", { value, text, selected: search[name] === value }))));
    const order = ["report", "investigation", "halt", "recall", "statement", "notice", "review", "people"];
    const stages = [...record.stages.names].sort((a, b) => order.indexOf(a) - order.indexOf(b));
    const marks = record.MARKS.filter((_, place) => record.markBits.some((bits) => bits & (1 << place)));
    let typing = 0;
    parts.words = make("input", {
      class: "control", id: "find-words", type: "search", autocomplete: "off", spellcheck: "false", value: search.words, "aria-describedby": "find-help",
      oninput: () => { clearTimeout(typing); typing = setTimeout(() => { search.words = parts.words.value; run(); }, 180); },
      onkeydown: (event) => {
        if (event.key === "Enter") { event.preventDefault(); hit(event.shiftKey ? -1 : 1); }
        else if (event.key === "Escape" && parts.words.value) { event.preventDefault(); clear(); }
      },
    });
    parts.count = make("p", { class: "quiet", id: "found", role: "status" });
    parts.hits = make("span", { class: "hits" },
      make("button", { class: "button small", type: "button", text: `↑ ${t("previous_hit")}`, onclick: () => hit(-1) }),
      make("button", { class: "button small", type: "button", text: `↓ ${t("next_hit")}`, onclick: () => hit(1) }),
      make("button", { class: "plain-button", type: "button", text: t("clear"), onclick: clear }));
    return make("search", { class: "find", "aria-label": t("filter") },
      make("div", { class: "field wide" }, make("label", { for: "find-words", text: t("search") }), parts.words),
      make("details", { class: "filters", open: matchMedia("(width >= 40rem)").matches || filtered() },
        make("summary", { text: t("filters") }),
        make("div", { class: "filters-body" },
          select("stage", stages, andon.telling.stage), select("person", record.people.names, andon.telling.person),
          select("type", record.types.names, andon.telling.event), select("mark", marks, (one) => t(`mark_${one}`)))),
      make("div", { class: "found" }, parts.count, parts.hits, make("p", { class: "quiet find-help", id: "find-help", text: t("search_help") })));
  }

  const filtered = () => ["stage", "person", "type", "mark"].some((name) => andon.search[name]);

  async function run(scroll = true) {
    const { search, record } = andon;
    const began = performance.now();
    parts.box.setAttribute("aria-busy", "true");
    const found = search.isOn() ? await search.run((n) => {
      if (performance.now() - began > 300) parts.count.textContent = t("searching", { n: andon.telling.number(n), size: andon.telling.number(record.size) });
    }) : everything();
    if (!found) return;
    parts.box.removeAttribute("aria-busy");
    parts.list.set(found);
    parts.none.hidden = found.length > 0;
    count();
    // Another list begins at its own top; all entries again: where the reader was.
    if (search.isOn()) {
      const edge = parts.box.getBoundingClientRect().top;
      const top = andon.stickyTop().top;
      if (edge < top) scrollBy(0, edge - top - 40);
    } else if (scroll) parts.list.show(andon.chosen - 1);
  }

  const everything = () => Array.from({ length: andon.record.size }, (_, at) => at);

  function count() {
    const { search, record } = andon;
    const on = search.isOn();
    parts.hits.hidden = !on;
    const n = parts.list.places.length;
    const at = on ? parts.list.indexOf(andon.chosen - 1) + 1 : 0;
    const said = { n: andon.telling.number(n), size: andon.telling.number(record.size), at: andon.telling.number(at) };
    parts.count.textContent = on ? t(at ? "found_at" : "found", said) : t(record.size === 1 ? "entries_one" : "entries", { n: said.size });
  }

  function hit(way) {
    const { places } = parts.list;
    if (!places.length) return;
    const index = way > 0 ? parts.list.lowest(andon.chosen) : parts.list.lowest(andon.chosen - 1) - 1;
    andon.choose(places[(index + places.length) % places.length] + 1);
  }

  function clear() {
    Object.assign(andon.search, { words: "", stage: "", person: "", type: "", mark: "" });
    for (const one of document.querySelectorAll(".find .control")) one.value = "";
    run();
    parts.words.focus();
  }

  // ---------------------------------------------------------------- the list

  function clicked(event) {
    const button = event.target.closest("button");
    const row = event.target.closest("article");
    if (button && button.dataset.bytes) toggle(Number(button.dataset.bytes));
    else if (button && button.dataset.go) andon.choose(Number(button.dataset.go), { focus: true });
    else if (row && !event.target.closest("pre") && !String(getSelection())) andon.choose(Number(row.dataset.place) + 1, { focus: true });
  }

  function toggle(at) {
    andon.toggleBytes(at);
    parts.list.renew(at);
    const button = parts.box.querySelector(`button[data-bytes="${at}"]`);
    if (button) button.focus({ preventScroll: true });
  }

  function pressed(event) {
    const row = event.target.closest("article");
    if (!row || event.target !== row || event.altKey || event.ctrlKey || event.metaKey) return;
    const { places } = parts.list;
    const index = parts.list.indexOf(Number(row.dataset.place));
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + 10, PageUp: index - 10, Home: 0, End: places.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      andon.choose(places[Math.min(places.length - 1, Math.max(0, to))] + 1, { focus: true });
    } else if (event.key === "Enter") {
      event.preventDefault();
      andon.toggleBytes(Number(row.dataset.place));
      parts.list.renew(Number(row.dataset.place));
      parts.list.show(Number(row.dataset.place), true);
    }
  }

  // ---------------------------------------------------------------- about

  function aboutPanel() {
    const { about, record } = andon;
    const left = [about.redacted ? t("left_redacted") : "", about.private ? "" : t("left_private")].filter(Boolean);
    const company = andon.words.pick(about.company) || "";
    const rows = [
      [t("about_made"), about.made_at ? andon.times.both(andon.times.read(about.made_at)) : t("unknown")],
      [t("about_by"), about.made_by ? andon.telling.person(about.made_by) : t("unknown")],
      [t("about_build"), about.build || t("unknown")],
      ...(company ? [[t("about_company"), company]] : []),
      [t("about_origin"), andon.checking.origin()],
      [t("about_entries"), andon.telling.number(record.size)],
      [t("about_heads"), andon.telling.number((about.heads || []).length)],
      [t("about_left_out"), left.length ? left.join(" ") : t("left_nothing")],
    ];
    return make("div", { class: "stack" },
      make("dl", { class: "pairs wide" }, rows.map(([name, value]) => make("div", { class: "pairs-row" }, make("dt", { text: name }), make("dd", { dir: "auto", text: value })))),
      make("h3", { text: t("about_keys") }), make("ul", { class: "plain" }, (about.keys || []).map((key) => make("li", { class: "hash", text: key }))),
      make("h3", { text: t("about_beside") }),
      make("ul", { class: "plain" }, make("li", {}, make("a", { href: "timeline.html", text: t("beside_timeline") })), make("li", {}, make("a", { href: "README.txt", text: t("beside_readme") })), make("li", { text: t("beside_verify") })),
      make("p", { text: t("about_network") }));
  }

  // ---------------------------------------------------------------- building

  function build(scroll = true) {
    const chosen = document.body.dataset.tab || "timeline";
    parts.scrubber = andon.scrubber.build();
    parts.box = make("div", { class: "entries", role: "feed", "aria-label": t("timeline"), "aria-description": t("list_help"), onclick: clicked, onkeydown: pressed });
    parts.none = make("p", { text: t("found_none"), hidden: true });
    parts.known = make("div", { class: "known-body" });
    parts.knownHead = make("p", { class: "known-head" });
    parts.tabs = make("nav", { class: "tabs", "aria-label": t("copy") }, TABS.map((name) => make("button", { type: "button", "data-tab": name, text: t(name), onclick: () => andon.tab(name) })));
    const section = (name, title, ...inner) => make("section", { class: `part part-${name}`, "aria-labelledby": `title-${name}`, tabindex: name === "known" ? "0" : null }, make("h2", { id: `title-${name}`, text: title }), inner);
    document.title = `${andon.about.incident || ""} · ${t("copy")} · Andon 安灯`;
    document.getElementById("app").replaceChildren(
      make("a", { class: "skip", href: "#title-timeline", text: t("skip"), onclick: (event) => {
        event.preventDefault();
        andon.tab("timeline");
        parts.list.show(andon.chosen - 1, true);
      } }),
      top(),
      make("main", {}, masthead(), andon.verify.build(), parts.tabs, parts.scrubber,
        make("div", { class: "panes" },
          section("timeline", t("timeline"), find(), parts.none, parts.box, parts.printed = make("p", { class: "printed-part" })),
          section("known", t("known_then"), parts.knownHead, parts.known),
          section("check", t("check"), andon.verify.build_panel()),
          section("about", t("about"), aboutPanel()))));
    parts.list = new andon.List(parts.box, andon.row);
    andon.tab(chosen);
    andon.verify.show();
    run(scroll).then(() => andon.choose(andon.chosen, { scroll }));
    andon.scrubber.ticks();
  }

  // ---------------------------------------------------------------- beginning

  function missing() {
    if (!andon.about.incident) return "viewer/about.js";
    if (!Array.isArray(andon.entries) || !andon.entries.every((one) => typeof one === "string")) return "viewer/entries.js";
    return "";
  }

  async function begin() {
    const opening = document.getElementById("opening");
    andon.words.begin();
    const gone = missing();
    if (gone || !andon.entries.length) {
      opening.textContent = gone ? t("words_gone", { what: gone }) : t("no_entries");
      return;
    }
    const size = andon.telling.number(andon.entries.length);
    await andon.record.index((n) => { opening.textContent = t("opening", { n: andon.telling.number(n), size }); });
    const wanted = Number(location.hash.slice(1));
    andon.chosen = wanted >= 1 && wanted <= andon.record.size ? Math.floor(wanted) : andon.record.size;
    // A record opens at its beginning, with what was known at its end beside it.
    build(Boolean(wanted));
    document.body.dataset.ready = "true";
    andon.verify.run();
  }

  addEventListener("beforeprint", () => {
    if (!parts.list) return;
    const whole = parts.list.whole(PRINTED);
    parts.printed.textContent = whole ? "" : t("printed_part", { n: andon.telling.number(parts.list.places.length) });
  });
  addEventListener("afterprint", () => {
    if (!parts.list) return;
    parts.list.all = false;
    parts.printed.textContent = "";
    parts.list.draw();
  });
  addEventListener("resize", () => andon.scrubber.canvas && andon.scrubber.ticks());
  begin();
})();
