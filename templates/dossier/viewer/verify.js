// The verdict in words: over the page in one line, and in full under "Check".
"use strict";

(() => {
  const { make } = andon;
  const t = (...said) => andon.words.t(...said);
  const verify = andon.verify = { result: null, signatures: null, trusted: [], progress: 0 };

  verify.run = async () => {
    verify.result = verify.signatures = null;
    verify.show();
    verify.result = await andon.checking.entries((done) => {
      verify.progress = done;
      progress();
    });
    await verify.sign();
  };

  verify.sign = async () => {
    verify.signatures = await andon.checking.signatures(verify.result.heads, verify.trusted, () => {});
    verify.show();
  };

  verify.build = () => {
    verify.line = make("p", { class: "verdict-line" });
    verify.bar = make("progress", { max: "1", value: "0", "aria-label": t("checking") });
    verify.report = make("div", { class: "stack" });
    verify.banner = make("section", { class: "verdict", "aria-label": t("verdict") }, make("div", { role: "status" }, verify.line), verify.bar,
      make("button", { class: "plain-button", type: "button", text: t("how_checked"), onclick: () => andon.tab("check") }));
    return verify.banner;
  };

  function progress() {
    const size = andon.entries.length;
    verify.bar.max = size || 1;
    verify.bar.value = verify.progress;
  }

  const numbers = (n) => andon.telling.number(n);

  function faults() {
    return [...verify.result.faults, ...verify.signatures.faults];
  }

  // [tone, shape, sentence]
  verify.verdict = () => {
    const { result, signatures } = verify;
    if (!result || !signatures) return ["information", "running", t("checking_entries", { n: numbers(andon.entries.length) })];
    const said = { n: numbers(result.size), signed: numbers(result.matched), heads: numbers(result.heads.length), signed_heads: andon.words.count("heads", result.heads.length) };
    if (faults().length) return ["critical", "late", t(faults().length === 1 ? "not_whole_one" : "not_whole", { n: numbers(faults().length), first: faultWords(faults()[0]) })];
    if (!result.heads.length) return ["warning", "warned", t("no_heads", said)];
    if (!signatures.able) return ["warning", "warned", t("whole_unsigned", said)];
    if (signatures.trusted) return ["done", "done", t("whole_trusted", { ...said, signed: numbers(signatures.trustedUpTo) })];
    return ["information", "done", t("whole_inside", said)];
  };

  verify.show = () => {
    const [tone, shape, sentence] = verify.verdict();
    const busy = !verify.result || !verify.signatures;
    verify.banner.className = `verdict tone-${tone}`;
    verify.line.replaceChildren(andon.shape(shape), make("span", { text: sentence }));
    verify.bar.hidden = !busy;
    if (verify.panel) verify.fill();
  };

  function faultWords(fault) {
    const said = Object.fromEntries(Object.entries(fault).map(([name, value]) => [name, typeof value === "number" ? numbers(value) : value]));
    if (fault.kind === "head_root") return t(fault.from === fault.to ? "fault_head_root_one" : "fault_head_root", said);
    return t(`fault_${fault.kind}`, said);
  }

  // ---------------------------------------------------------------- the page "Check"

  verify.build_panel = () => {
    verify.panel = make("div", { class: "sides" });
    verify.outcome = make("div", { class: "stack" });
    verify.panel.append(make("div", { class: "stack" }, verify.outcome, make("section", { class: "stack" }, make("h3", { text: t("proves_title") }), make("p", { text: t("proves") }), make("p", { text: t("proves_not") }), make("pre", { class: "raw", tabindex: "0", role: "region", "aria-label": t("command"), text: "python3 verify.py FILE.zip --key KEY.txt" }))), make("div", { class: "sides-apart" }, ownKey(), witness()));
    verify.fill();
    return verify.panel;
  };

  verify.fill = () => {
    const { result, signatures } = verify;
    const lines = [];
    if (result && signatures) {
      const unsigned = result.size - result.signed;
      lines.push(
        ok(!result.faults.some(({ kind }) => kind.startsWith("entry_")), t("each_entry", { n: numbers(result.size) })),
        result.heads.length ? ok(!result.faults.some(({ kind }) => kind.startsWith("head_")), t("each_head", { heads: numbers(result.heads.length), signed: numbers(result.matched) })) : null,
        signatures.able ? ok(!signatures.faults.length, t(signatures.trusted ? "each_signature" : "each_inside", { trusted: numbers(signatures.trusted), inside: numbers(signatures.inside) })) : make("li", {}, andon.shape("warned", "warning"), make("span", { text: t("no_ed25519") })),
        unsigned > 0 ? make("li", {}, andon.shape("info", "information"), make("span", { text: t("unsigned", { n: numbers(unsigned) }) })) : null);
    }
    const listed = result && signatures ? faults() : [];
    verify.outcome.replaceChildren(
      make("ul", { class: "checks" }, lines),
      ...(listed.length ? [make("section", { class: "faults" }, make("h3", { text: t("faults") }), make("ol", {}, listed.slice(0, 100).map((fault) => make("li", {}, faultWords(fault), " ", go(fault)))))] : []));
  };

  const ok = (fine, sentence) => make("li", {}, andon.shape(fine ? "done" : "late", fine ? "done" : "critical"), make("span", { text: sentence }), fine ? null : make("strong", { text: ` ${t("not_so")}` }));

  function go(fault) {
    const seq = fault.seq || fault.from;
    return seq && seq <= andon.entries.length ? make("button", { class: "plain-button", type: "button", text: t("go_entry", { seq }), onclick: () => { andon.tab("timeline"); andon.choose(seq); } }) : null;
  }

  function ownKey() {
    const answer = make("p", { role: "status" });
    const field = make("textarea", { class: "control code", id: "own-key", rows: "2", spellcheck: "false", autocomplete: "off", placeholder: "andon.example/1a2b3c4d+0a1b2c3d+AV…", "aria-describedby": "own-key-help" });
    const submit = async (event) => {
      event.preventDefault();
      const words = field.value.split("\n").filter((line) => line.trim());
      const keys = words.map(andon.readKey);
      if (!words.length || keys.includes(null)) {
        answer.replaceChildren(andon.state(t("no_key"), "critical", "late"));
        return;
      }
      verify.trusted = keys;
      if (!verify.result) {
        answer.textContent = t("wait");
        return;
      }
      await verify.sign();
      const { able, trusted, trustedUpTo } = verify.signatures;
      const said = { n: numbers(trusted), size: numbers(trustedUpTo) };
      answer.replaceChildren(!able ? andon.state(t("no_ed25519"), "warning", "warned") : trusted ? andon.state(t("key_signed", said), "done", "done") : andon.state(t("key_signed_none"), "critical", "late"));
    };
    return make("form", { class: "stack", onsubmit: submit },
      make("h3", { text: t("own_key_title") }), make("p", { id: "own-key-help", text: t("own_key_help") }),
      make("div", { class: "field" }, make("label", { for: "own-key", text: t("own_key") }), field),
      make("button", { class: "button primary", text: t("check_key") }), answer);
  }

  function witness() {
    const answer = make("p", { role: "status" });
    const field = make("textarea", { class: "control code", id: "witness", rows: "5", spellcheck: "false", autocomplete: "off", "aria-describedby": "witness-help" });
    const submit = async (event) => {
      event.preventDefault();
      if (!verify.result) {
        answer.textContent = t("wait");
        return;
      }
      const found = await andon.checking.witness(field.value, verify.result, verify.trusted);
      const said = { ...found, size: numbers(found.size || 0), has: numbers(found.has || 0) };
      const look = { witness_whole: ["done", "done"], witness_root: ["warning", "warned"], witness_log: ["warning", "warned"] }[found.kind] || ["critical", "late"];
      answer.replaceChildren(andon.state(t(found.kind, said), ...look));
    };
    return make("form", { class: "stack", onsubmit: submit },
      make("h3", { text: t("witness_title") }), make("p", { id: "witness-help", text: t("witness_help") }),
      make("div", { class: "field" }, make("label", { for: "witness", text: t("witness") }), field),
      make("button", { class: "button primary", text: t("check_witness") }), answer);
  }
})();
