// The state of play as of a day, and contradictions side by side.
import { Cite, Problem, get, html, t, useEffect, useState } from "./core.js";

function useDay(day) {
  const [found, setFound] = useState(null);
  const [error, setError] = useState(null);
  useEffect(() => {
    let live = true;
    get(`api/state${day ? `?on=${day}` : ""}`).then(
      (data) => live && (setFound(data), setError(null)), (fault) => live && setError(fault),
    );
    return () => { live = false; };
  }, [day]);
  return [found, error];
}

function Day({ found, change }) {
  const step = (days) => () => {
    const next = new Date(`${found.on}T00:00:00Z`);
    next.setUTCDate(next.getUTCDate() + days);
    change({ day: next.toISOString().slice(0, 10) });
  };
  const first = Date.parse(`${found.first}T00:00:00Z`), last = Date.parse(`${found.last}T00:00:00Z`), DAY = 86_400_000;
  const slide = (event) => change({ day: new Date(first + Number(event.target.value) * DAY).toISOString().slice(0, 10) });
  return html`<div class="day"><label class="field">${t("as_of")}<input type="date" value=${found.on} onChange=${(e) => e.target.value && change({ day: e.target.value })} /></label>
    <button type="button" onClick=${step(-7)}>${t("week_back")}</button><button type="button" onClick=${step(7)}>${t("week_on")}</button>
    <label class="sr" for="day-slider">${t("as_of")}</label>
    <input id="day-slider" type="range" min="0" max=${Math.max(1, Math.round((last - first) / DAY))} value=${Math.round((Date.parse(`${found.on}T00:00:00Z`) - first) / DAY)} aria-valuetext=${found.on} onChange=${slide} /></div>`;
}

// Terms between the parties of the talks come first.
function Terms({ title, rows: given, sources, codes, more = 14 }) {
  const [all, setAll] = useState(false);
  const own = (one) => codes.includes(one.from) && codes.includes(one.to);
  const rows = [...given.filter(own), ...given.filter((one) => !own(one))];
  const shown = all ? rows : rows.slice(0, more);
  return html`<section><h2>${title} <span class="count">${rows.length}</span></h2>${rows.length === 0 ? html`<p class="muted">${t("nothing")}</p>` : html`
    <div class="table"><table class="terms"><caption class="sr">${title}</caption><thead><tr><th scope="col">${t("matter")}</th><th scope="col">${t("stands_at")}</th><th scope="col">${t("since")}</th></tr></thead>
    <tbody>${shown.map((one, k) => html`<tr key=${k}><th scope="row"><${Cite} claim=${one} sources=${sources} told=${one.text}>${[one.issue, one.on].filter(Boolean).join(" · ").replace(/-/g, " ")}<//>
      <span class="small">${one.from} → ${one.to}${one.authority ? ` · ${one.authority}` : ""}</span></th>
      <td>${one.quantity}${one.stacking ? `, ${t(`stacking_${one.stacking}`)}` : ""}<span class="small">${one.status.replace("_", " ")}${one.by ? ` (${one.by})` : ""}${one.losers.length ? ` · ${t("not")} ${one.losers.slice(0, 2).map((l) => l.quantity).join("; ")}` : ""}</span></td>
      <td class="nowrap">${one.since || one.day}${one.until ? html`<span class="small">${t("until")} ${one.until}</span>` : ""}</td></tr>`)}</tbody></table></div>
    ${rows.length > more && html`<button type="button" class="quiet" onClick=${() => setAll(!all)}>${all ? t("fewer") : t("all", { n: rows.length })}</button>`}`}</section>`;
}

function Dated({ title, rows, sources, more = 10, extra }) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, more);
  return html`<section><h2>${title} <span class="count">${rows.length}</span></h2>${rows.length === 0 ? html`<p class="muted">${t("nothing")}</p>` : html`
    <ol class="dated">${shown.map((one, k) => html`<li key=${one.id + k}><span class="when">${extra ? extra(one) : one.when}</span><${Cite} claim=${one} sources=${sources}>${one.text}<//></li>`)}</ol>
    ${rows.length > more && html`<button type="button" class="quiet" onClick=${() => setAll(!all)}>${all ? t("fewer") : t("all", { n: rows.length })}</button>`}`}</section>`;
}

export function Play({ info, state, change }) {
  const codes = info.parties.filter((p) => p.role === "party").map((p) => p.code);
  const [found, error] = useDay(state.day);
  if (error) return html`<${Problem} error=${error} />`;
  if (!found) return html`<p class="waiting">…</p>`;
  const s = found.sources;
  return html`<div class="play"><${Day} found=${found} change=${change} />
    ${found.why_empty && html`<p class="note">${found.why_empty}</p>`}
    <div class="two"><div>
      <${Terms} title=${t("in_force")} rows=${found.in_force} sources=${s} codes=${codes} />
      <${Terms} title=${t("on_table")} rows=${found.on_table} sources=${s} codes=${codes} />
    </div><div>
      <${Dated} title=${t("deadlines")} rows=${found.deadlines} sources=${s} more=${6} extra=${(d) => html`${d.due} <span class=${`flagtext ${d.status}`}>${t(`deadline_${d.status}`)}</span>`} />
      <${Dated} title=${t("planned")} rows=${found.planned} sources=${s} more=${5} />
      <${Dated} title=${t("events")} rows=${found.events} sources=${s} />
      <${Dated} title=${t("positions")} rows=${found.positions} sources=${s} more=${5} extra=${(p) => html`${p.holder} <span class="flagtext">${p.type.replace("_", " ")}</span>`} />
    </div></div></div>`;
}

function Side({ one, sources, letter }) {
  return html`<div class="side"><p class="by"><span class="letter">${letter}</span>${one.by}</p>
    <p><${Cite} claim=${{ quote: one.quotes[0], sources: one.sources, id: one.claims.join(", ") }} sources=${sources}>${one.text}<//></p></div>`;
}

export function Contradictions({ state, change }) {
  const [found, error] = useDay(state.day);
  if (error) return html`<${Problem} error=${error} />`;
  if (!found) return html`<p class="waiting">…</p>`;
  return html`<div class="play"><${Day} found=${found} change=${change} />
    <h2>${t("view_contradictions")} <span class="count">${found.contradictions.length}</span></h2>
    ${found.contradictions.length === 0 && html`<p class="muted">${t("nothing")}</p>`}
    ${found.contradictions.map((one) => html`<article class="contradiction" key=${one.id}>
      <h3>${one.text}</h3><p class=${`flagtext ${one.open ? "open" : ""}`}>${one.open ? t("open_") : t("read_")}</p>
      <div class="sides"><${Side} one=${one.a} sources=${found.sources} letter="a" /><${Side} one=${one.b} sources=${found.sources} letter="b" /></div>
      ${one.reading && html`<p class="small">${t("our_reading")} ${one.reading}</p>`}</article>`)}</div>`;
}
