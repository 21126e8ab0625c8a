// The page: loads the case, keeps the state in the address, shows one view at a time.
import {
  Problem, get, html, lang, loadWords, mayWrite, otherLanguage, readState, render, t, useEffect, useState, writeState,
} from "./core.js";
import { Builder } from "./builder.js";
import { Compare } from "./compare.js";
import { Contradictions, Play } from "./play.js";
import { Review } from "./review.js";

const VIEWS = ["package", "compare", "play", "contradictions", "review"];

// Points of the bargain carry their levers under "terms".
const shaped = (bargain) => ({ ...bargain, points: bargain.points.map((p) => ({ ...p, levers: p.terms })) });

function Status({ status }) {
  const { model, bargain } = status;
  const bar = bargain.state !== "computing" ? "" : bargain.total ? t("bargain_computing", bargain) : t("bargain_starting");
  const told = model.state === "failed" ? t("model_failed", { why: model.why })
    : model.state !== "ready" ? t("model_warming")
    : bar || t("model_ready");
  const done = model.state !== "ready" ? 0 : bargain.state === "computing" ? bargain.done / (bargain.total || 1) : 1;
  return html`<p class=${`status ${model.state === "failed" ? "failed" : ""}`} role="status"><svg viewBox="0 0 40 6" aria-hidden="true" class="meter">
    <rect width="40" height="6" rx="3" class="meter-back" /><rect width=${40 * Math.max(0.06, done)} height="6" rx="3" class="meter-done" /></svg>${told}</p>`;
}

function App({ info }) {
  const [state, setState] = useState(() => {
    const found = readState();
    return { ...found, view: VIEWS.includes(found.view) ? found.view : "package" };
  });
  const [status, setStatus] = useState({
    model: { state: "waiting", why: "" }, bargain: { state: "waiting", done: 0, total: 0 },
  });
  const [shared, setShared] = useState(info);
  const [bargain, setBargain] = useState(null);
  const [gone, setGone] = useState(null);
  const change = (part) => setState((old) => ({ ...old, ...part }));
  useEffect(() => writeState(state), [state]);
  useEffect(() => {
    const moved = () => {
      const found = readState();
      setState((old) => ({ ...old, ...found, view: VIEWS.includes(found.view) ? found.view : old.view }));
    };
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  useEffect(() => {
    let timer, live = true;
    const look = async () => {
      let wait = 700;
      try {
        const found = await get("api/status");
        if (!live) return;
        setStatus(found);
        setGone(null);
        if (found.bargain.state === "ready" || found.bargain.state === "failed" || found.model.state === "failed") {
          if (found.bargain.state === "ready") setBargain(shaped(await get("api/bargain")));
          return;
        }
      } catch (error) {
        wait = 3000;
        setGone(error);
      }
      timer = setTimeout(look, wait);
    };
    look();
    return () => { live = false; clearTimeout(timer); };
  }, []);
  const again = async () => setShared(await get("api/case"));
  const parts = { info: shared, state, change, status, bargain, again };
  return html`
    <a class="skip" href="#main" onClick=${(e) => { e.preventDefault(); document.getElementById("main").focus(); }}>${t("skip")}</a>
    <header class="top">
      <div class="brand"><img src="static/icon.svg" alt="" width="26" height="26" /><span>Winset</span></div>
      <div class="title"><h1>${shared.title}</h1></div>
      <${Status} status=${status} />
      <a class="lang" href=${otherLanguage()} hreflang=${lang === "ko" ? "en" : "ko"}>${lang === "ko" ? "English" : "한국어"}</a>
    </header>
    <nav class="views" aria-label=${t("views")}>
      ${VIEWS.map((view) => html`<button type="button" key=${view} aria-current=${state.view === view ? "page" : null}
        onClick=${() => change({ view })}>${t(`view_${view}`)}</button>`)}
    </nav>
    <main id="main" tabindex="-1">
      <${Problem} error=${gone} />
      ${!mayWrite() && html`<p class="note">${t("read_only")}</p>`}
      ${state.view === "package" && html`<${Builder} ...${parts} />`}
      ${state.view === "compare" && html`<${Compare} ...${parts} />`}
      ${state.view === "play" && html`<${Play} ...${parts} />`}
      ${state.view === "contradictions" && html`<${Contradictions} ...${parts} />`}
      ${state.view === "review" && html`<${Review} ...${parts} />`}
    </main>
    <footer>
      <details><summary>${t("leaves_out")}</summary><ul>${shared.leaves_out.map((line) => html`<li key=${line}>${line}</li>`)}</ul></details>
      <p class="muted">${t("footer", { run: status.manifest || shared.manifest, version: shared.winset })}</p>
    </footer>`;
}

const root = document.getElementById("app");
try {
  const [info] = await Promise.all([get("api/case"), loadWords()]);
  document.title = `${info.title} · Winset`;
  root.textContent = "";
  render(html`<${App} info=${info} />`, root);
  root.dataset.ready = "yes";
} catch (error) {
  root.textContent = error.message;
}
