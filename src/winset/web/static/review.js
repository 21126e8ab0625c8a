// The review queue: accept, correct, refuse, each through the case's one log; and a document read on the spot.
import { Problem, get, html, mayWrite, post, postFile, t, useEffect, useState } from "./core.js";

const NAME = "winset-name";

function Quote({ one }) {
  return html`<blockquote><span class="muted">${one.before}</span><mark>${one.quote}</mark><span class="muted">${one.after}</span></blockquote>`;
}

function Sides({ one }) {
  return html`<div class="sides">${[one.a, one.b].filter(Boolean).map((side, k) => html`<div class="side" key=${k}>
    <p class="by"><span class="letter">${"ab"[k]}</span>${side.document}</p><p>${side.says}</p><p><q>${side.quote}</q></p></div>`)}</div>`;
}

function Entry({ one, name, fields, decide, locked }) {
  const [mode, setMode] = useState("");
  const [why, setWhy] = useState("");
  const [changes, setChanges] = useState([["date", ""]]);
  const off = locked || !mayWrite();
  const send = (verdict, extra = {}) => decide({ id: one.id, verdict, by: name, why, ...extra });
  const alter = (k, part) => (event) => setChanges(changes.map((pair, n) => (n === k ? (part ? [pair[0], event.target.value] : [event.target.value, pair[1]]) : pair)));
  return html`<article class=${`entry ${one.state}`} data-entry=${one.id}>
    <p class="small"><span class="chip">${t(`what_${one.what}`)}</span> ${one.when} ${one.document ? `· ${one.document}` : ""} <span class="mono">${one.id}</span></p>
    <h3>${one.text}</h3>
    ${one.what === "contradiction" ? html`<${Sides} one=${one} />` : html`<${Quote} one=${one} />`}
    ${one.same.length > 0 && html`<p class="small">${t("same_event")} ${one.same.map((s) => s.document).join(", ")}</p>`}
    ${one.against.map((c) => html`<div class="small" key=${c.id}><strong>${t("contested")}</strong> ${c.text}<${Sides} one=${c} /></div>`)}
    ${one.state !== "open" ? html`<p class="done">${t("decided", { verdict: t(`verdict_${one.state}`), by: one.by, at: one.at.slice(0, 10) })} ${one.why}
        <button type="button" class="quiet" disabled=${off} onClick=${() => send("reopen")}>${t("reopen")}</button></p>` : html`
      <div class="row"><button type="button" class="primary" disabled=${off} onClick=${() => send("accept")}>${t("accept")}</button>
        ${one.what !== "contradiction" && html`<button type="button" disabled=${off} aria-expanded=${mode === "correct"} onClick=${() => setMode(mode === "correct" ? "" : "correct")}>${t("correct")}</button>`}
        <button type="button" disabled=${off} aria-expanded=${mode === "refuse"} onClick=${() => setMode(mode === "refuse" ? "" : "refuse")}>${t("refuse")}</button></div>
      ${mode && html`<div class="fields">
        ${mode === "correct" && changes.map(([field, value], k) => html`<div class="row" key=${k}><label class="field">${t("field")}<select value=${field} onChange=${alter(k, 0)}>
          ${Object.entries(fields).map(([key, told]) => html`<option key=${key} value=${key} title=${told}>${key}</option>`)}</select></label>
          <label class="field wide">${fields[field]}<input value=${value} maxlength="2000" onInput=${alter(k, 1)} /></label></div>`)}
        ${mode === "correct" && html`<button type="button" class="quiet" onClick=${() => setChanges([...changes, ["text", ""]])}>${t("another_field")}</button>`}
        <label class="field wide">${t("why")}<input value=${why} maxlength="2000" onInput=${(e) => setWhy(e.target.value)} /></label>
        <button type="button" class="primary" onClick=${() => send(mode, mode === "correct" ? { changes: Object.fromEntries(changes.filter(([, v]) => v)) } : {})}>${mode === "correct" ? t("send_correction") : t("send_refusal")}</button></div>`}`}
  </article>`;
}

function Reader() {
  const [found, setFound] = useState(null);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const read = async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    setBusy(true);
    setError(null);
    setFound(null);
    try { setFound(await postFile(`api/read?name=${encodeURIComponent(file.name)}`, file)); } catch (fault) { setError(fault); }
    setBusy(false);
  };
  return html`<section class="reader"><h2>${t("read_document")}</h2><p class="small">${t("read_note")}</p>
    <label class="field">${t("file")}<input type="file" accept=".txt,.html,.htm,.pdf" disabled=${!mayWrite()} onChange=${read} /></label>
    ${busy && html`<p class="waiting">${t("reading")}</p>`}<${Problem} error=${error} />
    ${found && html`<p role="status">${t("read_found", found.counts)}</p>${found.proposals.map((one) => html`<article class="entry" key=${one.id}>
      <p class="small"><span class="chip">${t(`what_${one.what}`)}</span> ${one.when}</p><h3>${one.text}</h3><${Quote} one=${one} /></article>`)}`}</section>`;
}

export function Review() {
  const [found, setFound] = useState(null);
  const [error, setError] = useState(null);
  const [told, setTold] = useState("");
  const [shown, setShown] = useState(20);
  const [name, setName] = useState(localStorage.getItem(NAME) || "");
  const load = () => get("api/review").then(setFound, setError);
  useEffect(() => { load(); }, []);
  const decide = async (decision) => {
    setError(null);
    try {
      const done = await post("api/review", decision);
      setTold(t("decision_done", { id: done.id, verdict: t(`verdict_${done.verdict}`) }));
      await load();
    } catch (fault) { setError(fault); }
  };
  return html`<div class="review">
    <section><h2>${t("view_review")} ${found && html`<span class="count">${t("queue_count", found)}</span>`}</h2>
      <label class="field">${t("your_name")}<input value=${name} maxlength="200" autocomplete="name" onInput=${(e) => { setName(e.target.value); localStorage.setItem(NAME, e.target.value); }} /></label>
      <div class="sr" role="status" aria-live="polite">${told}</div><${Problem} error=${error} />
      ${found && found.locked && html`<p class="note">${found.locked}</p>`}
      ${found && found.why_empty && html`<p class="note">${found.why_empty}</p>`}
      ${found && found.entries.slice(0, shown).map((one) => html`<${Entry} key=${one.id + one.state} one=${one} name=${name} fields=${found.fields} decide=${decide} locked=${Boolean(found.locked)} />`)}
      ${found && found.entries.length > shown && html`<button type="button" onClick=${() => setShown(shown + 40)}>${t("more")}</button>`}
    </section><${Reader} /></div>`;
}
