// Save as a package of the case, take files away, share the state.
import { Problem, download, html, mayWrite, post, postText, t, useState } from "./core.js";

const TYPES = { csv: "text/csv", json: "application/json", yaml: "application/yaml" };

export function Keep({ info, wish, again, change }) {
  const [form, setForm] = useState({ name: "", title: "", summary: "" });
  const [told, setTold] = useState(null);
  const [error, setError] = useState(null);
  const [link, setLink] = useState("");
  const put = (key) => (event) => setForm({ ...form, [key]: event.target.value });
  const attempt = (work) => async (event) => {
    event.preventDefault();
    setError(null);
    setTold(null);
    try { await work(); } catch (fault) { setError(fault); }
  };
  const save = attempt(async () => {
    const found = await post("api/packages", { levers: wish.levers, ...form });
    if (!found.saved) download(`${found.name}.yaml`, found.text, TYPES.yaml);
    setTold(found);
    if (found.saved) await again();
  });
  const take = (format) => attempt(async () => {
    const of = wish.package ? { package: wish.package, against: wish.against } : { levers: wish.levers, against: wish.against };
    download(`${wish.package || form.name || info.name}-account.${format}`, await postText("api/export", { format, of }), TYPES[format]);
  });
  const takePackage = attempt(async () => {
    const text = await postText("api/export", { format: "yaml", of: { levers: wish.levers }, ...form });
    download(`${form.name}.yaml`, text, TYPES.yaml);
  });
  const share = attempt(async () => {
    const url = location.href;
    setLink(url);
    try { await navigator.clipboard.writeText(url); setTold({ copied: true }); } catch { /* the field below holds it */ }
  });
  return html`<section class="keep" aria-labelledby="h-keep"><h2 id="h-keep">${t("keep")}</h2>
    ${wish.levers && html`<form onSubmit=${save}>
      <div class="fields">
        <label class="field">${t("save_name")}<input required pattern="[a-z0-9]([a-z0-9\\-]{0,62}[a-z0-9])?" maxlength="64" title=${t("save_name_rule")}
          value=${form.name} onInput=${put("name")} placeholder="counter-offer-1" autocomplete="off" spellcheck=${false} /></label>
        <label class="field wide">${t("save_title")}<input maxlength="200" value=${form.title} onInput=${put("title")} autocomplete="off" /></label>
        <label class="field wide">${t("save_summary")}<input maxlength="2000" value=${form.summary} onInput=${put("summary")} autocomplete="off" /></label>
      </div>
      ${info.locked && html`<p class="small">${info.locked} ${t("save_downloads")}</p>`}
      <button type="submit" class="primary" disabled=${!mayWrite()}>${info.locked ? t("download_package") : t("save_package")}</button>
    </form>`}
    <div class="row">
      <button type="button" onClick=${take("csv")}>${t("account_csv")}</button>
      <button type="button" onClick=${take("json")}>${t("account_json")}</button>
      ${wish.levers && !info.locked && html`<button type="button" onClick=${takePackage}>${t("download_package")}</button>`}
      <button type="button" onClick=${share}>${t("copy_link")}</button>
    </div>
    <${Problem} error=${error} />
    ${told && html`<p class="done" role="status">${told.copied ? t("copied") : told.saved ? t("saved", { file: told.file }) : t("downloaded")} ${told.note}</p>`}
    ${link && html`<label class="field wide">${t("link")}<input readonly value=${link} onFocus=${(e) => e.target.select()} /></label>`}
  </section>`;
}
