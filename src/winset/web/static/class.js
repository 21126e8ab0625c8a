// Class mode: the door, the team's table, the teacher's desk. The server decides what is shown; this only draws it.
import { render } from "/static/vendor/preact.mjs";
import { useCallback, useEffect, useMemo, useRef, useState } from "/static/vendor/preact-hooks.mjs";
import { html, say, loadWords, number, plainNumber, minutes, useClock, teamOf, Mark, Team, Slider, Careful, Account, Conditions } from "/static/class-parts.js";
import { Debrief } from "/static/class-chart.js";

const KEPT = "winset-class-token";

class Refused extends Error {
  constructor(status, told) {
    super(told.what);
    this.status = status;
    this.told = told;
  }
}

async function ask(path, { body, token, signal, raw } = {}) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(`/class/api/${path}`, {
    method: body === undefined ? "GET" : "POST", headers, signal, cache: "no-store", credentials: "omit",
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.ok) return raw ? answer.blob() : answer.json();
  const told = await answer.json().then((data) => data.error).catch(() => ({ what: `${answer.status}`, remedy: "" }));
  throw new Refused(answer.status, told);
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const told = (error) => (error instanceof Refused ? [error.told.what, error.told.remedy].filter(Boolean).join(". ") : say("lost"));

// A token in the fragment (the teacher's) never reaches the server in an address, and goes from the bar at once.
function firstToken() {
  const given = /^#teacher=([\w-]+)$/.exec(location.hash);
  if (given) {
    sessionStorage.setItem(KEPT, given[1]);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEPT);
}

function Room() {
  const [token, hold] = useState(firstToken);
  const [state, see] = useState(null);
  const [lost, lose] = useState(false);
  const [fault, blame] = useState("");
  const leave = useCallback(() => { sessionStorage.removeItem(KEPT); see(null); hold(null); }, []);
  // An answer to a move may overtake the one that was being waited for.
  const take = useCallback((next) => see((old) => (old && next.version < old.version && next.play === old.play ? old : { ...old, ...next })), []);

  useEffect(() => {
    if (!token) return undefined;
    const stop = new AbortController();
    let held = new AbortController();
    // A question that is held open does not notice that the network went away.
    const away = () => lose(true);
    const back = () => held.abort();
    stop.signal.addEventListener("abort", back);
    window.addEventListener("offline", away);
    window.addEventListener("online", back);
    (async () => {
      let since = null, mapped = false, pause = 500;
      while (!stop.signal.aborted) {
        held = new AbortController();
        try {
          const next = await ask(since === null ? "state" : `state?since=${since}&mapped=${mapped ? 1 : 0}`, { token, signal: held.signal });
          since = next.version;
          mapped = next.map_ready;
          pause = 500;
          lose(false);
          take(next);
        } catch (error) {
          if (stop.signal.aborted) return;
          if (held.signal.aborted) { since = null; continue; }
          if (error instanceof Refused && (error.status === 401 || error.status === 403)) { blame(told(error)); leave(); return; }
          lose(true);
          await wait(pause);
          pause = Math.min(5000, pause * 2);
        }
      }
    })();
    return () => {
      stop.abort();
      window.removeEventListener("offline", away);
      window.removeEventListener("online", back);
    };
  }, [token]);

  const act = useCallback(async (path, body) => {
    blame("");
    try {
      take(await ask(path, { body, token }));
      return true;
    } catch (error) {
      blame(told(error));
      return false;
    }
  }, [token]);

  if (!token) return html`<${Door} fault=${fault} enter=${(given) => { sessionStorage.setItem(KEPT, given); blame(""); hold(given); }} />`;
  if (!state) return html`<p class="plain" role="status">${lost ? say("lost") : "…"}</p>`;
  const common = { state, token, act, fault, lost, leave };
  return state.me.role === "teacher" ? html`<${Desk} ...${common} />` : html`<${Table} ...${common} />`;
}

function Door({ enter, fault }) {
  const [about, tell] = useState(null);
  const [wrong, say_wrong] = useState(fault);
  const [busy, hold] = useState(false);
  useEffect(() => { ask("about").then(tell).catch(() => {}); }, []);
  const come = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    hold(true);
    try {
      enter((await ask("join", { body: { code: form.get("code"), name: form.get("name") } })).token);
    } catch (error) {
      say_wrong(told(error));
      hold(false);
    }
  };
  return html`<main class="door"><h1>${about ? about.title : say("join")}</h1>
    ${about && html`<p class="quiet">${about.teams.join(" · ")}</p>`}
    <form onSubmit=${come}>
      <label for="code">${say("code")}</label>
      <input id="code" name="code" class="code" required maxlength="12" autocomplete="off" autocapitalize="characters" spellcheck=${false} aria-describedby="code-hint" />
      <p class="quiet" id="code-hint">${say("code_hint")}</p>
      <label for="name">${say("name")}</label>
      <input id="name" name="name" required maxlength="40" autocomplete="off" />
      <p role="alert" class="fault">${wrong}</p>
      <button class="first" disabled=${busy}>${say("enter")}</button>
    </form><${Language} /></main>`;
}

