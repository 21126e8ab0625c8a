// The debrief: offers on the map of all that could have been agreed, and the same numbers in tables.
import { useEffect, useRef, useState } from "/static/vendor/preact-hooks.mjs";
import { html, say, number, Mark, Conditions } from "/static/class-parts.js";

// Drawn at the size at which it stands, so that its type stays legible on a phone.
const NARROW = matchMedia("(max-width: 34rem)").matches;
const WIDE = NARROW ? 330 : 640, HIGH = NARROW ? 330 : 440, LEFT = NARROW ? 50 : 62, RIGHT = 12, TOP = 18, BOTTOM = 48;

function nice(low, high, count = NARROW ? 4 : 6) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((one) => one >= rough);
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step) found.push(Math.abs(at) < step / 1e6 ? 0 : at);
  return found;
}

function scale(values, from, to) {
  let low = Math.min(0, ...values), high = Math.max(0, ...values);
  const pad = (high - low || 1) * 0.07;
  low -= pad; high += pad;
  const place = (value) => from + ((value - low) / (high - low)) * (to - from);
  return { place, ticks: nice(low, high) };
}

// Marks that would cover one another take their labels to different sides.
function placed(marks) {
  const sides = [[9, -7, "start"], [-9, -7, "end"], [9, 15, "start"], [-9, 15, "end"]];
  const taken = [];
  return marks.map((one) => {
    const width = 6.2 * one.label.length;
    const boxes = sides.map(([dx, dy, anchor]) => {
      const left = anchor === "start" ? one.x + dx : one.x + dx - width;
      return { dx, dy, anchor, left, right: left + width, top: one.y + dy - 11, bottom: one.y + dy + 3 };
    });
    const clear = (box) => box.left > LEFT && box.right < WIDE - 2
      && taken.every((t) => box.right < t.left || box.left > t.right || box.bottom < t.top || box.top > t.bottom);
    const box = boxes.find(clear);
    taken.push(box || boxes[0], { left: one.x - 5, right: one.x + 5, top: one.y - 5, bottom: one.y + 5 });
    return { ...one, box };
  });
}

