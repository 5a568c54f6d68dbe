// Instants: read from entries, written in UTC with a second clock beside, and typed in by a reader.
"use strict";

(() => {
  const zone = () => {
    try {
      new Intl.DateTimeFormat("en", { timeZone: andon.about.zone });
      return andon.about.zone || Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
    } catch {
      return "UTC";
    }
  };

  andon.times = { zone: zone() };
  const times = andon.times;

  // Milliseconds since 1970 of an instant as entries write it; the microseconds are cut off.
  times.read = (text) => {
    const at = Date.parse(text);
    return Number.isNaN(at) ? NaN : at;
  };

  const clocks = new Map();

  function clockOf(name) {
    if (!clocks.has(name)) {
      clocks.set(name, new Intl.DateTimeFormat("en-CA", {
        timeZone: name, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
        hour: "2-digit", minute: "2-digit", second: "2-digit",
      }));
    }
    return clocks.get(name);
  }

  // What a clock of a zone shows, as if it were UTC: only its digits are read.
  function shown(at, name) {
    if (name === "UTC") return new Date(at);
    const parts = {};
    for (const { type, value } of clockOf(name).formatToParts(new Date(at))) parts[type] = Number(value);
    return new Date(Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second));
  }

  const two = (number) => String(number).padStart(2, "0");

  times.offset = (at, name = times.zone) => {
    const minutes = Math.round((shown(at, name) - Math.floor(at / 1000) * 1000) / 60000);
    const sign = minutes < 0 ? "−" : "+";
    return `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  };

  times.clock = (at, name = "UTC") => shown(at, name).toISOString().slice(11, 19);
  times.date = (at, name = "UTC") => shown(at, name).toISOString().slice(0, 10);

  const WEEKDAYS = { en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"], zh: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"] };
  const MONTHS = "January February March April May June July August September October November December".split(" ");

  times.day = (at, name = "UTC") => {
    const on = shown(at, name);
    const weekday = WEEKDAYS[andon.words.language][on.getUTCDay()];
    if (andon.words.language === "zh") {
      return `${on.getUTCFullYear()}年${on.getUTCMonth() + 1}月${on.getUTCDate()}日（${weekday}）`;
    }
    return `${weekday} ${on.getUTCDate()} ${MONTHS[on.getUTCMonth()]} ${on.getUTCFullYear()}`;
  };

  // "2026-03-01 14:03:22 UTC", and the same by the other clock: "22:03:22 (+08:00)", with its date
  // where that is another one.
  times.utc = (at) => (Number.isNaN(at) ? andon.words.t("unknown") : `${times.date(at)} ${times.clock(at)} UTC`);

  times.local = (at) => {
    if (Number.isNaN(at)) return "";
    const there = times.clock(at, times.zone);
    const date = times.date(at, times.zone);
    return `${date === times.date(at) ? "" : date.slice(5) + " "}${there} ${times.offset(at)}`;
  };

  times.both = (at) => `${times.utc(at)} · ${times.local(at)}`;

  // "3 h 20 min": the two largest units of an amount of time.
  times.length = (ms) => {
    const minutes = Math.round(Math.abs(ms) / 60000);
    const parts = [["days", Math.floor(minutes / 1440)], ["hours", Math.floor(minutes / 60) % 24], ["minutes", minutes % 60]];
    const first = parts.findIndex(([, count]) => count > 0);
    if (first < 0) return andon.words.t("less_than_a_minute");
    return parts.slice(first, first + 2).filter(([, count]) => count).map(([unit, count]) => andon.words.count(unit, count)).join(" ");
  };

  // What somebody typed ("2026-03-01T14:03", by a zone's clock) as an instant; NaN for no time.
  times.typed = (text, name) => {
    const wanted = Date.parse(/T\d\d:\d\d$/.test(text) ? `${text}:00Z` : `${text}Z`);
    if (Number.isNaN(wanted)) return NaN;
    let at = wanted;
    for (let turn = 0; turn < 3; turn++) at += wanted - shown(at, name).getTime();
    return at;
  };
})();
