// Words, numbers and small controls that every screen of class mode shares. Text of people is only ever set as text.
import { h } from "/static/vendor/preact.mjs";
import { useEffect, useRef, useState } from "/static/vendor/preact-hooks.mjs";
import htm from "/static/vendor/htm.mjs";

export const html = htm.bind(h);

let words = {};
let language = "en";

export async function loadWords() {
  const all = await (await fetch("/static/class-words.json")).json();
  const wanted = new URLSearchParams(location.search).get("lang") || navigator.language || "en";
  language = wanted.toLowerCase().startsWith("ko") ? "ko" : "en";
  words = { ...all.en, ...all[language] };
  document.documentElement.lang = language;
}

export function say(key, values = {}) {
  const text = words[key] === undefined ? key : words[key];
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// A sign that lines up with digits; three figures that matter.
export function number(value, { sign = false, digits = 1 } = {}) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const rounded = size.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const zero = Number(size.toFixed(digits)) === 0;
  if (value < 0 && !zero) return `−${rounded}`;
  return sign && !zero ? `+${rounded}` : rounded;
}

export function plainNumber(value) {
  return value.toLocaleString(language, { maximumSignificantDigits: 6 }).replace("-", "−");
}

export function minutes(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// The clocks count down here between two answers of the server.
export function useClock(clock) {
  const got = useRef(performance.now());
  const [, again] = useState(0);
  const seen = useRef(null);
  if (seen.current !== clock) {
    seen.current = clock;
    got.current = performance.now();
  }
  useEffect(() => {
    if (!clock.running) return undefined;
    const timer = setInterval(() => again((n) => n + 1), 250);
    return () => clearInterval(timer);
  }, [clock.running]);
  const gone = clock.running ? (performance.now() - got.current) / 1000 : 0;
  const left = (value) => (value === null ? null : Math.max(0, value - gone));
  return { round: left(clock.round_left), total: left(clock.total_left) };
}

export function stepOf(lever) {
  const rough = (lever.high - lever.low) / 100;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((one) => one >= rough * 0.999);
  return Number(step.toPrecision(1));
}

export function teamOf(state, code) {
  const index = state.teams.findIndex((one) => one.code === code);
  return { index, name: index < 0 ? code : state.teams[index].name };
}

export function Mark({ index }) {
  const shape = [
    html`<circle cx="6" cy="6" r="5" />`,
    html`<rect x="1.5" y="1.5" width="9" height="9" />`,
    html`<path d="M6 1 11 11 1 11Z" />`,
  ][index];
  return html`<svg class=${`mark team${index}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">${shape}</svg>`;
}

export function Team({ state, code }) {
  const { index, name } = teamOf(state, code);
  return html`<span class="team"><${Mark} index=${index} />${name}</span>`;
}

export function Slider({ lever, value, set }) {
  const id = `lever-${lever.id}`;
  const [typed, type] = useState(null);
  const step = stepOf(lever);
  const take = (text) => {
    const given = Number(text);
    if (text.trim() !== "" && Number.isFinite(given)) set(Math.min(lever.high, Math.max(lever.low, given)));
  };
  return html`<div class="lever">
    <label for=${id} id=${`${id}-label`}>${lever.label}</label>
    <input type="range" id=${id} min=${lever.low} max=${lever.high} step=${step} value=${value}
      aria-valuetext=${`${plainNumber(value)} ${lever.unit}`} onInput=${(e) => set(Number(e.target.value))} />
    <input type="number" class="digits" aria-labelledby=${`${id}-label ${id}-unit`} min=${lever.low} max=${lever.high} step="any"
      value=${typed === null ? Number(value.toPrecision(6)) : typed}
      onInput=${(e) => { type(e.target.value); take(e.target.value); }} onBlur=${() => type(null)} />
    <span class="unit" id=${`${id}-unit`}>${lever.unit}</span>
  </div>`;
}

// A button that asks once more before it does what cannot be undone.
export function Careful({ act, children, again, kind = "", disabled = false }) {
  const [asked, ask] = useState(false);
  useEffect(() => {
    if (!asked) return undefined;
    const timer = setTimeout(() => ask(false), 5000);
    return () => clearTimeout(timer);
  }, [asked]);
  return html`<button type="button" class=${asked ? "danger" : kind} disabled=${disabled}
    onClick=${() => { ask(!asked); if (asked) act(); }}>${asked ? again || say("really") : children}</button>`;
}

export function Account({ account, conditions, caption }) {
  const widest = Math.max(1e-9, ...account.lines.map((line) => Math.abs(line.value)), Math.abs(account.net));
  const row = (label, value, extra = "") => html`<tr class=${extra}>
    <th scope="row">${label}</th>
    <td class="digits">${number(value, { sign: true })}</td>
    <td class="bar" aria-hidden="true"><svg viewBox="-50 0 100 10" preserveAspectRatio="none">
      <line x1="0" x2="0" y1="0" y2="10" class="axis" />
      <rect class=${value < 0 ? "loss" : "gain"} x=${value < 0 ? (48 * value) / widest : 0} y="1.5" height="7"
        width=${(48 * Math.abs(value)) / widest} /></svg></td></tr>`;
  return html`<table class="account"><caption>${caption}</caption>
    <thead><tr><th scope="col">${say("line")}</th><th scope="col" class="digits">${say("value")}</th>
      <th scope="col" class="bar"><span class="unseen">±</span></th></tr></thead>
    <tbody>${account.lines.map((line) => row(line.label, line.value))}${row(say("net"), account.net, "sum")}</tbody></table>
    ${conditions && html`<${Conditions} conditions=${conditions} met=${account.met} />`}`;
}

export function Conditions({ conditions, met }) {
  if (!conditions.length) return html`<p class="quiet">${say("none_needed")}</p>`;
  const by = Object.fromEntries((met || []).map((one) => [one.id, one]));
  return html`<ul class="conditions">${conditions.map((one) => {
    const is = by[one.id];
    const bound = is && say(is.at_least ? "at_least" : "at_most", { x: plainNumber(is.bound) });
    return html`<li key=${one.id} class=${is ? (is.met ? "met" : "broken") : ""}>
      <strong>${one.label}</strong>
      ${is && html`<span class="verdict">${is.met ? `✓ ${say("met")}` : `✗ ${say("not_met")}`}</span>
        <span class="quiet digits">${bound} ${is.unit}, ${say("now", { x: plainNumber(Number(is.value.toPrecision(4))) })}</span>`}
      ${one.why && html`<span class="quiet why">${one.why}</span>`}</li>`;
  })}</ul>`;
}