function Language() {
  const other = () => {
    const query = new URLSearchParams(location.search);
    query.set("lang", say("language_code"));
    location.search = query.toString();
  };
  return html`<p><button type="button" class="link" lang=${say("language_code")} onClick=${other}>${say("language")}</button></p>`;
}

function Head({ state, lost, fault, leave, who }) {
  const clock = useClock(state.clock);
  const on = state.phase === "talks";
  const stands = on && !state.clock.running;
  const status = stands ? say(state.clock.stopped_by === "restart" ? "paused_restart" : "paused") : say(state.phase);
  const low = on && state.clock.running && [clock.round, clock.total].some((left) => left !== null && left < 30);
  return html`<header class="head"><div class="titles"><h1>${state.title}</h1><p class="quiet">${who}
      <button type="button" class="link" onClick=${leave}>${say("leave")}</button></p></div>
    <div class=${`clocks ${low ? "low" : ""}`} aria-label=${say("clocks")} role="group">
      <p class="status" role="status">${status}${on && html` · ${say("round", { n: state.round, of: state.rules.rounds })}`}</p>
      ${on && html`<dl><div><dt>${say("left_round")}</dt><dd class="digits" role="timer">${clock.round === null ? say("no_clock") : minutes(clock.round)}</dd></div>
        <div><dt>${say("left_total")}</dt><dd class="digits" role="timer">${clock.total === null ? say("no_clock") : minutes(clock.total)}</dd></div></dl>`}
    </div>
    ${lost && html`<p class="fault" role="alert">${say("lost")}</p>`}
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}</header>`;
}

// Own accounts of packages, looked up by what they hold; the newest question replaces an older one still on its way.
function useAccount(levers, token, team, active) {
  const key = JSON.stringify(levers);
  const [found, keep] = useState(null);
  const [fault, blame] = useState("");
  const running = useRef(null);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(async () => {
      if (running.current) running.current.abort();
      const stop = new AbortController();
      running.current = stop;
      for (let again = 0; again < 4; again += 1) {
        try {
          const answer = await ask("account", { body: { levers }, token, signal: stop.signal });
          keep({ key, account: answer.accounts[team] });
          blame("");
          return;
        } catch (error) {
          if (stop.signal.aborted) return;
          // 409: this person asked for something newer from another window; 429: too fast.
          if (!(error instanceof Refused) || ![409, 429].includes(error.status)) { blame(told(error)); return; }
          await wait(400 * (again + 1));
        }
      }
    }, 90);
    return () => clearTimeout(timer);
  }, [key, token, team, active]);
  return { account: found && found.account, fresh: Boolean(found && found.key === key), fault };
}

