// Pictures as SVG: the map of payoffs, and both sides' lines as bars. Every number is also in a table.
import { billions, html, t, useEffect, useRef, useState } from "./core.js";

export function ticksOf(low, high, count) {
  const rough = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * unit).find((s) => s >= rough);
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9; k += 1) found.push(k * step);
  return found;
}
const padded = (values) => {
  const low = Math.min(0, ...values), high = Math.max(0, ...values);
  const air = (high - low || 1) * 0.07;
  return [low - air, high + air];
};
const tick = (value) => String(Number(value.toPrecision(6))).replace("-", "\u2212");

const L = 52, R = 16, T = 14, B = 44;

// Drawn at the width it has, so that type keeps its size on a phone.
function useWidth() {
  const ref = useRef(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    if (!ref.current) return undefined;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(260, Math.round(entry.contentRect.width))));
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, []);
  return [ref, width];
}

function Mark({ kind, x, y, open, number, title }) {
  const shape = {
    disagreement: html`<path d="M-6,-6L6,6M-6,6L6,-6" class="cross" />`,
    package: html`<circle r="9" />`,
    offer: html`<rect x="-8" y="-8" width="16" height="16" transform="rotate(45)" />`,
    solution: html`<path d="M0,-11L10,7.5H-10Z" />`,
  }[kind];
  return html`<g class=${`mark ${kind}${open ? " open" : ""}`} transform=${`translate(${x},${y})`}><title>${title}</title>${shape}
    ${number && html`<text dy=${kind === "solution" ? 5.5 : 4} text-anchor="middle">${number}</text>`}</g>`;
}

