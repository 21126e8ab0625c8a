// The package builder: levers, both sides' accounts, who accepts, the map of payoffs, save and export.
import {
  Claims, Problem, billions, html, money, plain, post, sign, t, useEffect, useMemo, useRef, useState,
} from "./core.js";
import { Bar, PayoffMap, scaleOf } from "./charts.js";
import { Keep } from "./keep.js";

// A step that divides the width into about a hundred, from 1, 2.5 and 5.
function stepOf({ low, high }) {
  const rough = (high - low) / 100;
  const unit = 10 ** Math.floor(Math.log10(rough));
  return [1, 2.5, 5, 10].map((m) => Number((m * unit).toPrecision(3))).find((s) => s >= rough * 0.99);
}

function Lever({ lever, value, off, set }) {
  const [typed, setTyped] = useState(null);
  const id = `lever-${lever.id}`;
  const fine = (text) => text.trim() !== "" && Number.isFinite(Number(text)) && Number(text) >= lever.low && Number(text) <= lever.high;
  const bad = typed !== null && !fine(typed);
  const type = (event) => {
    setTyped(event.target.value);
    if (fine(event.target.value)) set(lever.id, Number(event.target.value));
  };
  const slide = (event) => { setTyped(null); set(lever.id, Number(event.target.value)); };
  const shown = typed ?? String(Number(value.toPrecision(6)));
  return html`<div class=${`lever${off ? " off" : ""}`}>
    <div class="lever-head"><label for=${id}>${lever.label}</label>
      <input type="number" step="any" min=${lever.low} max=${lever.high} value=${shown} class="lever-value"
        aria-label=${t("lever_number", { label: lever.label, unit: lever.unit })} aria-invalid=${bad ? "true" : null}
        onInput=${type} onBlur=${() => setTyped(null)} /></div>
    <input id=${id} type="range" min=${lever.low} max=${lever.high} step=${stepOf(lever)} value=${value} onInput=${slide}
      aria-valuetext=${`${plain(value)} ${lever.unit}`} />
    <div class="lever-ends"><span>${plain(lever.low)}</span>
      ${bad ? html`<span class="problem-small" role="alert">${t("out_of_bounds", { low: plain(lever.low), high: plain(lever.high) })}</span>`
        : html`<span>${lever.unit}, <span class="cite" tabindex="0">${t("bounds")}<span class="tip" role="note">${lever.why}</span></span></span>`}<span>${plain(lever.high)}</span></div>
  </div>`;
}

function Presets({ info, state, change, bargain }) {
  const builder = info.builder;
  const solved = bargain ? bargain.points.filter((p) => p.kind === "solution" && Object.keys(p.levers).length) : [];
  const names = new Set(builder ? builder.presets.map((p) => p.id) : []);
  const chosen = state.package ? `package:${state.package}` : "";
  const pick = (event) => {
    const [kind, id] = [event.target.value.split(":")[0], event.target.value.slice(event.target.value.indexOf(":") + 1)];
    if (kind === "package") change({ package: id, levers: null });
    if (kind === "preset") change({ package: null, levers: builder.presets.find((p) => p.id === id).at });
    if (kind === "solution") change({ package: null, levers: solved.find((p) => p.id === id).levers });
  };
  return html`<label class="field">${t("start_from")}
    <select value=${chosen} onChange=${pick}>
      ${builder && html`<option value="">${t("own_levers")}</option>
        <optgroup label=${t("on_the_levers")}>${builder.presets.map((p) => html`<option key=${p.id} value=${`preset:${p.id}`}>${p.label}</option>`)}</optgroup>
        ${solved.length > 0 && html`<optgroup label=${t("solutions")}>${solved.map((p) => html`<option key=${p.id} value=${`solution:${p.id}`}>${t(`point_${p.id}`)}</option>`)}</optgroup>`}`}
      <optgroup label=${t("as_they_stand")}>${info.packages.filter((p) => !(builder && p.name === builder.base && names.has(p.name)))
        .map((p) => html`<option key=${p.name} value=${`package:${p.name}`}>${p.title}</option>`)}</optgroup>
    </select></label>`;
}

