// An entry told in one sentence: the console's sentences, filled here from the entry's own bytes.
"use strict";

(() => {
  const words = () => (andon.about.words || {});
  const names = () => (andon.about.names || {});
  // Ids are what people wrote: one that is called `constructor` has no name of ours either.
  const own = (table, key) => (table && Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined);
  const listed = (kind, id) => own(own(names(), kind), id) || own(own(words().names, kind), id);
  const say = (both, otherwise) => andon.words.pick(both) || otherwise;
  const humanised = (code) => {
    const words = String(code).replace(/_/g, " ");
    return words.slice(0, 1).toUpperCase() + words.slice(1);
  };

  const telling = andon.telling = {};

  // The word of a code of a closed list; one without a word is shown as it is.
  telling.word = (list, code) => say(own(own(words().lists, list), code), humanised(code));
  telling.event = (type) => telling.word("event", type);
  telling.stage = (stage) => telling.word("stage", stage);

  telling.named = (kind, id) => {
    const ofRecord = kind === "channel" ? own(andon.record.channels, id) : undefined;
    return say(listed(kind, id) || ofRecord, String(id));
  };

  telling.person = (id) => {
    if (!id) return andon.words.t("nobody");
    if (own(own(words().lists, "machines"), id)) return telling.word("machines", id);
    if (id.startsWith("channel:")) return telling.named("channel", id.slice(8));
    const known = own(andon.about.people, id);
    if (!known) return id;
    return (andon.words.language === "zh" && known.name_zh) || known.name || id;
  };

  telling.role = (role) => {
    const plain = String(role).replace("deputy:", "");
    const title = say(listed("role", plain), telling.word("role", plain));
    return plain === role ? title : andon.words.t("deputy_of", { role: title });
  };

  telling.place = (code) => say(own(words().places, code), String(code));
  telling.level = (level) => {
    const named = listed("level", level);
    return named ? `${level} ${say(named, "")}` : level;
  };
  telling.text = (kind) => say(listed("text", kind), humanised(kind));
  telling.list = (parts) => parts.filter(Boolean).join(andon.words.language === "zh" ? "、" : ", ");
  telling.number = (value) => Number(value).toLocaleString(andon.words.language === "zh" ? "zh-CN" : "en-GB");

  // A text that the domain wrote, in this language where it was taken along (api/viewer_words.py).
  const said = (text) => say(own(words().sentences, text), String(text));

  telling.said = said;
  telling.commandTitle = (name) => andon.words.pick(own(words().commands, name));

  const quoted = (text) => {
    const told = said(typeof text === "object" && text ? text.text || andon.words.t("sealed") : text).trim();
    if (!told) return "";
    return `“${told.length > 240 ? told.slice(0, 240).trimEnd() + " …" : told}”`;
  };

  const many = (value) => (Array.isArray(value) ? value : [value]);
  const products = (ids) => {
    const told = many(ids).slice(0, 4).map((id) => telling.named("product", id));
    return telling.list(told) + (many(ids).length > 4 ? " …" : "");
  };
  const moment = (value) => {
    const at = andon.times.read(value);
    return Number.isNaN(at) ? String(value) : `${andon.times.date(at)} ${andon.times.clock(at).slice(0, 5)} UTC`;
  };

  // What a channel counted of goods that had left already: kind, lot and both numbers.
  const counted = (one) =>
    [
      telling.word("on_its_way", one.kind),
      one.lot && andon.words.t("way_lot", { lot: one.lot }),
      Number.isInteger(one.stopped) && andon.words.t("way_stopped", { n: telling.number(one.stopped) }),
      Number.isInteger(one.got_through) && andon.words.t("way_through", { n: telling.number(one.got_through) }),
    ]
      .filter(Boolean)
      .join(" · ");

  // How each kind of hole is told (api/event_words.py).
  const KINDS = {
    person: telling.person,
    product: (id) => telling.named("product", id),
    products,
    channel: (id) => telling.named("channel", id),
    channels: (ids) => andon.words.count("channels", many(ids).length),
    consignee: (id) => telling.named("consignee", id),
    again: (id) => telling.word("channel_again", (own(andon.record.channels, id) || {}).kind || ""),
    place: (code) => ((words().with_article || []).includes(code) && andon.words.language === "en" ? "the " : "") + telling.place(code),
    rule: (id) => telling.named("rule", id),
    signers: (all) => telling.list(many(all).map((one) => andon.words.t("in_role", { name: telling.person(one.person), role: telling.role(one.role) }))) || andon.words.t("nobody"),
    people: (all) => telling.list(many(all).map(telling.person)),
    role: telling.role,
    roles: (all) => telling.list(many(all).map(telling.role)),
    level: telling.level,
    action: (code) => telling.word("recall_action", code),
    fact: (key) => telling.word("fact", key),
    facts: (keys) => telling.list(many(keys).map((key) => telling.word("fact", key))),
    list: (all) => telling.list(many(all).map(String)),
    count: (all) => String(many(all).length),
    number: telling.number,
    day: (on) => String(on),
    when: moment,
    until: moment,
    quote: quoted,
    sentence: (text) => said(text).replace(/[.。]$/, ""),
    command: (name) => telling.commandTitle(name) || humanised(name),
    text: telling.text,
    pair: (both) => say(both, ""),
    way: (all) => telling.list(many(all).map(counted)),
  };

  function filled(hole, body) {
    const [field, kind, list] = hole.split(":");
    let value = field.split(".").reduce(own, body);
    if (kind === "pair") value = { en: body[`${field}_en`], zh: body[`${field}_zh`] };
    if (value === null || value === undefined) return andon.words.t("unknown");
    if (kind === "word") return list ? telling.word(list, value) : humanised(value);
    if (kind === "words") return telling.list(many(value).map((one) => (list ? telling.word(list, one) : humanised(one))));
    if (kind) return own(KINDS, kind) ? KINDS[kind](value) : String(value);
    return typeof value === "object" ? quoted(value) : String(value);
  }

  // How an entry is told: {kind, weighty, text}. `at` is its place among the entries, from 0.
  telling.tellOf = (at, type) => {
    const tells = words().tells || {};
    const variant = andon.tells.names[andon.tells.of[at]] || type;
    return own(tells, variant) || own(tells, type) || { kind: "note", weighty: false };
  };

  telling.sentence = (at, entry) => {
    const template = andon.words.pick(telling.tellOf(at, entry.type)) || telling.event(entry.type);
    const plain = entry.body || {};
    const isFact = entry.type === "FactRecorded";
    const body = isFact ? { ...plain, key: plain.name || telling.word("fact", plain.key), unit: plain.unit && telling.word("fact_unit", plain.unit) } : plain;
    try {
      return template
        .replace(/\{([\w:.]+)\}/g, (_, hole) => filled(hole, body))
        .replace(/ {2,}/g, " ")
        .replace(/ ([.。])/g, "$1")
        .replace(/([.!?。！？…]["”]?)[.。](?=$|\s)/g, "$1")
        .trim();
    } catch {
      // A body of another shape than its type has is shown as it is, by its bytes.
      return telling.event(entry.type);
    }
  };
})();