export function Chart({ debrief, x, y }) {
  const name = (code) => debrief.teams.find((one) => one.code === code).name;
  const valued = debrief.path.filter((one) => one.payoffs);
  const map = debrief.map || { frontier: [], spots: [] };
  const points = [...map.frontier, ...map.spots.map((s) => s.payoffs), ...valued.map((o) => o.payoffs)];
  const across = scale(points.map((p) => p[x]), LEFT, WIDE - RIGHT);
  const up = scale(points.map((p) => p[y]), HIGH - BOTTOM, TOP);
  const at = (p) => [across.place(p[x]), up.place(p[y])];
  const line = (list) => list.map((p, k) => `${k ? "L" : "M"}${at(p).map((v) => v.toFixed(1)).join(" ")}`).join("");
  const two = debrief.teams.length === 2;
  const marks = placed([
    ...valued.map((o) => ({ x: at(o.payoffs)[0], y: at(o.payoffs)[1], label: String(o.id), offer: o })),
    { x: across.place(0), y: up.place(0), label: say("no_deal_mark"), zero: true },
    ...map.spots.map((s) => ({ x: at(s.payoffs)[0], y: at(s.payoffs)[1], label: s.kind === "solution" ? s.label : "", spot: s })),
  ]);
  const order = debrief.teams.map((one) => one.code);
  return html`<figure class="chart"><svg viewBox=${`0 0 ${WIDE} ${HIGH}`} role="img"
      aria-label=${`${say("chart")}. ${say("chart_alt", { x: name(x), y: name(y) })}`}>
    ${across.ticks.map((v) => html`<g key=${`x${v}`}><line class="grid" x1=${across.place(v)} x2=${across.place(v)} y1=${TOP} y2=${HIGH - BOTTOM} />
      <text class="tick" x=${across.place(v)} y=${HIGH - BOTTOM + 18} text-anchor="middle">${number(v, { digits: 0 })}</text></g>`)}
    ${up.ticks.map((v) => html`<g key=${`y${v}`}><line class="grid" x1=${LEFT} x2=${WIDE - RIGHT} y1=${up.place(v)} y2=${up.place(v)} />
      <text class="tick" x=${LEFT - 8} y=${up.place(v) + 4} text-anchor="end">${number(v, { digits: 0 })}</text></g>`)}
    <line class="axis" x1=${across.place(0)} x2=${across.place(0)} y1=${TOP} y2=${HIGH - BOTTOM} />
    <line class="axis" x1=${LEFT} x2=${WIDE - RIGHT} y1=${up.place(0)} y2=${up.place(0)} />
    <text class="label" x=${(LEFT + WIDE - RIGHT) / 2} y=${HIGH - 10} text-anchor="middle">${say("gain_of", { team: name(x) })}</text>
    <text class="label" transform=${`translate(13 ${(TOP + HIGH - BOTTOM) / 2}) rotate(-90)`} text-anchor="middle">${say("gain_of", { team: name(y) })}</text>
    ${two ? html`<path class="frontier" d=${line(map.frontier)} />`
      : map.frontier.map((p, k) => html`<circle key=${k} class="cloud" cx=${at(p)[0]} cy=${at(p)[1]} r="2" />`)}
    <path class="path" d=${line(valued.map((o) => o.payoffs))} />
    ${marks.map((m) => html`<g key=${`${m.label}-${m.x}-${m.y}`} transform=${`translate(${m.x} ${m.y})`}>
      ${m.zero && html`<path class="zero" d="M-5-5 5 5M-5 5 5-5" />`}
      ${m.spot && html`<path class=${m.spot.kind} d="M0-5.5 5.5 0 0 5.5-5.5 0Z"><title>${m.spot.label}</title></path>`}
      ${m.offer && [
        m.offer.standing === "agreed" && html`<circle class="taken" r="11" />`,
        [html`<circle class="team0" r="5.5" />`, html`<rect class="team1" x="-5" y="-5" width="10" height="10" />`,
          html`<path class="team2" d="M0-6 6 5-6 5Z" />`][order.indexOf(m.offer.by)],
      ]}
      ${m.label && m.box && html`<text class=${m.offer ? "number" : "name"} x=${m.box.dx} y=${m.box.dy} text-anchor=${m.box.anchor}>${m.label}</text>`}
    </g>`)}
  </svg>
  <figcaption><span class="key"><svg width="26" height="10" aria-hidden="true"><path class="frontier" d="M1 5H25" /></svg>${say("frontier")}</span>
    <span class="key"><svg width="26" height="10" aria-hidden="true"><path class="path" d="M1 5H25" /></svg>${say("path")}</span>
    ${debrief.teams.map((one, k) => html`<span class="key" key=${one.code}><${Mark} index=${k} />${one.name}</span>`)}
    ${debrief.map && ["solution", "package"].map((kind) => html`<span class="key" key=${kind}><svg width="13" height="13" viewBox="-6.5 -6.5 13 13" aria-hidden="true"><path class=${kind} d="M0-5.5 5.5 0 0 5.5-5.5 0Z" /></svg>${say(`${kind}s`)}</span>`)}
    <span class="quiet">${debrief.unit}</span></figcaption></figure>`;
}