// One request in flight; the latest wish follows when it returns. Bands come once the hand rests.
function useAccount(wish, ready) {
  const [found, setFound] = useState({ account: null, bands: null, key: "", error: null, busy: false });
  const flight = useRef({ busy: false, next: null });
  const key = JSON.stringify(wish);
  useEffect(() => {
    if (!ready) return undefined;
    let timer = null, live = true;
    const f = flight.current;
    f.next = key;
    const send = async () => {
      f.busy = true;
      while (f.next !== null) {
        const now = f.next;
        f.next = null;
        try {
          const account = await post("api/account", JSON.parse(now));
          setFound((old) => ({ account, bands: old.key === now ? old.bands : null, key: now, error: null, busy: f.next !== null }));
        } catch (error) {
          setFound((old) => ({ ...old, error, busy: false }));
        }
      }
      f.busy = false;
    };
    setFound((old) => ({ ...old, busy: true }));
    if (!f.busy) send();
    timer = setTimeout(async () => {
      try {
        const bands = await post("api/account/bands", JSON.parse(key));
        if (live) setFound((old) => (old.key === key ? { ...old, bands } : old));
      } catch { /* the central values stand, and say so */ }
    }, 450);
    return () => { live = false; clearTimeout(timer); };
  }, [key, ready]);
  return found;
}

export function Settings({ account }) {
  return html`<p class="settings">${t("settings", {
    unit: account.payoffs_unit, years: account.horizon_years, against: account.against.title, baseline: account.baseline,
    closure: account.closure, elasticities: account.elasticities, day: account.valued_on,
  })}</p>`;
}

function Account({ info, account, bands }) {
  const codes = info.parties.filter((p) => p.role === "party").map((p) => p.code);
  const names = Object.fromEntries(info.parties.map((p) => [p.code, p.name]));
  const lines = new Map();
  for (const code of codes) for (const line of account.parties[code].lines) if (!lines.has(line.id)) lines.set(line.id, line);
  const scale = scaleOf(codes, account, bands);
  const cell = (code, id) => {
    const line = account.parties[code].lines.find((one) => one.id === id);
    const ends = bands && bands.parties[code].lines[id];
    return html`<td class="number" key=${code}>${line ? html`<span class=${sign(line.value)}>${money(line.value)}</span>
      <span class="band">${ends ? t("band", { low: money(ends.low), high: money(ends.high) }) : ""}</span><${Bar} value=${line.value} ends=${ends} scale=${scale} />` : html`<span class="muted">–</span>`}</td>`;
  };
  const others = info.parties.filter((p) => p.role !== "party" && account.parties[p.code]);
  return html`<div class="table"><table class="account">
    <caption>${t("account_caption", { against: account.against.title })}</caption>
    <thead><tr><th scope="col">${t("line")}</th>${codes.map((code) => html`<th scope="col" class="number" key=${code}>${names[code]}</th>`)}</tr></thead>
    <tbody>${[...lines.values()].map((line) => html`<tr key=${line.id}>
      <th scope="row"><${Claims} ids=${line.rests_on}>${line.label}<//><span class="small">${line.horizon} · ${t(`basis_${line.basis}`)}</span></th>
      ${codes.map((code) => cell(code, line.id))}</tr>`)}</tbody>
    <tfoot><tr><th scope="row">${t("net")}<span class="small">${t("net_note")}</span></th>${codes.map((code) => {
      const ends = bands && bands.parties[code].net;
      return html`<td class="number" key=${code}><span class=${sign(account.parties[code].net)} data-net=${code}>${money(account.parties[code].net)}</span>
        <span class="band">${ends ? t("band", { low: money(ends.low), high: money(ends.high) }) : ""}</span><${Bar} value=${account.parties[code].net} ends=${ends} scale=${scale} /></td>`;
    })}</tr></tfoot>
  </table></div>
  <p class="settings">${bands ? t("bands_note", { sets: bands.elasticity_sets.length }) : t("central_note")}</p>
  ${others.length > 0 && html`<p class="settings">${t("third_parties")} ${others.map((p) => `${p.name} ${money(account.parties[p.code].net, 2)}`).join("; ")}</p>`}`;
}

function reading(one) {
  const told = { reads: plain(one.reads), bound: plain(one.at_least ?? one.at_most), unit: one.unit };
  return one.at_least !== null ? t("reads_least", told) : t("reads_most", told);
}

function Acceptance({ info, account }) {
  const names = Object.fromEntries(info.parties.map((p) => [p.code, p.name]));
  const codes = Object.keys(account.payoffs);
  if (!account.accepted_by) return html`<p class="note">${account.why_no_ratifiers}</p>`;
  return html`<ul class="ratifiers">${codes.flatMap((code) => account.ratifiers.filter((one) => one.party === code).map((one) => html`
    <li key=${one.id} class=${one.state}><span class="flag">${t(`state_${one.state}`)}</span>
      <span><strong>${names[code]}</strong>: ${one.citation.length ? html`<${Claims} ids=${one.citation}>${one.label}<//>` : one.label}
      <span class="small">${reading(one)}. ${one.why}</span></span></li>`))}</ul>`;
}