function Table({ state, token, act, fault, lost, leave }) {
  const { me } = state;
  const team = me.team;
  const start = useMemo(() => Object.fromEntries(state.levers.map((one) => [one.id, one.value])), []);
  const [levers, move] = useState(start);
  const [message, write] = useState("");
  const [counter, answerTo] = useState(null);
  const own = useAccount(levers, token, team, Boolean(team));
  const on = state.phase === "talks" && state.clock.running;
  const open = state.offers.filter((one) => one.standing === "open");
  const answering = counter !== null && open.some((one) => one.id === counter);
  useEffect(() => { if (counter !== null && !answering) answerTo(null); }, [answering, counter]);
  const may = on && me.speaks && (answering || state.rules.turns === "free" || (state.mover === team && !open.length));
  const send = async () => {
    const body = { levers, message, ...(answering ? { counter_to: counter } : {}) };
    if (await act("offer", body)) { write(""); answerTo(null); }
  };
  const load = (offer, reply) => {
    move({ ...offer.levers });
    answerTo(reply ? offer.id : null);
    document.getElementById("builder").focus();
  };
  const turn = state.phase !== "talks" ? "" : state.mover === null ? say("free_move")
    : state.mover === team ? say("your_move") : say("move_of", { team: teamOf(state, state.mover).name });
  const broken = own.account ? own.account.met.filter((one) => !one.met).length : 0;
  const spoken = own.account && own.fresh
    ? `${say("net")} ${number(own.account.net, { sign: true })} ${say("value")}. ${broken ? say("some_broken", { n: broken }) : say("all_met")}` : "";
  const who = say("you_are", { name: me.name, team: team ? teamOf(state, team).name : say("observer") });
  return html`<a class="skip" href="#builder">${say("skip")}</a>
    <${Head} state=${state} lost=${lost} fault=${fault} leave=${leave} who=${who} />
    <main class="table">
      ${state.phase === "debrief" && html`<${Cards} state=${state} token=${token} />`}
      <div class="side">
        <${Ending} state=${state} />
        ${turn && html`<p class=${`turn ${state.mover === team && team ? "mine" : ""}`} role="status">${turn}</p>`}
        ${team ? html`<${Mates} state=${state} act=${act} />` : html`<p class="quiet">${say("observer_note")}</p>`}
        <section aria-labelledby="offers-head"><h2 id="offers-head">${say("offers")}</h2>
          ${!state.offers.length && html`<p class="quiet">${say("none_yet")}</p>`}
          <ol class="offers" reversed>${[...state.offers].reverse().map((one) => html`<${Offer} key=${`${state.play}-${one.id}`} offer=${one} state=${state} token=${token}
            act=${act} load=${load} may=${on && me.speaks} />`)}</ol></section>
      </div>
      <section class="builder" aria-labelledby="builder"><h2 id="builder" tabindex="-1">${say("builder")}</h2>
        ${state.levers.map((one) => html`<${Slider} key=${one.id} lever=${one} value=${levers[one.id]} set=${(value) => move((old) => ({ ...old, [one.id]: value }))} />`)}
        <p><button type="button" class="link" onClick=${() => { move(start); answerTo(null); }}>${say("start_at")}</button></p>
        ${team && html`<label for="message">${say("message")}</label>
          <textarea id="message" rows="2" maxlength="500" value=${message} onInput=${(e) => write(e.target.value)}></textarea>
          <p class="buttons"><button type="button" class="first" disabled=${!may} onClick=${send}>${answering ? say("send_counter", { n: counter }) : say("make")}</button>
          ${answering && html`<button type="button" onClick=${() => answerTo(null)}>${say("cancel")}</button>`}</p>
          <p class="live" aria-hidden="true">${say("to_you")}: <strong class="digits">${own.account ? number(own.account.net, { sign: true }) : "…"}</strong>
            ${own.account && html`<span class=${broken ? "verdict broken" : "verdict met"}>${broken ? `✗ ${say("some_broken", { n: broken })}` : `✓ ${say("all_met")}`}</span>`}</p>`}
      </section>
      ${team && html`<section class="own" aria-labelledby="own-head"><h2 id="own-head">${say("account")}</h2>
        <p class=${`net digits ${own.fresh ? "" : "stale"}`}>${own.account ? number(own.account.net, { sign: true }) : "–"} <span class="quiet">${say("value")}, ${say("over")}</span></p>
        <p class="unseen" role="status" aria-live="polite"><${Later} text=${spoken} /></p>
        ${own.fault && html`<p class="fault" role="alert">${own.fault}</p>`}
        ${!own.account && !own.fault && html`<p class="quiet">${say("computing")}…</p>`}
        ${own.account && html`<${Account} account=${own.account} caption=${say("account")} />`}
        <h3>${say("conditions")}</h3>
        <${Conditions} conditions=${state.conditions[team] || []} met=${own.account && own.account.met} />
        <p class="quiet small">${say("no_deal", { what: state.no_deal })}<br />${say("basis")}: ${state.unit}</p></section>`}
    </main><footer><${Language} /></footer>`;
}