export function Debrief({ state, debrief }) {
  const codes = debrief.teams.map((one) => one.code);
  const head_of = useRef(null);
  // Whoever was scrolled down among the offers is taken to what has opened, screen readers too.
  useEffect(() => head_of.current.focus(), []);
  const [axes, turn] = useState([codes[0], codes[1]]);
  const name = (code) => debrief.teams.find((one) => one.code === code).name;
  const o = debrief.outcome;
  const broken = Object.keys(o.refused).filter((team) => o.refused[team].length);
  const head = o.holds ? say("holds", { n: o.offer })
    : o.offer && broken.length ? say("rejected", { who: broken.map(name).join(", ") }) : say("no_agreement");
  const last = o.offer ? debrief.path.find((one) => one.id === o.offer) : null;
  const choose = (k) => html`<label class="inline">${say(k ? "axis_y" : "axis_x")}
    <select onChange=${(e) => turn(k ? [axes[0], e.target.value] : [e.target.value, axes[1]])}>
      ${codes.map((c) => html`<option key=${c} value=${c} selected=${axes[k] === c}>${name(c)}</option>`)}</select></label>`;
  return html`<section class="debrief" aria-labelledby="debrief-head">
    <h2 id="debrief-head" tabindex="-1" ref=${head_of}>${say("debrief")}</h2>
    <p class=${`outcome ${o.holds ? "good" : "bad"}`}>${head}</p>
    ${debrief.missed.map((id) => html`<p key=${id} class="missed">${say("missed", { n: id })}</p>`)}
    ${!debrief.map && html`<p role="status">${debrief.map_failed || say("map_wait")}</p>`}
    ${codes.length > 2 && html`<p>${choose(0)} ${choose(1)}</p>`}
    <${Chart} debrief=${debrief} x=${axes[0]} y=${axes[1]} />
    <div class="scroll"><table><caption>${say("path")}</caption><thead><tr><th scope="col">${say("offers")}</th><th scope="col">${say("standing")}</th>
      ${codes.map((c) => html`<th scope="col" class="digits" key=${c}>${say("gain_of", { team: name(c) })}</th>`)}
      ${codes.map((c) => html`<th scope="col" key=${`h${c}`}>${say("at_home")}: ${name(c)}</th>`)}</tr></thead>
      <tbody>${debrief.path.map((one) => html`<tr key=${one.id} class=${one.standing === "agreed" ? "sum" : ""}>
        <th scope="row">${one.id} · ${name(one.by)}</th><td>${say(one.standing)}</td>
        ${codes.map((c) => html`<td class="digits" key=${c}>${one.payoffs ? number(one.payoffs[c], { sign: true }) : "–"}</td>`)}
        ${codes.map((c) => html`<td key=${`h${c}`}>${!one.refused ? "–" : one.refused[c].length ? `✗ ${one.refused[c].map((id) => label(state, c, id)).join("; ")}` : `✓ ${say("home_all")}`}</td>`)}
      </tr>`)}</tbody></table></div>
    ${debrief.surplus && html`<div class="scroll"><table><caption>${say("surplus")}</caption>
      <thead><tr><th scope="col"><span class="unseen">${say("people")}</span></th><th scope="col" class="digits">${say("gain")}</th><th scope="col" class="digits">${say("share")}</th><th scope="col" class="digits">${say("could")}</th></tr></thead>
      <tbody>${codes.map((c) => html`<tr key=${c}><th scope="row">${name(c)}</th>
        <td class="digits">${number(o.gains[c], { sign: true })}</td>
        <td class="digits">${debrief.surplus.shares[c] === null ? "–" : `${number(100 * debrief.surplus.shares[c], { digits: 0 })} %`}</td>
        <td class="digits">${number(debrief.surplus.could_gain[c], { sign: true })}</td></tr>`)}</tbody></table></div>
      <p class="digits">${say("left", { x: number(debrief.surplus.left), most: number(debrief.surplus.most) })}</p>`}
    ${debrief.map && html`<div class="scroll"><table><caption>${say("spots")}</caption><thead><tr><th scope="col">${say("mark")}</th>
      ${codes.map((c) => html`<th scope="col" class="digits" key=${c}>${say("gain_of", { team: name(c) })}</th>`)}</tr></thead>
      <tbody>${debrief.map.spots.map((s) => html`<tr key=${s.id}><th scope="row">${s.label}</th>
        ${codes.map((c) => html`<td class="digits" key=${c}>${number(s.payoffs[c], { sign: true })}</td>`)}</tr>`)}</tbody></table></div>
      <dl class="sizes">${codes.filter((c) => c in debrief.map.sizes).map((c) => html`<div key=${c}><dt>${say("size")}: ${name(c)}</dt><dd class="digits">${number(100 * debrief.map.sizes[c], { digits: 0 })} %</dd></div>`)}
        ${debrief.map.common !== null && html`<div><dt>${say("common")}</dt><dd class="digits">${number(100 * debrief.map.common)} %</dd></div>`}</dl>
      ${debrief.map.notes.map((note) => html`<p key=${note} class="quiet">${note}</p>`)}`}
    <h3>${say("conditions")}</h3>
    <div class="columns">${codes.map((c) => html`<div key=${c}><h4>${name(c)}</h4>
      <${Conditions} conditions=${state.conditions[c] || []} met=${last && last.met ? last.met[c] : null} /></div>`)}</div>
  </section>`;
}

function label(state, team, id) {
  const found = (state.conditions[team] || []).find((one) => one.id === id);
  return found ? found.label : id;
}
