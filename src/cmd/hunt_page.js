/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a hunt. What logs hold is hostile: it becomes text of nodes and nothing else. */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const page = document.getElementById("page");
  const BINS = 96;
  const STEP = 100; /* groups shown at first, and how many more at a time */
  const WORDS = {
    en: {
      title: "Report of a hunt through logs",
      read: "Read",
      files: (n, of) => `${n} of ${of} files`,
      records: "records",
      logs: "Logs of",
      span: (a, b) => `${a} to ${b}`,
      zone: "times are",
      rules: "With",
      rulesText: (n, could, lists) => `${n} rules, of which ${could} could fire here; ${lists} lists`,
      hits: "Hits",
      hitsText: (n, groups, hosts) => `${n} in ${groups} groups on ${hosts} machines`,
      none: "none in what was read",
      gaps: "Not seen, or not as a whole",
      stopped: "files, then the hunt was interrupted: the rest was not looked at",
      failed: "files could not be read",
      damaged: "files are damaged; the rest of them was read",
      bad: "records could not be understood",
      unverified: "records stand where a checksum is wrong",
      untimed: "records tell no time",
      outside: "records are outside the time that was asked for",
      refused: "rules could not be loaded",
      idle: "rules could not fire: none of their logs are here",
      open: "parts of rules could not be decided within the limits",
      unlisted: "hits are counted only: too many that differ",
      left: "hits are in groups that this page has no room for: see --format jsonl",
      techniques: "Attack techniques (MITRE ATT&CK)",
      timeline: "When",
      timelineHelp: "Drag over the bars to choose a time.",
      allTime: "All of the time",
      severity: "Severity",
      host: "Machine",
      rule: "Rule",
      text: "Text",
      from: "From",
      to: "To",
      all: "all",
      clear: "Clear the filters",
      shown: (n, of) => `${n} of ${of} hits`,
      more: (n) => `Show ${n} more groups`,
      noHost: "(no machine named)",
      noTime: "no time told",
      times: (n) => `${n} times`,
      record: "record",
      rest: "too many that differ to tell what they say",
      good: "a list of known good holds it, too",
      cut: (n) => `... (${n} bytes)`,
      other: "Tiếng Việt",
      list: "list",
      nothing: "No hit fits the filters.",
    },
    vi: {
      title: "Báo cáo rà soát nhật ký",
      read: "Đã đọc",
      files: (n, of) => `${n}/${of} tệp`,
      records: "bản ghi",
      logs: "Nhật ký",
      span: (a, b) => `từ ${a} đến ${b}`,
      zone: "giờ",
      rules: "Rà bằng",
      rulesText: (n, could, lists) => `${n} luật, trong đó ${could} luật có thể kích hoạt ở đây; ${lists} danh sách`,
      hits: "Phát hiện",
      hitsText: (n, groups, hosts) => `${n} phát hiện, ${groups} nhóm, trên ${hosts} máy`,
      none: "không có trong phần đã đọc",
      gaps: "Chưa xem được hoặc xem chưa trọn vẹn",
      stopped: "tệp, sau đó bị ngắt: phần còn lại chưa được xem",
      failed: "tệp không đọc được",
      damaged: "tệp bị hỏng; phần còn lại đã được đọc",
      bad: "bản ghi không hiểu được",
      unverified: "bản ghi nằm ở nơi có mã kiểm tra sai",
      untimed: "bản ghi không cho biết thời gian",
      outside: "bản ghi nằm ngoài khoảng thời gian yêu cầu",
      refused: "luật không nạp được",
      idle: "luật không thể kích hoạt: ở đây không có loại nhật ký của chúng",
      open: "phần của luật không xét được trong giới hạn",
      unlisted: "phát hiện chỉ được đếm: quá nhiều nội dung khác nhau",
      left: "phát hiện thuộc các nhóm mà trang này không đủ chỗ: xem bằng --format jsonl",
      techniques: "Kỹ thuật tấn công (MITRE ATT&CK)",
      timeline: "Thời gian",
      timelineHelp: "Kéo trên các cột để chọn khoảng thời gian.",
      allTime: "Toàn bộ thời gian",
      severity: "Mức",
      host: "Máy",
      rule: "Luật",
      text: "Nội dung",
      from: "Từ",
      to: "Đến",
      all: "tất cả",
      clear: "Bỏ các bộ lọc",
      shown: (n, of) => `${n}/${of} phát hiện`,
      more: (n) => `Xem thêm ${n} nhóm`,
      noHost: "(không nêu tên máy)",
      noTime: "không rõ thời gian",
      times: (n) => `${n} lần`,
      record: "bản ghi",
      rest: "quá nhiều nội dung khác nhau nên không nêu chi tiết",
      good: "cũng có trong danh sách được coi là lành tính",
      cut: (n) => `... (${n} byte)`,
      other: "English",
      list: "danh sách",
      nothing: "Không có phát hiện nào khớp bộ lọc.",
    },
  };
  let lang = data.lang;
  let w = WORDS[lang];
  const at = () => (lang === "vi" ? 0 : 1); /* of pairs [Vietnamese, English] */
  const fresh = () => ({
    off: new Set(),
    host: "",
    rule: "",
    text: "",
    from: null,
    to: null,
    shown: STEP,
  });
  let want = fresh();

  const node = (tag, attrs, ...inside) => {
    const n = document.createElement(tag);
    for (const [k, v] of Object.entries(attrs ?? {}))
      if (k.startsWith("on")) n.addEventListener(k.slice(2), v);
      else if (v !== null) n.setAttribute(k, v);
    n.append(...inside.filter((x) => x !== null));
    return n;
  };
  const draw = (tag, attrs) => {
    const n = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [k, v] of Object.entries(attrs)) n.setAttribute(k, v);
    return n;
  };
  /* Characters that cannot be seen, or turn what stands around them, are spelled out. */
  const plain = (s) =>
    s.replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  const fold = (s) =>
    s
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .replace(/[đĐ]/g, "d")
      .toLowerCase();
  const number = (n) => n.toLocaleString(lang === "vi" ? "vi-VN" : "en-GB");
  const hostName = (h) => (data.hosts[h] === "" ? w.noHost : plain(data.hosts[h]));
  const sum = (list, of) => list.reduce((n, x) => n + of(x), 0);

  /* A sub-technique without a name of its own goes by that of the one above it. */
  const techniqueNames = (id) => data.techniques[id] ?? data.techniques[id.slice(0, 5)];
  const labels = new Map(Object.entries(data.labels));
  const label = (name) => labels.get(name)?.[at()] ?? name;

  for (const g of data.groups) {
    const r = data.rules[g.r];
    g.text = fold(
      [
        r.title.join(" "),
        r.id,
        ...r.tags.flatMap((x) => [x, ...(techniqueNames(x) ?? [])]),
        data.hosts[g.h],
        g.i ?? "",
        g.p,
        ...g.v.flatMap((v) => [label(v[0]), v[0], v[1]]),
      ].join("\n"),
    );
  }

  const fits = (words) => (g) =>
    !want.off.has(g.s) &&
    (want.host === "" || g.h === Number(want.host)) &&
    (want.rule === "" || g.r === Number(want.rule)) &&
    (want.from === null || (g.l !== null && g.l >= want.from)) &&
    (want.to === null || (g.f !== null && g.f < want.to)) &&
    words.every((x) => g.text.includes(x));

  /* Local times of the zone that the hunt was asked for. */
  const local = (ms) => new Date(ms + data.zone * 1000).toISOString().slice(0, 19);
  const parsed = (text) => {
    const at = text === "" ? NaN : Date.parse(`${text}Z`);
    return Number.isNaN(at) ? null : at - data.zone * 1000; // browsers take years of six digits, Date.parse does not
  };
  const shownTime = (ms) => local(ms).replace("T", " ");

  function summary() {
    const s = data.sum;
    const dl = node("dl", {});
    const row = (k, v) => dl.append(node("dt", {}, k), node("dd", {}, v));
    row(
      w.read,
      `${w.files(number(s.read), number(s.files))}, ${number(Math.floor(s.bytes / 1048576))} MiB, ${number(s.records)} ${w.records}`,
    );
    if (s.first !== null) row(w.logs, `${w.span(shownTime(s.first), shownTime(s.last))} (${w.zone} ${data.zoneName})`);
    row(w.rules, w.rulesText(number(s.rules), number(s.could), number(s.lists)));
    row(
      w.hits,
      s.hits === 0
        ? w.none
        : w.hitsText(number(s.hits), number(s.groups), number(data.hosts.filter((h) => h !== "").length)),
    );
    const gaps = [
      "stopped",
      "failed",
      "damaged",
      "bad",
      "unverified",
      "untimed",
      "outside",
      "refused",
      "idle",
      "open",
      "unlisted",
      "left",
    ]
      .filter((k) => s[k] > 0)
      .map((k) => node("li", {}, `${number(s[k])} ${w[k]}`));
    return node(
      "section",
      {},
      dl,
      gaps.length > 0 ? node("h2", {}, w.gaps) : null,
      gaps.length > 0 ? node("ul", { id: "gaps" }, ...gaps) : null,
    );
  }

  const techniqueText = (id) => {
    const name = techniqueNames(id);
    return name ? `${id} ${name[at()]}` : id;
  };

  function techniques() {
    const count = new Map();
    for (const g of data.groups) for (const id of data.rules[g.r].tags) count.set(id, (count.get(id) ?? 0) + g.c);
    const all = [...count].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    if (all.length === 0) return null;
    const li = ([id, n]) =>
      node(
        "li",
        {},
        node(
          "button",
          {
            type: "button",
            onclick: () => {
              want = { ...want, text: id, shown: STEP };
              show();
            },
          },
          techniqueText(id),
        ),
        ` ${number(n)}`,
      );
    return node("section", { id: "techniques" }, node("h2", {}, w.techniques), node("ul", {}, ...all.map(li)));
  }

  /* How many hits of each severity are in each part of the time. */
  function binned(groups, from, width) {
    const bins = Array.from({ length: BINS }, () => [0, 0, 0, 0, 0]);
    const add = (ms, g, n) => {
      const i = Math.min(BINS - 1, Math.max(0, Math.floor((ms - from) / width)));
      bins[i][g.s] += n;
    };
    for (const g of groups) {
      if (g.f === null) continue;
      if (!g.w) add(g.f, g, g.c - g.u);
      else
        for (const [i, n] of g.w[2]) add(Math.min(g.l, Math.max(g.f, (g.w[0] + (i + 0.5) * 2 ** g.w[1]) * 1000)), g, n);
    }
    return bins;
  }

  function timeline(groups) {
    const { from, to } = data.span;
    if (from === null) return null;
    const width = Math.max(1, (to - from + 1) / BINS);
    const bins = binned(groups, from, width);
    const most = Math.max(1, ...bins.map((b) => sum(b, (n) => n)));
    const svg = draw("svg", {
      viewBox: `0 0 ${BINS * 10} 120`,
      preserveAspectRatio: "none",
      role: "img",
    });
    svg.setAttribute("aria-label", `${w.timeline}: ${w.span(shownTime(from), shownTime(to))}`);
    svg.append(
      draw("rect", {
        class: "axis",
        x: 0,
        y: 118,
        width: BINS * 10,
        height: 2,
      }),
    );
    bins.forEach((b, i) => {
      let y = 118;
      for (let s = 4; s >= 0; s--) {
        if (b[s] === 0) continue;
        /* what is there must be seen beside what is much more */
        const h = Math.max(2, (Math.log1p(sum(b, (n) => n)) / Math.log1p(most)) * 112 * (b[s] / sum(b, (n) => n)));
        y -= h;
        svg.append(
          draw("rect", {
            class: `s${s}`,
            x: i * 10 + 1,
            y,
            width: 8,
            height: h,
          }),
        );
      }
    });
    const mark = draw("rect", {
      class: "range",
      y: 0,
      height: 120,
      x: 0,
      width: 0,
    });
    if (want.from !== null || want.to !== null) {
      const a = Math.max(0, ((want.from ?? from) - from) / width),
        b = Math.min(BINS, ((want.to ?? to) - from) / width);
      mark.setAttribute("x", a * 10);
      mark.setAttribute("width", Math.max(0, b - a) * 10);
    }
    svg.append(mark);
    let begun = null;
    const bin = (e) => {
      const box = svg.getBoundingClientRect();
      return Math.min(BINS - 1, Math.max(0, Math.floor(((e.clientX - box.left) / box.width) * BINS)));
    };
    svg.addEventListener("pointerdown", (e) => {
      begun = bin(e);
      svg.setPointerCapture(e.pointerId);
    });
    svg.addEventListener("pointermove", (e) => {
      if (begun === null) return;
      mark.setAttribute("x", Math.min(begun, bin(e)) * 10);
      mark.setAttribute("width", (Math.abs(begun - bin(e)) + 1) * 10);
    });
    svg.addEventListener("pointerup", (e) => {
      if (begun === null) return;
      const [a, b] = [begun, bin(e)].sort((x, y) => x - y);
      want = {
        ...want,
        from: Math.floor(from + a * width),
        to: Math.ceil(from + (b + 1) * width),
        shown: STEP,
      };
      begun = null;
      show();
    });
    return node(
      "section",
      { id: "timeline" },
      node("h2", {}, w.timeline, " ", node("small", {}, w.timelineHelp)),
      svg,
      node("div", { class: "ends" }, node("span", {}, shownTime(from)), node("span", {}, shownTime(to))),
    );
  }

  function filters() {
    const set = (k) => (e) => {
      want = { ...want, [k]: e.target.value, shown: STEP };
      list();
    };
    const setTime = (k) => (e) => {
      want = { ...want, [k]: parsed(e.target.value), shown: STEP };
      list();
    };
    const choice = (name, label, options) => {
      const box = node(
        "select",
        { name, onchange: set(name) },
        node("option", { value: "" }, w.all),
        ...options.map(([v, text]) => node("option", { value: v }, text)),
      );
      box.value = want[name];
      return node("label", {}, label, box);
    };
    const input = (name, label, type, value, on) => {
      const box = node("input", {
        name,
        type,
        step: type === "datetime-local" ? 1 : null,
        oninput: on,
      });
      box.value = value;
      return node("label", {}, label, box);
    };
    const boxes = [4, 3, 2, 1, 0]
      .filter((s) => data.sum.severity[s] > 0)
      .map((s) => {
        const box = node("input", {
          type: "checkbox",
          name: `s${s}`,
          onchange: (e) => {
            if (e.target.checked) want.off.delete(s);
            else want.off.add(s);
            want.shown = STEP;
            list();
          },
        });
        box.checked = !want.off.has(s);
        return node("label", { class: `s${s}` }, box, `${data.severities[s][at()]} (${number(data.sum.severity[s])})`);
      });
    const rules = data.rules.map((r, i) => [String(i), plain(r.title[at()])]).sort((a, b) => (a[1] < b[1] ? -1 : 1));
    return node(
      "form",
      { onsubmit: (e) => e.preventDefault() },
      node("fieldset", { "aria-label": w.severity }, ...boxes),
      choice(
        "host",
        w.host,
        data.hosts.map((h, i) => [String(i), hostName(i)]),
      ),
      choice("rule", w.rule, rules),
      input("text", w.text, "search", want.text, set("text")),
      input("from", w.from, "datetime-local", want.from === null ? "" : local(want.from), setTime("from")),
      input("to", w.to, "datetime-local", want.to === null ? "" : local(want.to), setTime("to")),
      node(
        "button",
        {
          type: "button",
          name: "clear",
          onclick: () => {
            want = fresh();
            show();
          },
        },
        w.clear,
      ),
      node("output", { id: "count", "aria-live": "polite" }),
    );
  }

  function group(g) {
    const r = data.rules[g.r];
    const when = g.f === null ? w.noTime : g.f === g.l ? g.ft : `${g.ft} .. ${g.lt}`;
    const values = node("dl", {});
    const row = (k, v) => values.append(node("dt", {}, k), node("dd", { class: "data" }, v));
    if (g.i !== null) row(w.list, `${plain(g.i)} (${r.kind})`);
    for (const [name, val, len] of g.v) row(plain(label(name)), plain(val) + (len > 0 ? w.cut(number(len)) : ""));
    row(w.record, `${plain(g.p)}:${g.n}`);
    return node(
      "article",
      { "data-rule": r.id, "data-severity": g.s },
      node("p", { class: "dim" }, when, g.c > 1 ? ` · ${w.times(number(g.c))}` : ""),
      node("h3", {}, node("span", { class: `level s${g.s}` }, data.severities[g.s][at()]), " ", plain(r.title[at()])),
      r.tags.length > 0 ? node("p", { class: "dim" }, r.tags.map(techniqueText).join("; ")) : null,
      g.rest ? node("p", { class: "dim" }, w.rest) : null,
      g.good ? node("p", { class: "dim" }, w.good) : null,
      values,
    );
  }

  /* What the filters leave; the filters themselves stay, so that who types in one goes on typing. */
  function list() {
    const left = data.groups.filter(fits(fold(want.text).split(/\s+/)));
    const out = document.getElementById("list");
    const parts = [];
    let host = null;
    for (const g of left.slice(0, want.shown)) {
      if (g.h !== host) {
        host = g.h;
        const hits = sum(
          left.filter((x) => x.h === host),
          (x) => x.c,
        );
        parts.push(node("h2", { class: "machine" }, hostName(host), " ", node("small", {}, number(hits))));
      }
      parts.push(group(g));
    }
    if (left.length === 0 && data.groups.length > 0) parts.push(node("p", { class: "dim" }, w.nothing));
    if (left.length > want.shown)
      parts.push(
        node(
          "button",
          {
            type: "button",
            class: "more",
            onclick: () => {
              want.shown += STEP;
              list();
            },
          },
          w.more(number(Math.min(STEP, left.length - want.shown))),
        ),
      );
    out.replaceChildren(...parts);
    document.getElementById("count").textContent = w.shown(number(sum(left, (g) => g.c)), number(data.sum.hits));
    document.getElementById("timeline")?.replaceWith(timeline(left));
  }

  function show() {
    w = WORDS[lang];
    document.documentElement.lang = lang;
    document.title = w.title;
    const swap = node(
      "button",
      {
        type: "button",
        name: "lang",
        onclick: () => {
          lang = lang === "vi" ? "en" : "vi";
          show();
        },
      },
      w.other,
    );
    page.replaceChildren(
      ...[
        node("header", {}, node("h1", {}, w.title), swap),
        summary(),
        timeline(data.groups),
        techniques(),
        filters(),
        node("div", { id: "list" }),
      ].filter((x) => x !== null),
    );
    list();
  }
  show();
})();