// Spoken once the sliders rest, not at every step of them.
function Later({ text }) {
  const [said, speak] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => speak(text), 700);
    return () => clearTimeout(timer);
  }, [text]);
  return said;
}

function Ending({ state }) {
  if (!state.outcome || state.phase === "debrief") return null;
  return html`<p class="outcome" role="status">${say(`end_${state.outcome.why}`, { n: state.outcome.offer })}</p>`;
}

function Mates({ state, act }) {
  const mates = state.mates || [];
  const speaker = mates.find((one) => one.speaks);
  const line = state.me.speaks ? say("speaks") : speaker ? say("other_speaks", { name: speaker.name }) : say("nobody_speaks");
  return html`<section class="mates" aria-label=${say("team_people")}><p><span class="team"><${Mark} index=${teamOf(state, state.me.team).index} /></span>${line}
    ${!state.me.speaks && html` <button type="button" onClick=${() => act("speak", {})}>${say("take_over")}</button>`}</p>
    <p class="quiet small">${mates.map((one) => one.name).join(", ")}</p></section>`;
}

function Offer({ offer, state, token, act, load, may }) {
  const { me } = state;
  const team = me.team;
  const worth = useAccount(offer.levers, token, team, Boolean(team) && state.phase !== "lobby");
  const [signing, sign] = useState(false);
  const open = offer.standing === "open";
  const mine = offer.by === team;
  const answered = team && offer.answers[team];
  const broken = worth.account ? worth.account.met.filter((one) => !one.met) : [];
  const others = state.teams.map((one) => one.code).filter((code) => code !== offer.by);
  const moved = state.levers.filter((one) => offer.levers[one.id] !== one.value);
  const reply = open && team && !mine && !answered;
  const last = state.rules.turns === "alternate" && state.round >= state.rules.rounds;
  return html`<li class=${`offer ${offer.standing}`} value=${offer.id}><h3>${say("offer_n", { n: offer.id })} <span class=${`tag ${offer.standing}`}>${say(offer.standing)}</span></h3>
    <p class="quiet"><${Team} state=${state} code=${offer.by} />, ${say("round", { n: offer.round, of: state.rules.rounds })} · ${minutes(offer.at)} · ${offer.member}
      ${offer.counter_to !== null && html` · ${say("counter_to", { n: offer.counter_to })}`}</p>
    ${offer.message && html`<blockquote dir="auto">${offer.message}</blockquote>`}
    <dl class="terms">${(moved.length ? moved : state.levers).map((one) => html`<div key=${one.id}><dt>${one.label}</dt><dd class="digits">${plainNumber(offer.levers[one.id])} <span class="quiet">${one.unit}</span></dd></div>`)}</dl>
    ${team && html`<p class="worth">${say("to_you")}: <strong class="digits">${worth.account ? number(worth.account.net, { sign: true }) : "…"}</strong>
      ${worth.account && html`<span class=${broken.length ? "verdict broken" : "verdict met"}>${broken.length ? `✗ ${say("some_broken", { n: broken.length })}` : `✓ ${say("all_met")}`}</span>`}</p>`}
    ${open && html`<p class="quiet small">${others.map((code) => say(offer.answers[code] ? `said_${offer.answers[code]}` : "waits", { team: teamOf(state, code).name })).join(" · ")}</p>`}
    <p class="buttons">
      ${reply && (broken.length && signing
        ? html`<span role="alert">${say("sure")}</span><button type="button" class="danger" disabled=${!may} onClick=${() => act("answer", { offer: offer.id, answer: "accept" })}>${say("sign")}</button>
          <button type="button" onClick=${() => sign(false)}>${say("cancel")}</button>`
        : html`<button type="button" class="first" disabled=${!may || !worth.account} onClick=${() => (broken.length ? sign(true) : act("answer", { offer: offer.id, answer: "accept" }))}>${say("accept")}</button>
          ${!last && html`<button type="button" disabled=${!may} onClick=${() => load(offer, true)}>${say("counter")}</button>`}
          <${Careful} disabled=${!may} act=${() => act("answer", { offer: offer.id, answer: "refuse" })}>${say("refuse")}<//>`)}
      ${open && mine && team && html`<${Careful} disabled=${!may} act=${() => act("withdraw", { offer: offer.id })}>${say("withdraw")}<//>`}
      <button type="button" class="link" onClick=${() => load(offer, false)}>${say("load")}</button></p></li>`;
}

function Cards({ state, token }) {
  const [cards, see] = useState(null);
  const [fault, blame] = useState("");
  useEffect(() => {
    const stop = new AbortController();
    ask("debrief", { token, signal: stop.signal }).then((data) => { see(data); blame(""); }).catch((error) => { if (!stop.signal.aborted) blame(told(error)); });
    return () => stop.abort();
  }, [token, state.version, state.map_ready]);
  if (fault) return html`<p class="fault" role="alert">${fault}</p>`;
  return cards ? html`<${Debrief} state=${state} debrief=${cards} />` : html`<p role="status">${say("computing")}…</p>`;
}

function Desk({ state, token, act, fault, lost, leave }) {
  const go = (action, more = {}) => act("teacher/act", { action, ...more });
  const save = async (form) => {
    const blob = await ask(`teacher/moves.${form}`, { token, raw: true });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${state.case}-moves.${form}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const talks = state.phase === "talks";
  const entries = [...state.teams.map((one) => [one.code, one.name]), ["observer", say("observer")]];
  return html`<a class="skip" href="#controls">${say("skip")}</a>
    <${Head} state=${state} lost=${lost} fault=${fault} leave=${leave} who=${say("teacher")} />
    <main class="desk">
      ${state.phase === "debrief" && html`<${Cards} state=${state} token=${token} />`}
      <section aria-labelledby="controls"><h2 id="controls" tabindex="-1">${say("controls")}</h2>
        <${Ending} state=${state} />
        <p class="buttons">
          ${state.phase === "lobby" && html`<button type="button" class="first" onClick=${() => go("begin")}>${say("begin")}</button>`}
          ${talks && (state.clock.running ? html`<button type="button" class="first" onClick=${() => go("pause")}>${say("pause")}</button>` : html`<button type="button" class="first" onClick=${() => go("resume")}>${say("resume")}</button>`)}
          ${talks && html`<button type="button" disabled=${state.clock.round_left === null} onClick=${() => go("extend", { what: "round", seconds: 60 })}>${say("plus_round")}</button>
            <button type="button" disabled=${state.clock.total_left === null} onClick=${() => go("extend", { what: "talks", seconds: 300 })}>${say("plus_talks")}</button>
            <button type="button" onClick=${() => go("advance")}>${say("advance")}</button>
            <${Careful} act=${() => go("end")}>${say("end")}<//>`}
          ${(talks || state.phase === "ended") && html`<${Careful} kind=${talks ? "" : "first"} act=${() => go("debrief")}>${say("open_debrief")}<//>`}
          <${Careful} act=${() => go("reset")}>${say("reset")}<//>
          <${Careful} act=${() => go("reset", { out: true })}>${say("reset_out")}<//></p>
        <p class="buttons">${say("export")} <button type="button" onClick=${() => save("csv")}>CSV</button><button type="button" onClick=${() => save("json")}>JSON</button></p>
        ${state.phase === "lobby" && html`<${RulesForm} rules=${state.rules} set=${(rules) => go("rules", { rules })} />`}</section>
      <section aria-labelledby="codes-head"><h2 id="codes-head">${say("codes")}</h2>
        <p>${say("students_open")} <strong class="address">${state.where}</strong></p>
        <dl class="codes">${entries.map(([code, name], k) => html`<div key=${code}><dt>${k < state.teams.length && html`<${Mark} index=${k} />`}${name}</dt><dd class="code">${state.codes[code].slice(0, 3)}‑${state.codes[code].slice(3)}</dd></div>`)}</dl>
        <h3>${say("people")} <span class="quiet digits">${state.members.length}</span></h3>
        ${!state.members.length && html`<p class="quiet">${say("nobody")}</p>`}
        ${entries.map(([code, name]) => {
          const people = state.members.filter((one) => (one.team || "observer") === code);
          return people.length ? html`<div key=${code}><h4>${name}</h4><ul class="people">${people.map((one) => html`<li key=${one.id}><span>${one.name}${one.speaks ? ` · ${say("make_speaker")}` : ""}</span>
            <span class="buttons">${one.team && !one.speaks && html`<button type="button" aria-label=${`${say("make_speaker")}: ${one.name}`} onClick=${() => go("speaker", { member: one.id })}>${say("make_speaker")}</button>`}
            <${Careful} act=${() => go("remove", { member: one.id })}>${say("remove")}<//></span></li>`)}</ul></div>` : null;
        })}</section>
      <section aria-labelledby="log-head"><h2 id="log-head">${say("log")}</h2>
        ${!state.offers.length && html`<p class="quiet">${say("none_yet")}</p>`}
        <ol class="offers" reversed>${[...state.offers].reverse().map((one) => html`<${Seen} key=${`${state.play}-${one.id}`} offer=${one} state=${state} token=${token} />`)}</ol></section>
    </main><footer><${Language} /></footer>`;
}

// An offer as the teacher sees it: worth to every team.
function Seen({ offer, state, token }) {
  const [accounts, keep] = useState(null);
  useEffect(() => {
    let on = true;
    (async () => {
      for (let k = 0; on && k < 20; k += 1) {
        try {
          const answer = await ask("account", { body: { levers: offer.levers }, token });
          if (on) keep(answer.accounts);
          return;
        } catch (error) {
          // Several offers at once: the newest question goes first, the others ask again.
          await wait(200 + 150 * k);
        }
      }
    })();
    return () => { on = false; };
  }, []);
  return html`<li class=${`offer ${offer.standing}`} value=${offer.id}><h3>${say("offer_n", { n: offer.id })} <span class=${`tag ${offer.standing}`}>${say(offer.standing)}</span></h3>
    <p class="quiet"><${Team} state=${state} code=${offer.by} />, ${say("round", { n: offer.round, of: state.rules.rounds })} · ${minutes(offer.at)} · ${offer.member}</p>
    ${offer.message && html`<blockquote dir="auto">${offer.message}</blockquote>`}
    <dl class="terms">${state.levers.filter((one) => offer.levers[one.id] !== one.value).map((one) => html`<div key=${one.id}><dt>${one.label}</dt><dd class="digits">${plainNumber(offer.levers[one.id])} <span class="quiet">${one.unit}</span></dd></div>`)}
      ${state.teams.map((one) => html`<div key=${one.code}><dt>${say("gain_of", { team: one.name })}</dt><dd class="digits">${accounts ? number(accounts[one.code].net, { sign: true }) : "…"}
        ${accounts && (accounts[one.code].met.every((m) => m.met) ? " ✓" : " ✗")}</dd></div>`)}</dl>
    <p class="quiet small">${Object.entries(offer.answers).map(([code, said]) => say(`said_${said}`, { team: teamOf(state, code).name })).join(" · ")}</p></li>`;
}

function RulesForm({ rules, set }) {
  const save = (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    const total = 60 * Number(form.get("minutes")), rounds = Number(form.get("rounds"));
    set({ turns: form.get("turns"), rounds, total_seconds: total, round_seconds: Math.min(7200, Math.max(5, total / rounds)) });
  };
  return html`<form class="rules" onSubmit=${save}><h3>${say("rules")}</h3>
    <label class="inline">${say("rounds")} <input name="rounds" type="number" min="1" max="50" value=${rules.rounds} required /></label>
    <label class="inline">${say("minutes")} <input name="minutes" type="number" min="1" max="1440" step="any" value=${rules.total_seconds === null ? 30 : rules.total_seconds / 60} required /></label>
    <label class="inline">${say("turns")} <select name="turns"><option value="alternate" selected=${rules.turns === "alternate"}>${say("alternate")}</option>
      <option value="free" selected=${rules.turns === "free"}>${say("free")}</option></select></label>
    <button>${say("set_rules")}</button></form>`;
}

loadWords().then(() => {
  const room = document.getElementById("room");
  room.replaceChildren();
  render(html`<${Room} />`, room);
});
