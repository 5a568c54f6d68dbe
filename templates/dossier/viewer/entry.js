// One entry as a row of the timeline: what, who, when, marks, and its exact bytes when asked for.
"use strict";

(() => {
  const { make } = andon;
  const LOOKS = {
    decision: ["accent", "decide"], publication: ["information", "flag"], filing: ["information", "tray"],
    order: ["neutral", "ordered"], answer: ["done", "stopped"], person: ["warning", "person"],
    refused: ["critical", "cross"], overdue: ["critical", "late"], note: ["neutral", "note"],
  };
  const MARKS = {
    backfilled: ["warning", "warned"], late: ["critical", "late"], overridden: ["warning", "flag"], behalf: ["neutral", "person"],
    silence: ["warning", "silent"], lapsed: ["warning", "none"], refused: ["critical", "cross"],
  };
  const open = new Set();

  andon.row = (at, before) => {
    const { t } = andon.words;
    const entry = andon.record.entry(at);
    const tell = andon.telling.tellOf(at, entry.type);
    const [tone, shape] = LOOKS[tell.kind] || LOOKS.note;
    const recorded = andon.times.read(entry.recorded_at);
    const sentence = entry.unreadable ? t("unreadable") : andon.telling.sentence(at, entry);
    const chosen = at + 1 === andon.chosen;
    const row = make("article", {
      class: `entry${tell.weighty ? " is-weighty" : ""}${chosen ? " is-chosen" : ""}${at + 1 > andon.chosen ? " is-later" : ""}`,
      tabindex: chosen ? "0" : "-1",
      "aria-current": chosen ? "true" : null,
      "aria-labelledby": `what-${at}`,
      "data-place": at,
      "data-later": t("later"),
    });
    if (startsDay(at, before, recorded)) row.append(make("h3", { class: "entry-day", text: `${andon.times.day(recorded)} UTC` }));
    row.append(
      make("div", { class: "entry-line" },
        andon.shape(shape, tone),
        make("p", { class: "entry-time" }, clock(recorded)),
        make("div", { class: "entry-body" },
          make("p", { class: "entry-what", id: `what-${at}`, dir: "auto" }, andon.search.marked(sentence)),
          foot(at, entry),
          marks(at, entry),
          snippet(at, sentence),
          open.has(at) ? bytes(at, entry) : null)));
    return row;
  };

  function startsDay(at, before, recorded) {
    if (Number.isNaN(recorded)) return false;
    if (before === null) return true;
    const earlier = andon.times.read(andon.record.entry(before).recorded_at);
    return Number.isNaN(earlier) || andon.times.date(earlier) !== andon.times.date(recorded);
  }

  function clock(at) {
    if (Number.isNaN(at)) return [andon.words.t("unknown")];
    return [
      make("time", { datetime: new Date(at).toISOString(), text: `${andon.times.clock(at)} UTC` }),
      make("span", { class: "entry-local", text: andon.times.local(at) }),
    ];
  }

  function foot(at, entry) {
    const { t } = andon.words;
    const { actor } = entry;
    const who = andon.telling.person(actor.id || "");
    const told = (entry.body || {}).by_plan ? t("by_plan", { who }) : actor.on_behalf_of ? t("on_behalf", { who, whom: andon.telling.person(actor.on_behalf_of) }) : who;
    return make("p", { class: "entry-foot" },
      make("span", { dir: "auto" }, andon.search.marked(told)),
      make("span", { text: andon.telling.stage(entry.stage) }),
      make("span", {}, andon.search.marked(`#${at + 1} ${andon.telling.event(entry.type)}`)),
      make("button", {
        class: "plain-button", type: "button", "data-bytes": at, "aria-expanded": String(open.has(at)),
        "aria-label": `${t(open.has(at) ? "hide_bytes" : "show_bytes")} (#${at + 1})`,
        text: t(open.has(at) ? "hide_bytes" : "show_bytes"),
      }));
  }

  function marks(at, entry) {
    const { t } = andon.words;
    const happened = andon.times.read(entry.happened_at);
    const recorded = andon.times.read(entry.recorded_at);
    const told = andon.record.marks(at).filter((one) => one !== "behalf");
    const apart = recorded - happened > 1000;
    if (!told.length && !apart) return null;
    return make("p", { class: "entry-marks" },
      told.map((one) => andon.state(t(`mark_${one}`), ...MARKS[one])),
      apart ? make("span", { class: "quiet", text: t("happened", { when: andon.times.both(happened), before: andon.times.length(recorded - happened) }) }) : null);
  }

  function snippet(at, sentence) {
    const found = andon.search.snippet(at, sentence);
    return found === null ? null : make("p", { class: "entry-snippet hash", dir: "auto" }, andon.search.marked(found));
  }

  function bytes(at, entry) {
    const { t } = andon.words;
    const roles = (entry.actor.roles || []).map(andon.telling.role);
    const pairs = [
      [t("decided"), andon.times.both(andon.times.read(entry.at))],
      [t("roles"), andon.telling.list(roles)],
      [t("how"), entry.actor.method ? andon.telling.word("method", entry.actor.method) : ""],
      [t("refers_to"), (entry.refers_to || []).map((seq) => make("button", { class: "plain-button", type: "button", "data-go": seq, text: `#${seq}` }))],
      [t("type"), entry.type],
      [t("rules"), entry.plan],
      [t("release"), entry.build],
      [t("act"), entry.command_id],
      [t("leaf"), andon.hex(andon.leafHash(andon.entries[at]))],
    ];
    return make("div", { class: "entry-bytes" },
      make("dl", { class: "pairs" }, pairs.filter(([, value]) => value && value.length).map(([name, value]) =>
        make("div", { class: "pairs-row" }, make("dt", { text: name }), make("dd", { class: typeof value === "string" && /^\S{30,}$/.test(value) ? "hash" : "" }, value)))),
      make("p", { class: "quiet", text: t("bytes_are") }),
      make("pre", { class: "raw", tabindex: "0", role: "region", dir: "ltr", "aria-label": t("bytes_of", { seq: at + 1 }) }, andon.search.marked(andon.entries[at])));
  }

  andon.toggleBytes = (at) => {
    if (!open.delete(at)) open.add(at);
  };
})();
