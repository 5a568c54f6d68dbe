// What was known after the chosen entry: the summaries that were taken along, in words.
"use strict";

(() => {
  const { make, state } = andon;
  const STAGES = ["report", "investigation", "halt", "recall", "statement", "notice", "review"];
  const STAGE_LOOKS = { none: ["neutral", "none"], waiting: ["warning", "waiting"], running: ["accent", "running"], done: ["done", "done"], not_needed: ["neutral", "none"] };
  const CHANNELS = {
    confirmed: ["done", "stopped"], ordered: ["information", "ordered"], accepted: ["information", "ordered"], silent: ["warning", "silent"],
    refused: ["critical", "cross"], failed: ["critical", "late"], unreadable: ["critical", "unknown"], selling: ["critical", "selling"],
    taken_over: ["warning", "person"], resuming: ["neutral", "running"], resume_failed: ["critical", "late"], resumed: ["neutral", "done"],
    all_held: ["neutral", "none"],
  };
  const GRADES = { minor: [1, "neutral"], general: [2, "information"], serious: [3, "warning"], critical: [4, "critical"] };

  const known = andon.known = {};
  let seq = 0, at = NaN;

  const value = (key) => andon.record.known(seq, key);
  const under = (prefix) => andon.record.knownUnder(seq, prefix);
  const t = (...said) => andon.words.t(...said);

  known.show = (box, head) => {
    seq = andon.chosen;
    at = andon.record.recorded[seq - 1];
    head.replaceChildren(make("span", { text: t("known_after", { seq, size: andon.record.size }) }), " ", make("span", { class: "nowrap", text: andon.times.utc(at) }));
    if (!Object.keys(andon.states).length) {
      box.replaceChildren(make("p", { text: t("no_states") }));
      return;
    }
    box.replaceChildren(...[stages(), grade(), clocks(), channels(), texts(), recall(), cause(), facts(), team(), review()].filter(Boolean), make("p", { class: "quiet", text: t("computed") }));
  };

  function block(title, prefixes, ...parts) {
    const changed = prefixes.some((prefix) => andon.record.changedBy(seq, prefix));
    return make("section", { class: `known-block${changed ? " is-changed" : ""}` },
      make("h3", {}, title, changed ? make("span", { class: "changed-word", text: t("changed_here") }) : null), parts);
  }

  const rows = (pairs) => make("dl", { class: "pairs" }, pairs.filter(([, told]) => told !== null && told !== "").map(([name, told]) =>
    make("div", { class: "pairs-row" }, make("dt", { text: name }), make("dd", { dir: "auto" }, told))));

  const count = (number) => (number === null || number === undefined ? t("unknown") : andon.telling.number(number));

  function stages() {
    const words = value("stages");
    return words && block(t("stages"), ["stages"], make("ol", { class: "rail" }, STAGES.map((stage) => {
      const [tone, shape] = STAGE_LOOKS[words[stage]] || STAGE_LOOKS.none;
      return make("li", { class: `tone-${tone}` }, andon.shape(shape), make("span", { class: "stop-name", text: andon.telling.stage(stage) }), make("span", { class: "stop-word", text: andon.telling.word("stage_word", words[stage]) }));
    })));
  }

  function bars(level) {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawn.setAttribute("viewBox", "0 0 18 14");
    drawn.setAttribute("aria-hidden", "true");
    for (let bar = 0; bar < 4; bar++) {
      const one = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const set = { x: bar * 5, y: 9 - bar * 3, width: 3.5, height: 5 + bar * 3, class: bar < level ? "bar-on" : "bar-rest" };
      for (const [name, told] of Object.entries(set)) one.setAttribute(name, told);
      drawn.append(one);
    }
    return drawn;
  }

  function grade() {
    const report = value("report"), graded = value("grade");
    if (!report || report.status === "none") return block(t("report"), ["report"], make("p", { text: t("nothing_reported") }));
    const [level, tone] = graded.assessed ? GRADES[graded.grade] || [0, "neutral"] : [0, "neutral"];
    const word = graded.assessed ? andon.telling.word("grade", graded.grade) : t("no_grade");
    const status = andon.telling.word("report_status", report.status) + (report.silence ? ` (${t("mark_silence")})` : "");
    return block(t("report"), ["report", "grade"],
      make("p", { class: `grade tone-${tone}` }, bars(level), make("span", { text: word })),
      rows([
        [t("standing"), status],
        [t("attention"), andon.telling.word("attention", graded.attention)],
        [t("products"), shortened(report.products.map((id) => andon.telling.named("product", id)))],
        [t("lots"), report.lots.length ? shortened(report.lots) : report.lots_unknown ? t("lots_unknown") : ""],
        [t("markets"), andon.telling.list(report.markets.map(andon.telling.place))],
        [t("reports"), count(report.reports)],
        [t("hurt"), count(report.hurt)],
        [t("cases"), count(report.cases)],
      ]));
  }

  const shortened = (all) => andon.telling.list(all.slice(0, 8)) + (all.length > 8 ? t("and_more", { n: all.length - 8 }) : "");

  function clocks() {
    const due = [
      ...under("duty/").map(([id, one]) => ({ id, one, name: andon.words.pick(one.title), about: andon.telling.list([andon.words.pick(one.authority), andon.telling.place(one.market), one.possible ? t("possible") : "", one.law ? t("law") : ""]) })),
      ...under("asked/").map(([id, one]) => ({ id, one, name: t("answer_authority", { who: one.authority }), about: `${andon.telling.word("authority_act", one.kind)} ${one.number}` })),
      ...under("partner/").map(([, one]) => ({ id: "", one, name: t("tell_partner", { who: andon.words.pick(one.name) }), about: "" })),
      ...under("act/").map(([id, one]) => ({ id, one, name: t("sign", { what: andon.telling.commandTitle(one.command) || andon.telling.said(one.title) }), about: t("signed_of", { n: one.signed, missing: one.missing }) })),
    ].map((each) => ({ ...each, at: each.one.due_at ? andon.times.read(each.one.due_at) : Infinity })).sort((a, b) => a.at - b.at);
    const ways = (value("duties") || { by: {} }).by;
    const told = Object.entries(ways).map(([status, n]) => `${andon.telling.word("duty_status", status)} ${n}`);
    const shown = due.slice(0, 40);
    return block(t("clocks"), ["duty/", "duties", "asked/", "partner/", "act/"],
      due.length ? make("ul", { class: "due-list" }, shown.map(dueRow)) : make("p", { text: t("no_clock") }),
      due.length > shown.length ? make("p", { class: "quiet", text: t("and_more_rows", { n: due.length - shown.length }) }) : null,
      told.length ? make("p", { class: "quiet", text: t("duties_by", { told: andon.telling.list(told) }) }) : null,
      make("p", { class: "quiet", text: t("clocks_left") }));
  }

  function dueRow(each) {
    const without = each.at === Infinity;
    const late = each.at < at;
    const when = without ? t("no_due") : andon.times.utc(each.at);
    const apart = without ? "" : t(late ? "overdue_by" : "due_in", { length: andon.times.length(each.at - at) });
    return make("li", {},
      state(without ? when : apart, late ? "critical" : without ? "neutral" : "information", late ? "late" : without ? "unknown" : "waiting"),
      make("span", { class: "due-name", dir: "auto", text: each.name }),
      make("span", { class: "quiet", dir: "auto", text: [each.id, each.about, without ? "" : when].filter(Boolean).join(" · ") }));
  }

  function channels() {
    const halt = value("halt"), by = value("channels");
    if (!halt || (!halt.orders && !halt.levels.length && !by)) return block(t("channels"), ["halt", "channels"], make("p", { text: t("no_halt") }));
    const total = Object.values(by || {}).reduce((sum, n) => sum + n, 0);
    return block(t("channels"), ["halt", "channels"],
      halt.lots ? make("p", { dir: "auto", text: t("stays_stopped", { lots: andon.telling.list(halt.lots) }) }) : null,
      make("p", { text: halt.levels.length ? t("stopped_at", { levels: andon.telling.list(halt.levels.map(andon.telling.level)) }) : t("nothing_stopped") }),
      total ? make("ul", { class: "counts" }, Object.entries(by).sort((a, b) => b[1] - a[1]).map(([code, n]) => {
        const [tone, shape] = CHANNELS[code] || ["neutral", "note"];
        return make("li", {}, make("span", { class: "count", text: t("n_of", { n, total }) }), state(andon.telling.word("channel_state", code), tone, shape));
      })) : null,
      rows([[t("intercepted"), halt.intercepted ? count(halt.intercepted) : ""], [t("drifts"), halt.drifts ? count(halt.drifts) : ""], [t("lines"), halt.lines ? count(halt.lines) : ""]]));
  }

  function texts() {
    const inForce = under("text/");
    const ways = (value("texts") || { by: {} }).by;
    const told = Object.entries(ways).map(([status, n]) => `${andon.telling.word("text_status", status)} ${n}`);
    return block(t("texts"), ["text/", "texts"],
      inForce.length ? make("ul", { class: "plain" }, inForce.map(([id, one]) => make("li", { class: "text-row" },
        make("span", { class: "text-kind", text: `${id} · ${andon.telling.text(one.kind)} · ${t("version", { n: one.version })}` }),
        Object.entries(one.languages).map(([language, title]) => make("span", { class: "text-title", lang: language, dir: "auto" }, make("span", { class: "quiet", text: `${language} ` }), title)),
        one.wrong_since ? state(t("said_wrong", { when: andon.times.utc(andon.times.read(one.wrong_since)) }), "critical", "late") : null,
        make("span", { class: "quiet", text: one.published_at ? t("published", { when: andon.times.utc(andon.times.read(one.published_at)) }) : "" })))) : make("p", { text: t("no_text") }),
      told.length ? make("p", { class: "quiet", text: t("texts_by", { told: andon.telling.list(told) }) }) : null);
  }

  function recall() {
    const one = value("recall"), told = value("consignees");
    if (!one || (!one.scope && !one.decision)) return block(t("recall"), ["recall", "consignees"], make("p", { text: t("no_recall") }));
    const of = (n) => t("n_of", { n: count(n), total: count(told.listed) });
    return block(t("recall"), ["recall", "consignees"], rows([
      [t("decision"), one.decision ? andon.telling.word("recall_action", one.decision) : t("not_decided")],
      [t("depth"), one.depth ? andon.telling.word("depth", one.depth) : ""],
      [t("scope"), one.scope ? t("scope_is", { version: one.scope, lots: one.unbounded ? t("every_lot") : andon.words.count("lots", one.lots), markets: andon.telling.list(one.markets.map(andon.telling.place)) }) : ""],
      [t("plan"), one.plan ? t("plan_is", { version: one.plan, when: one.finish_at ? andon.times.utc(andon.times.read(one.finish_at)) : t("unknown") }) : ""],
      [t("consignees_told"), told && told.listed ? of(told.told) : ""],
      [t("consignees_answered"), told && told.listed ? of(told.answered) : ""],
      [t("consignees_bounced"), told && told.bounced ? of(told.bounced) : ""],
      [t("received"), one.received ? count(one.received) : ""],
      [t("disposals"), one.disposals ? count(one.disposals) : ""],
      [t("ended"), andon.telling.list(one.ended.map(andon.telling.place))],
    ]));
  }

  function cause() {
    const one = value("cause");
    if (!one) return null;
    const evaluated = one.evaluation_signed ? t("evaluation_signed") : one.evaluated ? t("evaluation_preliminary") : t("evaluation_none");
    const finding = one.finding ? andon.telling.word("finding", one.finding) + (one.interim ? ` (${t("interim")})` : "") : t("no_finding");
    return block(t("cause"), ["cause"], rows([[t("finding"), finding], [t("evaluation"), evaluated], [t("evidence"), count(one.evidence)], [t("tests"), t("tests_of", { results: one.results, tests: one.tests })]]));
  }

  function facts() {
    const found = under("fact/");
    if (!found.length) return null;
    return block(t("facts"), ["fact/"], rows(found.slice(0, 60).map(([key, one]) => [
      one.name || andon.telling.word("fact", key),
      [`${one.value} ${one.unit ? andon.telling.word("fact_unit", one.unit) : ""} `, make("span", { class: "quiet", text: andon.telling.word("fact_status", one.status) })],
    ])));
  }

  function team() {
    const found = under("role/");
    if (!found.length) return block(t("team"), ["role/"], make("p", { text: t("no_team") }));
    return block(t("team"), ["role/"], rows(found.map(([role, one]) => [
      andon.telling.role(role),
      [
        andon.telling.list([
          one.carried_by ? andon.telling.person(one.carried_by) + (one.absent ? ` (${t("absent")})` : "") : "",
          one.carried_by === one.person ? "" : `${andon.telling.person(one.person)} (${t("not_accepted")})`,
        ]),
        one.deputy ? make("span", { class: "quiet", text: ` ${t("deputy")} ${andon.telling.person(one.deputy)}` }) : "",
      ],
    ])));
  }

  function review() {
    const one = value("review");
    if (!one) return null;
    const actions = Object.entries(one.actions).map(([code, n]) => `${andon.telling.word("action_state", code)} ${n}`);
    if (!actions.length && !one.lessons && !one.closed_at && !one.reopened) return null;
    return block(t("review"), ["review"], rows([
      [t("actions"), andon.telling.list(actions)],
      [t("lessons"), one.lessons ? count(one.lessons) : ""],
      [t("closed"), one.closed_at ? andon.times.utc(andon.times.read(one.closed_at)) : ""],
      [t("reopened"), one.reopened ? count(one.reopened) : ""],
    ]));
  }
})();