export function PayoffMap({ info, account, bargain, status, change, held }) {
  const [ref, W] = useWidth();
  const H = Math.round(Math.min(460, Math.max(280, W * 0.68)));
  const codes = info.parties.filter((p) => p.role === "party").map((p) => p.code).slice(0, 2);
  const names = Object.fromEntries(info.parties.map((p) => [p.code, p.name]));
  const points = bargain ? bargain.points.filter((p) => codes.every((c) => c in p.payoffs)) : [];
  const curve = bargain ? bargain.frontier.filter((p) => !p.package).map((p) => codes.map((c) => p.payoffs[c])) : [];
  const now = codes.map((c) => account.payoffs[c]);
  const [near, setNear] = useState(false);
  const closer = near && curve.length > 1;
  const range = (k) => {
    const few = curve.map((p) => p[k]);
    if (!closer) return padded([...points.map((p) => p.payoffs[codes[k]]), ...few, ...(held ? [now[k]] : [])]);
    const width = Math.max(...few) - Math.min(0, ...few);
    return padded([...few, -0.6 * width]);
  };
  const [x0, x1] = range(0), [y0, y1] = range(1);
  const within = ([x, y]) => x >= x0 && x <= x1 && y >= y0 && y <= y1;
  const place = ([x, y]) => `translate(${sx(Math.min(x1, Math.max(x0, x)))},${sy(Math.min(y1, Math.max(y0, y)))})`;
  const sx = (v) => L + ((v - x0) / (x1 - x0)) * (W - L - R);
  const sy = (v) => H - B - ((v - y0) / (y1 - y0)) * (H - T - B);
  const all = (p) => Object.keys(p.levers || {}).length > 0 && codes.every((c) => p.accepted_by.includes(c));
  const label = (p) => (p.kind === "solution" ? t(`point_${p.id}`) : p.label);
  let number = 0;
  const numbered = points.map((p) => ({ ...p, number: p.kind === "disagreement" ? "" : String((number += 1)) }));
  const allNow = account.accepted_by && codes.every((c) => account.accepted_by[c]);
  const alt = t("map_alt", { one: names[codes[0]], two: names[codes[1]], x: billions(now[0]), y: billions(now[1]), n: points.length });
  return html`<figure class="map" ref=${ref}><svg viewBox=${`0 0 ${W} ${H}`} role="img" aria-label=${alt}>
    <rect x=${sx(0)} y=${T} width=${Math.max(0, W - R - sx(0))} height=${Math.max(0, sy(0) - T)} class="both" />
    ${ticksOf(x0, x1, W / 80).map((v) => html`<g key=${`x${v}`}><line x1=${sx(v)} x2=${sx(v)} y1=${T} y2=${H - B} class="grid" /><text x=${sx(v)} y=${H - B + 16} text-anchor="middle" class="tick">${tick(v)}</text></g>`)}
    ${ticksOf(y0, y1, H / 60).map((v) => html`<g key=${`y${v}`}><line x1=${L} x2=${W - R} y1=${sy(v)} y2=${sy(v)} class="grid" /><text x=${L - 8} y=${sy(v) + 4} text-anchor="end" class="tick">${tick(v)}</text></g>`)}
    <line x1=${sx(0)} x2=${sx(0)} y1=${T} y2=${H - B} class="zero" /><line x1=${L} x2=${W - R} y1=${sy(0)} y2=${sy(0)} class="zero" />
    <text x=${(L + W - R) / 2} y=${H - 6} text-anchor="middle" class="axis">${t("axis", { name: names[codes[0]] })}</text>
    <text transform=${`translate(12,${(T + H - B) / 2}) rotate(-90)`} text-anchor="middle" class="axis">${t("axis", { name: names[codes[1]] })}</text>
    ${curve.length > 1 && html`<polyline points=${curve.map(([x, y]) => `${sx(x)},${sy(y)}`).join(" ")} class="frontier" />`}
    ${numbered.filter((p) => within(codes.map((c) => p.payoffs[c]))).map((p) => html`<${Mark} key=${p.id} kind=${p.kind} x=${sx(p.payoffs[codes[0]])} y=${sy(p.payoffs[codes[1]])} open=${!all(p)} number=${p.number}
      title=${`${label(p)}: ${codes.map((c) => `${names[c]} ${billions(p.payoffs[c])}`).join(", ")}`} />`)}
    ${held && html`<g class=${`now ${allNow ? "yes" : "no"}`} transform=${place(now)}><title>${t("now")}</title>
      <circle r="15" class="halo" /><circle r="7" /></g>`}
  </svg>
  ${curve.length > 1 && html`<div class="row"><button type="button" aria-pressed=${near ? "true" : "false"} onClick=${() => setNear(!near)}>${near ? t("whole_map") : t("closer")}</button></div>`}
  <figcaption>${closer && held && !within(now) ? `${t("off_map")} ` : ""}${held ? t("map_caption") : t("map_other")} ${bargain ? "" : status.bargain.state === "failed" ? status.bargain.why : t("map_waiting")}</figcaption>
  ${numbered.length > 0 && html`<details class="points"><summary>${t("map_table", { n: numbered.length })}</summary><div class="table"><table>
    <caption>${t("map_table_caption", { unit: bargain.unit })}</caption>
    <thead><tr><th scope="col">${t("point")}</th>${codes.map((c) => html`<th scope="col" class="number" key=${c}>${names[c]}</th>`)}<th scope="col">${t("accepted_by")}</th></tr></thead>
    <tbody>${numbered.map((p) => html`<tr key=${p.id}><th scope="row">${p.number && html`<span class="no">${p.number}</span>`}
      ${Object.keys(p.levers || {}).length ? html`<button type="button" class="link" onClick=${() => change({ package: null, levers: p.levers })}>${label(p)}</button>` : label(p)}</th>
      ${codes.map((c) => html`<td class="number" key=${c}>${billions(p.payoffs[c])}</td>`)}
      <td>${Object.keys(p.levers || {}).length ? p.accepted_by.map((c) => names[c]).join(", ") || t("nobody") : html`<span class="muted">–</span>`}</td></tr>`)}</tbody></table></div></details>`}
  </figure>`;
}

// A line of the account as a bar with its band; every bar of the table has one scale.
export function scaleOf(codes, account, bands) {
  const values = codes.flatMap((code) => {
    const party = account.parties[code], ends = bands && bands.parties[code];
    return [party.net, ...party.lines.map((l) => l.value), ...(ends ? [ends.net.low, ends.net.high] : [])];
  });
  return padded(values);
}

export function Bar({ value, ends, scale }) {
  const [low, high] = scale;
  const sx = (v) => 100 * (Math.min(high, Math.max(low, v)) - low) / (high - low);
  const zero = sx(0), end = sx(value);
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect x=${Math.min(zero, end)} y="2" width=${Math.max(0.6, Math.abs(end - zero))} height="6" class=${value < 0 ? "loss-fill" : "gain-fill"} />
    <line x1=${zero} x2=${zero} y1="0" y2="10" class="zero" vector-effect="non-scaling-stroke" />
    ${ends && html`<line x1=${sx(ends.low)} x2=${sx(ends.high)} y1="5" y2="5" class="whisker" vector-effect="non-scaling-stroke" />`}</svg>`;
}