function Headline({ info, account, stale }) {
  const names = Object.fromEntries(info.parties.map((p) => [p.code, p.name]));
  return html`<div class=${`nets${stale ? " stale" : ""}`}>${Object.entries(account.payoffs).map(([code, value]) => {
    const accepts = account.accepted_by ? account.accepted_by[code] : null;
    return html`<div class="net" key=${code}><span class="who">${names[code]}</span>
      <span class="figure"><span class=${`big ${sign(value)}`} data-payoff=${code}>${billions(value)}</span><span class="small">${t("bn_short")}</span></span>
      <span class="chips"><span class=${`chip ${value >= -1e-9 ? "yes" : "no"}`}>${value >= -1e-9 ? t("better_off") : t("worse_off")}</span>
      ${accepts !== null && html`<span class=${`chip ${accepts ? "yes" : "no"}`} data-accepts=${code}>${accepts ? t("ratifiers_accept") : t("ratifiers_refuse")}</span>`}</span></div>`;
  })}</div>`;
}

export function Builder({ info, state, change, status, bargain, again }) {
  const builder = info.builder;
  const ready = status.model.state === "ready";
  const named = state.package && info.packages.some((p) => p.name === state.package) ? state.package : null;
  const base = useMemo(() => (builder ? Object.fromEntries(builder.levers.map((l) => [l.id, l.value])) : {}), [builder]);
  const levers = useMemo(() => {
    const found = { ...base };
    for (const lever of builder ? builder.levers : []) {
      const value = state.levers && state.levers[lever.id];
      if (Number.isFinite(value)) found[lever.id] = Math.min(lever.high, Math.max(lever.low, value));
    }
    return found;
  }, [state.levers, base]);
  const package_ = named || (builder ? null : info.headline);
  const against = state.against && info.packages.some((p) => p.name === state.against) ? state.against : info.against;
  const wish = { ...(package_ ? { package: package_ } : { levers }), against };
  const { account, bands, error, busy } = useAccount(wish, ready);
  const set = (id, value) => change({ package: null, levers: { ...levers, [id]: value } });
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!account) return undefined;
    const timer = setTimeout(() => {
      const names = Object.fromEntries(info.parties.map((p) => [p.code, p.name]));
      setSaid(Object.entries(account.payoffs).map(([code, value]) => t("said", {
        name: names[code], value: billions(value),
        accepts: account.accepted_by ? (account.accepted_by[code] ? t("ratifiers_accept") : t("ratifiers_refuse")) : "",
      })).join(" "));
    }, 900);
    return () => clearTimeout(timer);
  }, [account]);
  return html`<div class="builder">
    ${account && html`<${Headline} info=${info} account=${account} stale=${busy} />`}
    <section class="controls" aria-label=${t("levers")}>
      <h2>${t("levers")}</h2>
      <${Presets} info=${info} state=${state} change=${change} bargain=${bargain} />
      <label class="field">${t("held_against")}
        <select value=${against} onChange=${(e) => change({ against: e.target.value === info.against ? null : e.target.value })}>
          ${info.packages.map((p) => html`<option key=${p.name} value=${p.name}>${p.title}</option>`)}</select></label>
      ${!builder && html`<p class="note">${info.why_no_builder}</p>`}
      ${builder && named && html`<p class="note">${t("stands")}</p>`}
      ${builder && builder.levers.map((lever) => html`<${Lever} key=${lever.id} lever=${lever} value=${levers[lever.id]} off=${Boolean(named)} set=${set} />`)}
      ${builder && html`<button type="button" class="quiet" onClick=${() => change({ package: null, levers: null })}>${t("reset")}</button>`}
      ${builder && builder.limits_in_words.length > 0 && html`<ul class="small">${builder.limits_in_words.map((line) => html`<li key=${line}>${line}</li>`)}</ul>`}
    </section>
    <div class="results">
      <div class="sr" role="status" aria-live="polite">${said}</div>
      <${Problem} error=${error} />
      ${!account ? html`<p class="waiting">${status.model.state === "failed" ? t("model_failed", status.model) : t("model_warming_long")}</p>` : html`
        <${Settings} account=${account} />
        <div class="middle"><section aria-labelledby="h-map"><h2 id="h-map">${t("map")}</h2>
          <${PayoffMap} info=${info} account=${account} bargain=${bargain} status=${status} change=${change} held=${against === info.against} /></section>
        <section aria-labelledby="h-accepts"><h2 id="h-accepts">${t("who_accepts")}</h2><${Acceptance} info=${info} account=${account} /></section></div>
        <section aria-labelledby="h-account"><h2 id="h-account">${t("account")}</h2>
          <${Account} info=${info} account=${account} bands=${bands} /></section>
        <${Keep} info=${info} wish=${wish} again=${again} change=${change} />
        <p class="muted small">${t("computed_in", { ms: Math.round(account.seconds * 1000) })}</p>`}
    </div>
  </div>`;
}
