// What every part of the page shares: the renderer, labels, numbers, the API, the state in the address.
import { h, render, Fragment } from "./vendor/preact.mjs";
import { useEffect, useMemo, useRef, useState } from "./vendor/preact-hooks.mjs";
import htm from "./vendor/htm.mjs";

export { Fragment, render, useEffect, useMemo, useRef, useState };
export const html = htm.bind(h);

// ---- the token: taken from the address once, kept for this tab, shown nowhere

const query = new URLSearchParams(location.search);
const TOKEN = "winset-token";
if (query.has("token")) {
  sessionStorage.setItem(TOKEN, query.get("token"));
  query.delete("token");
  const rest = query.toString();
  history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : "") + location.hash);
}
export const mayWrite = () => Boolean(sessionStorage.getItem(TOKEN));

export class Refused extends Error {
  constructor(status, error) {
    super([error.what, error.why, error.remedy].filter(Boolean).map((s) => s.replace(/\.$/, "")).join(". ") + ".");
    this.status = status;
    this.code = error.code;
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "omit", cache: "no-store", ...options });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Refused(0, { what: t("no_server"), code: "gone" });
  }
  if (!answer.ok) {
    const body = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, body.error || { what: `${answer.status}` });
  }
  return answer;
}

const headers = (type) => {
  const found = { "Content-Type": type };
  if (mayWrite()) found["X-Winset-Token"] = sessionStorage.getItem(TOKEN);
  return found;
};
export const get = async (path) => (await ask(path)).json();
export const post = async (path, data) =>
  (await ask(path, { method: "POST", headers: headers("application/json"), body: JSON.stringify(data) })).json();
export const postText = async (path, data) =>
  (await ask(path, { method: "POST", headers: headers("application/json"), body: JSON.stringify(data) })).text();
export const postFile = async (path, file) =>
  (await ask(path, { method: "POST", headers: headers("application/octet-stream"), body: file })).json();

export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// ---- words

let words = {};
export const lang = (() => {
  const asked = query.get("lang") || navigator.language || "en";
  return asked.toLowerCase().startsWith("ko") ? "ko" : "en";
})();
export async function loadWords() {
  const all = await get("static/words.json");
  words = { ...all.en, ...all[lang] };
  document.documentElement.lang = lang;
}
export const t = (key, values = {}) =>
  (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
export const otherLanguage = () => {
  const next = new URLSearchParams(location.search);
  next.set("lang", lang === "ko" ? "en" : "ko");
  return `?${next}${location.hash}`;
};

// ---- numbers

const formats = new Map();
const format = (digits, sign) => {
  const key = `${digits}${sign}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(lang, {
      minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: sign ? "exceptZero" : "auto",
    }));
  }
  return formats.get(key);
};
const minus = (text) => text.replace("-", "\u2212");
// Money comes in millions and is shown in billions.
export const money = (millions, digits = 1) => minus(format(digits, true).format(millions / 1000));
export const billions = (value, digits = 1) => minus(format(digits, true).format(value));
export const plain = (value) => {
  const size = Math.abs(value);
  const digits = size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return minus(new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value));
};
export const sign = (value) => (value > 0 ? "gain" : value < 0 ? "loss" : "");

// ---- state in the fragment: levers, compared packages, day, view; never the token

export function readState() {
  const found = new URLSearchParams(location.hash.slice(1));
  const levers = {};
  for (const part of (found.get("l") || "").split(",")) {
    const at = part.lastIndexOf(":");
    const value = Number(part.slice(at + 1));
    if (at > 0 && part.length > at + 1 && Number.isFinite(value)) levers[part.slice(0, at)] = value;
  }
  return {
    view: found.get("v") || "",
    levers: found.has("l") ? levers : null,
    package: found.get("p") || null,
    against: found.get("a") || null,
    compare: (found.get("c") || "").split(",").filter(Boolean).slice(0, 3),
    day: /^\d{4}-\d{2}-\d{2}$/.test(found.get("d") || "") ? found.get("d") : null,
  };
}
export function writeState(state) {
  const parts = [];
  const put = (key, value) => value && parts.push(`${key}=${encodeURIComponent(value).replace(/%3A/g, ":").replace(/%2C/g, ",")}`);
  put("v", state.view);
  if (state.package) put("p", state.package);
  else if (state.levers) put("l", Object.entries(state.levers).map(([k, x]) => `${k}:${Number(x.toPrecision(12))}`).join(","));
  put("a", state.against);
  put("c", state.compare.join(","));
  put("d", state.day);
  const hash = parts.length ? `#${parts.join("&")}` : "";
  if (hash !== location.hash) history.replaceState(null, "", location.pathname + location.search + hash);
}

// ---- small parts

export function Problem({ error }) {
  return error ? html`<p class="problem" role="alert">${error.message || String(error)}</p>` : null;
}

// Words that show their source on hover and on focus; Escape closes.
export function Cite({ claim, sources, children, label, told }) {
  const close = (event) => event.key === "Escape" && event.currentTarget.blur();
  return html`<span class="cite" tabindex="0" onKeyDown=${close} aria-label=${label}>${children}<span class="tip" role="note">
    ${told && html`<span>${told}</span>`}<${Source} claim=${claim} sources=${sources} /></span></span>`;
}

export function Source({ claim, sources }) {
  const safe = (url) => (/^https?:\/\//.test(url || "") ? url : null);
  return html`${claim.quote
    ? html`<q class="quote">${claim.quote}</q>`
    : html`<span class="muted">${t("no_quote")}</span>`}
    ${(claim.sources || []).map((name) => {
      const one = sources[name];
      if (!one) return html`<span class="source" key=${name}>${name}</span>`;
      const told = `${one.publisher}, ${one.exact ? "" : t("by_day") + " "}${one.published}`;
      return html`<span class="source" key=${name}>${one.title} <span class="muted">(${told}${one.kind === "official" ? `, ${t("official")}` : ""})</span>${" "}
        ${safe(one.url) && html`<a href=${one.url} target="_blank" rel="noopener noreferrer">${t("open_source")}</a>`}</span>`;
    })}
    ${claim.note && html`<span class="muted">${claim.note}</span>`}
    <span class="muted mono">${claim.id}</span>`;
}

// Claims are fetched when somebody wants to see them.
const known = new Map();
export function Claims({ ids, children }) {
  const [claims, setClaims] = useState(null);
  const wanted = ids.join(",");
  const open = async () => {
    if (claims && claims.wanted === wanted) return;
    if (!known.has(wanted)) known.set(wanted, get(`api/claims?ids=${encodeURIComponent(wanted)}`));
    try {
      setClaims({ wanted, found: (await known.get(wanted)).claims });
    } catch {
      known.delete(wanted);
    }
  };
  const close = (event) => event.key === "Escape" && event.currentTarget.blur();
  return html`<span class="cite" tabindex="0" onMouseEnter=${open} onFocus=${open} onKeyDown=${close}>${children}<span class="tip" role="note">
    ${claims === null || claims.wanted !== wanted ? html`<span class="muted">…</span>`
      : claims.found.length === 0 ? html`<span class="muted">${t("no_claims")}</span>`
      : claims.found.map((one) => html`<span class="claim" key=${one.id}>${one.text}
          <${Source} claim=${one} sources=${one.sources_of} /></span>`)}</span></span>`;
}
