// Two or three packages side by side, line by line, for each side.
import { Problem, billions, html, money, post, sign, t, useEffect, useState } from "./core.js";
import { Settings } from "./builder.js";

function choices(info, state, bargain) {
  const found = info.packages.map((p) => ({ id: p.name, label: p.title, wish: { package: p.name } }));
  if (!info.builder) return found;
  const base = Object.fromEntries(info.builder.levers.map((l) => [l.id, l.value]));
  if (state.levers) found.unshift({ id: "@now", label: t("own_levers"), wish: { levers: { ...base, ...state.levers } } });
  for (const p of info.builder.presets) if (p.kind === "offer") found.push({ id: `@${p.id}`, label: p.label, wish: { levers: p.at } });
  for (const p of bargain ? bargain.points : []) {
    if (p.kind === "solution") found.push({ id: `@${p.id}`, label: t(`point_${p.id}`), wish: { levers: p.levers } });
  }
  return found;
}

export function Compare({ info, state, change, status, bargain }) {
  const all = choices(info, state, bargain);
  // To begin with: the headline package and the one before it.
  const others = info.packages.filter((p) => p.name === info.headline || p.name !== info.against).map((p) => p.name);
  const at = others.indexOf(info.headline);
  const chosen = state.compare.length ? state.compare : [others[at - 1] ?? others[at + 1], info.headline].filter(Boolean);
  const picked = chosen.map((id) => all.find((one) => one.id === id)).filter(Boolean);
  const [found, setFound] = useState({ key: "", accounts: [] });
  const [error, setError] = useState(null);
  const key = JSON.stringify(picked.map((one) => one.wish));
  const ready = status.model.state === "ready";
  useEffect(() => {
    if (!ready) return undefined;
    let live = true;
    (async () => {
      try {
        const accounts = [];
        for (const one of picked) accounts.push(await post("api/account", { ...one.wish, against: info.against }));
        if (live) { setFound({ key, accounts }); setError(null); }
      } catch (fault) { if (live) setError(fault); }
    })();
    return () => { live = false; };
  }, [key, ready]);
  const toggle = (id) => (event) => change({
    compare: event.target.checked ? [...chosen, id].slice(0, 3) : chosen.filter((one) => one !== id),
  });
  const codes = info.parties.filter((p) => p.role === "party");
  const shown = found.key === key ? found.accounts : [];
  return html`<div class="compare"><section class="controls"><h2>${t("compare_pick")}</h2>
    <fieldset><legend class="small">${t("compare_rule")}</legend>${all.map((one) => html`<label class="check" key=${one.id}>
      <input type="checkbox" checked=${chosen.includes(one.id)} disabled=${!chosen.includes(one.id) && chosen.length >= 3} onChange=${toggle(one.id)} />
      <span>${one.label}</span></label>`)}</fieldset></section>
    <div class="results"><${Problem} error=${error} />
    ${!ready ? html`<p class="waiting">${t("model_warming_long")}</p>` : shown.length === 0 ? html`<p class="waiting">${picked.length ? "…" : t("compare_none")}</p>` : html`
      <${Settings} account=${shown[0]} />
      ${codes.map((party) => {
        // One line may carry other amounts in other packages: then each cell says its own.
        const ids = new Map();
        for (const account of shown) for (const line of account.parties[party.code].lines) ids.set(line.id, (ids.get(line.id) || new Set()).add(line.label));
        return html`<section key=${party.code}><h2>${party.name}</h2><div class="table"><table class="compared">
          <caption>${t("compare_caption", { name: party.name })}</caption>
          <thead><tr><th scope="col">${t("line")}</th>${picked.map((one) => html`<th scope="col" class="number" key=${one.id}>${one.label}</th>`)}</tr></thead>
          <tbody>${[...ids].map(([id, labels]) => html`<tr key=${id}><th scope="row">${labels.size === 1 ? [...labels][0] : id.replace(/-/g, " ")}</th>${shown.map((account, k) => {
            const line = account.parties[party.code].lines.find((l) => l.id === id);
            return html`<td class="number" key=${k}>${line ? html`<span class=${sign(line.value)}>${money(line.value)}</span>${labels.size > 1 ? html`<span class="small said">${line.label}</span>` : ""}` : html`<span class="muted">–</span>`}</td>`;
          })}</tr>`)}</tbody>
          <tfoot><tr><th scope="row">${t("net")}</th>${shown.map((account, k) => html`<td class="number" key=${k}><span class=${sign(account.parties[party.code].net)}>${money(account.parties[party.code].net)}</span></td>`)}</tr>
            <tr><th scope="row">${t("valued_on")}</th>${shown.map((account, k) => html`<td class="number small" key=${k}>${account.valued_on}</td>`)}</tr>
            <tr><th scope="row">${t("ratifiers")}</th>${shown.map((account, k) => html`<td class="number small" key=${k}>${account.accepted_by ? (account.accepted_by[party.code] ? t("ratifiers_accept") : t("ratifiers_refuse")) : "–"}</td>`)}</tr></tfoot>
        </table></div></section>`;
      })}
      <p class="settings">${t("central_values")}</p>`}
    </div></div>`;
}
