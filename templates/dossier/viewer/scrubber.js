// Ways through the record's time: a slider, steps, a number, a date and time.
"use strict";

(() => {
  const { make } = andon;
  const scrubber = andon.scrubber = {};
  const STEPS = [["first", "⇤"], ["weighty_back", "«"], ["back", "←"], ["on", "→"], ["weighty_on", "»"], ["last", "⇥"]];

  scrubber.build = () => {
    const { t } = andon.words;
    const size = andon.record.size;
    const button = ([name, sign]) =>
      make("button", { class: "button step", type: "button", "aria-label": t(name), title: t(name), "data-step": name, text: sign, onclick: () => scrubber.step(name) });
    scrubber.slider = make("input", {
      type: "range", min: "1", max: String(size), step: "1", id: "slider", "aria-label": t("slider"),
      oninput: (event) => andon.choose(Number(event.target.value)),
    });
    scrubber.canvas = make("canvas", { class: "ticks", "aria-hidden": "true" });
    scrubber.where = make("p", { class: "where", id: "where" });
    scrubber.answer = make("p", { class: "go-answer", role: "status" });
    const frame = make("section", { class: "scrubber", id: "scrubber", "aria-label": t("through_time") },
      make("div", { class: "scrub-line" },
        make("div", { class: "steps" }, STEPS.slice(0, 3).map(button)),
        make("div", { class: "slide" }, scrubber.canvas, scrubber.slider),
        make("div", { class: "steps" }, STEPS.slice(3).map(button))),
      make("div", { class: "where-line" }, scrubber.where, goTo()));
    return frame;
  };

  function goTo() {
    const { t } = andon.words;
    const zones = [["UTC", "UTC"], [andon.times.zone, andon.times.zone.replace("_", " ")]].filter(([id], place, all) => place === 0 || id !== all[0][0]);
    const radio = (value, checked) =>
      make("label", { class: "radio" }, make("input", { type: "radio", name: "by", value, checked }), t(`by_${value}`));
    const first = andon.record.recorded.find((one) => !Number.isNaN(one));
    const form = make("form", { class: "go", id: "go" },
      make("div", { class: "field" }, make("label", { for: "go-at", text: t("date_and_time") }),
        make("input", { class: "control", id: "go-at", name: "at", type: "datetime-local", step: "1", required: true, value: first ? new Date(first).toISOString().slice(0, 19) : "" })),
      make("div", { class: "field" }, make("label", { for: "go-zone", text: t("clock_of") }),
        make("select", { class: "control", id: "go-zone", name: "zone" }, zones.map(([value, text]) => make("option", { value, text })))),
      make("fieldset", { class: "radios" }, make("legend", { text: t("which_time") }), radio("recorded", true), radio("happened", false)),
      make("button", { class: "button primary", text: t("go") }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = new FormData(form);
      go(andon.times.typed(said.get("at"), said.get("zone")), said.get("by"));
    });
    const number = make("form", { class: "go" },
      make("div", { class: "field" }, make("label", { for: "go-seq", text: t("entry_number") }),
        make("input", { class: "control short", id: "go-seq", name: "seq", type: "number", min: "1", max: String(andon.record.size), required: true })),
      make("button", { class: "button", text: t("go") }));
    number.addEventListener("submit", (event) => {
      event.preventDefault();
      andon.choose(Number(new FormData(number).get("seq")));
    });
    return make("details", { class: "go-to" }, make("summary", { text: t("go_to") }), make("div", { class: "go-body" }, form, number, scrubber.answer));
  }

  function go(at, by) {
    const { t } = andon.words;
    if (Number.isNaN(at)) {
      scrubber.answer.textContent = t("no_time");
      return;
    }
    const said = { when: andon.times.both(at) };
    if (by === "recorded") {
      const place = andon.record.recordedBy(at);
      if (place < 0) {
        scrubber.answer.textContent = t("nothing_recorded", said);
        return;
      }
      andon.choose(place + 1);
      scrubber.answer.textContent = t("recorded_by", { ...said, seq: place + 1 });
      return;
    }
    const { found, learntLater } = andon.record.happenedBy(at);
    if (found < 0) {
      scrubber.answer.textContent = t("nothing_happened", said);
      return;
    }
    andon.choose(found + 1);
    const late = learntLater.slice(0, 12).map((place) =>
      make("button", { class: "plain-button", type: "button", text: `#${place + 1}`, onclick: () => andon.choose(place + 1) }));
    scrubber.answer.replaceChildren(
      t("happened_by", { ...said, seq: found + 1 }), " ",
      learntLater.length ? t(learntLater.length === 1 ? "learnt_later_one" : "learnt_later", { n: learntLater.length }) : t("none_learnt_later"),
      ...late.flatMap((one) => [" ", one]), learntLater.length > 12 ? " …" : "");
  }

  scrubber.step = (name) => {
    const { size, weighty } = andon.record;
    let to = andon.chosen;
    if (name === "first") to = 1;
    else if (name === "last") to = size;
    else if (name === "back") to--;
    else if (name === "on") to++;
    else if (name === "weighty_back") {
      do to--; while (to > 1 && !weighty[to - 1]);
    } else {
      do to++; while (to < size && !weighty[to - 1]);
    }
    andon.choose(Math.min(size, Math.max(1, to)));
  };

  scrubber.show = () => {
    const { t } = andon.words;
    const seq = andon.chosen;
    const at = andon.record.recorded[seq - 1];
    scrubber.slider.value = seq;
    scrubber.slider.setAttribute("aria-valuetext", t("valuetext", { seq, size: andon.record.size, when: andon.times.utc(at) }));
    scrubber.where.replaceChildren(
      make("strong", { text: t("entry_of", { seq: andon.telling.number(seq), size: andon.telling.number(andon.record.size) }) }), " ",
      make("span", { class: "nowrap", text: andon.times.utc(at) }), " ",
      make("span", { class: "quiet nowrap", text: andon.times.local(at) }));
    for (const one of document.querySelectorAll("[data-step]")) {
      const back = ["first", "back", "weighty_back"].includes(one.dataset.step);
      one.setAttribute("aria-disabled", String(back ? seq === 1 : seq === andon.record.size));
    }
  };

  // A tick for each entry that weighs, by what it is.
  const COLOURS = { decision: "#2e47a9", publication: "#005e70", filing: "#005e70", refused: "#a71a1b", overdue: "#a71a1b", person: "#784500" };

  scrubber.ticks = () => {
    const { canvas } = scrubber;
    const wide = canvas.clientWidth, high = canvas.clientHeight, sharp = devicePixelRatio || 1;
    if (!wide) return;
    canvas.width = wide * sharp;
    canvas.height = high * sharp;
    const pen = canvas.getContext("2d");
    pen.scale(sharp, sharp);
    const { size, weighty } = andon.record;
    for (let at = 0; at < size; at++) {
      if (!weighty[at]) continue;
      const { kind } = andon.telling.tellOf(at, andon.record.types.at(at));
      pen.fillStyle = COLOURS[kind] || "#555d65";
      // The middle of the slider's knob runs from 10 px to 10 px before the end.
      const x = 10 + ((wide - 20) * at) / Math.max(1, size - 1);
      const tall = kind === "decision" ? high : high * 0.6;
      pen.fillRect(x - 0.75, high - tall, 1.5, tall);
    }
  };
})();
