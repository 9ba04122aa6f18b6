// What the conversation looks like. Keeps one element for each entry and puts changes into it.
import { sendFeedback } from "./api.js";
import { byId, h, icon } from "./dom.js";
import { clock, day, t } from "./i18n.js";
import { render, unfinished } from "./markdown.js";
import { openPassage } from "./passage.js";

const nearEnd = 80;

export class View {
  #list = byId("messages");
  #scroll = byId("scroll");
  #elements = new Map();
  #chat = null;
  #typing = null;
  #day = "";
  #pending = new Set();
  #stick = true;

  /** Called with the conversation's id whenever it changes. */
  onconversation = () => {};
  onowner = () => {};
  onbusy = () => {};

  constructor() {
    this.#scroll.addEventListener("scroll", () => {
      this.#stick = this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight < nearEnd;
      byId("down").hidden = this.#stick;
    }, { passive: true });
    byId("down").addEventListener("click", () => this.toEnd(true));
    new ResizeObserver(() => this.#keep()).observe(this.#scroll);
    setInterval(() => this.#tick(), 1_000);
  }

  set chat(chat) { this.#chat = chat; }

  cleared() {
    this.#list.replaceChildren();
    this.#elements.clear();
    this.#typing = null;
    this.#day = "";
    this.#stick = true;
    byId("welcome").hidden = false;
    byId("announce").textContent = "";
    this.owner("OWNER_BOT", "", 0);
    this.onconversation(null);
  }

  added(entry) {
    byId("welcome").hidden = true;
    if (entry.time) this.#daybreak(entry.time);
    if (entry.author === "customer" || entry.author === "agent") for (const element of this.#list.querySelectorAll(".replies")) element.remove();
    if (entry.author === "customer") this.#stick = true;
    const element = h("li", { class: `entry ${entry.author ?? entry.kind}` });
    this.#elements.set(entry, element);
    this.#put(element);
    this.#draw(entry);
    if (entry.kind === "confirmation") for (const other of this.#elements.keys()) if (other.author === "bot" && other.turn === entry.asked) this.#draw(other);
    this.#keep();
  }

  // Many words may come between two frames.
  changed(entry) {
    if (this.#pending.size === 0) requestAnimationFrame(() => {
      const entries = [...this.#pending];
      this.#pending.clear();
      entries.forEach(e => this.#draw(e));
      this.#keep();
    });
    this.#pending.add(entry);
  }

  removed(entry) {
    this.#elements.get(entry)?.remove();
    this.#elements.delete(entry);
  }

  note(key, ...args) {
    this.#put(h("li", { class: "note" }, h("span", { dir: "auto" }, t(key, ...args))));
    this.#keep();
  }

  owner(owner, agent, position) { this.onowner(owner, agent, position); }

  conversation(id) { this.onconversation(id); }

  connected(yes) {
    const banner = byId("banner");
    banner.hidden = yes;
    banner.textContent = yes ? "" : t(navigator.onLine ? "reconnecting" : "offline");
  }

  /** An answer is being worked on: by us (`own`, which can be stopped) or elsewhere. */
  busy(yes, typing = false, own = true) {
    this.onbusy(yes && own);
    this.#typing?.remove();
    this.#typing = null;
    if (yes && typing) {
      this.#typing = h("li", { class: "entry bot typing" },
        this.#face("bot"),
        h("div", { class: "body" }, h("div", { class: "bubble" },
          h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
          h("span", { class: "what" }, `${t("bot")} ${t("typing")}`))));
      this.#list.append(this.#typing);
      this.#keep();
    }
  }

  looking(yes) {
    const what = this.#typing?.querySelector(".what");
    if (!what) return;
    what.textContent = yes ? `${t("looking")}…` : `${t("bot")} ${t("typing")}`;
    this.#typing.classList.toggle("looking", yes);
  }

  announce(message) {
    const plain = h("div", {}, render(message.text)).textContent;
    byId("announce").textContent = `${message.author === "agent" ? message.name || t("agent") : t("bot")}: ${plain}`;
    if (document.hidden) document.title = `● ${document.title.replace(/^● /, "")}`;
  }

  toEnd(smooth) {
    this.#stick = true;
    this.#scroll.scrollTo({ top: this.#scroll.scrollHeight, behavior: smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant" });
  }

  #keep() { if (this.#stick) this.toEnd(false); }

  #put(element) {
    if (this.#typing) this.#typing.before(element);
    else this.#list.append(element);
  }

  #daybreak(time) {
    const today = time.toDateString();
    if (today === this.#day) return;
    this.#day = today;
    this.#put(h("li", { class: "day" }, h("time", { datetime: time.toISOString() }, today === new Date().toDateString() ? t("today") : day(time))));
  }

  #draw(entry) {
    const element = this.#elements.get(entry);
    if (!element) return;
    if (entry.kind === "confirmation") this.#drawConfirmation(entry, element);
    else if (entry.author === "customer") this.#drawCustomer(entry, element);
    else this.#drawAnswer(entry, element);
  }

  #face(author) {
    return h("span", { class: `face ${author}`, "aria-hidden": "true" }, icon(author === "agent" ? "headset" : "leaf"));
  }

  #drawCustomer(entry, element) {
    element.classList.toggle("pending", entry.state === "sending");
    element.replaceChildren(h("div", { class: "body" },
      h("span", { class: "hidden" }, `${t("you")}: `),
      h("div", { class: "bubble", dir: "auto" }, entry.text),
      this.#trouble(entry)));
  }

  #trouble(entry) {
    if (entry.state === "stopped") return h("p", { class: "trouble quiet" }, t("stopped"), " ", this.#retry(entry));
    if (entry.state !== "failed" && !(entry.kind === "confirmation" && entry.problem)) return null;
    const { problem } = entry;
    const reason = problem?.message || (problem?.status === 0 ? t("unreachable") : t("genericError"));
    return h("p", { class: "trouble", role: "alert" }, icon("alert"), h("span", {}, `${t(entry.broken ? "broken" : "failed")} · ${reason}`), this.#retry(entry));
  }

  #retry(entry) {
    const button = h("button", { type: "button", class: "retry", onclick: () => this.#chat.retry(entry) }, icon("retry"), t("retry"));
    const wait = Math.ceil(entry.problem?.retryAfterSeconds ?? 0);
    if (wait > 1) {
      entry.retryAt ??= Date.now() + wait * 1_000;
      const left = Math.ceil((entry.retryAt - Date.now()) / 1_000);
      if (left > 0) {
        button.disabled = true;
        button.replaceChildren(t("retryIn", left));
        setTimeout(() => this.changed(entry), 1_000);
      }
    }
    return button;
  }

  #drawAnswer(entry, element) {
    if (this.#typing && !entry.final && entry.text) {
      this.#typing.remove();
      this.#typing = null;
    }
    const name = entry.author === "agent" ? entry.name || t("agent") : t("bot");
    const kind = entry.author === "agent" ? t("answeredByPerson") : t("answeredByBot");
    const citation = n => {
      const cited = entry.citations?.find(c => c.index === n);
      return cited ? h("button", { type: "button", class: "cite", "aria-label": t("citation", n, cited.title), onclick: () => openPassage(cited) }, String(n)) : null;
    };
    const card = this.#cardOf(entry);
    if (card) {
      // The card asks: below the words that lead to it, and instead of words that say the same.
      element.hidden = entry.text.trim() === card.summary.trim();
      if (element.nextElementSibling !== this.#elements.get(card)) element.after(this.#elements.get(card));
    }
    const focused = element.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const form = element.querySelector(".comment");
    element.classList.toggle("streaming", !entry.final);
    element.classList.toggle("broken", entry.broken === true);
    element.replaceChildren(
      this.#face(entry.author),
      h("div", { class: "body" },
        h("p", { class: "by" }, h("b", { dir: "auto" }, name), h("span", { class: `tag ${entry.author}` }, kind), h("time", { datetime: entry.time.toISOString() }, clock(entry.time))),
        h("div", { class: "bubble" }, render(entry.final && !entry.broken ? entry.text : unfinished(entry.text), citation)),
        this.#sources(entry),
        entry.author === "bot" && entry.final && !entry.broken ? this.#thumbs(entry) : null,
        form,
        card ? null : this.#replies(entry)));
    if (focused) element.querySelector(`[data-focus="${focused}"]`)?.focus();
  }

  #cardOf(message) {
    return message.author === "bot" && message.turn ? [...this.#elements.keys()].find(e => e.kind === "confirmation" && e.asked === message.turn) : undefined;
  }

  #sources(entry) {
    if (!entry.citations?.length || !entry.final) return null;
    const seen = new Map(entry.citations.map(c => [c.index, c]));
    return h("div", { class: "sources" }, h("span", { class: "sources-label" }, t("sources")),
      [...seen.values()].map(c => h("button", { type: "button", class: "source", onclick: () => openPassage(c) },
        h("span", { class: "number" }, String(c.index)), h("bdi", {}, c.title))));
  }

  #thumbs(entry) {
    const button = (rating, shape, label) => h("button", {
      type: "button", class: "thumb", "aria-label": t(label), title: t(label), "aria-pressed": String(entry.rating === rating), "data-focus": label,
      onclick: () => this.#rate(entry, rating),
    }, icon(shape));
    return h("div", { class: "thumbs" }, button(1, "up", "helpful"), button(-1, "thumbDown", "notHelpful"), entry.thanks ? h("span", { class: "thanks", role: "status" }, t("thanks")) : null);
  }

  async #rate(entry, rating, comment = "") {
    const before = entry.rating;
    const element = this.#elements.get(entry);
    element.querySelector(".comment")?.remove();
    entry.rating = rating;
    entry.thanks = rating === 1 || comment !== "";
    this.#draw(entry);
    try {
      await sendFeedback({ conversationId: this.#chat.conversation, messageId: entry.id, rating, comment });
      if (rating === -1 && comment === "") this.#askWhy(entry, element);
    } catch {
      entry.rating = before; // The thumb falls back: it was not heard.
      entry.thanks = false;
      this.#draw(entry);
    }
  }

  #askWhy(entry, element) {
    const text = h("input", { type: "text", maxlength: "1000", "aria-label": t("commentAsk"), placeholder: t("commentAsk"), dir: "auto" });
    const form = h("form", { class: "comment" }, text,
      h("button", { type: "submit", class: "small primary" }, t("commentSend")),
      h("button", { type: "button", class: "small", onclick: () => { form.remove(); entry.thanks = true; this.#draw(entry); } }, t("commentSkip")));
    form.addEventListener("submit", event => {
      event.preventDefault();
      const comment = text.value.trim();
      form.remove();
      if (comment) this.#rate(entry, -1, comment);
      else { entry.thanks = true; this.#draw(entry); }
    });
    element.querySelector(".thumbs")?.after(form);
    text.focus();
    this.#keep();
  }

  #replies(entry) {
    const last = [...this.#elements.keys()].filter(e => e.kind === "message").at(-1);
    if (!entry.final || !entry.replies?.length || last !== entry) return null;
    return h("ul", { class: "replies", "aria-label": t("replies") },
      entry.replies.map(r => h("li", {}, h("button", { type: "button", class: "chip", dir: "auto", onclick: () => this.#chat.say(r.message || r.title) }, r.title))));
  }

  #drawConfirmation(card, element) {
    const left = card.expiresAt ? card.expiresAt.getTime() - Date.now() : Infinity;
    if (card.state === "open" && left <= 0) card.state = "expired";
    const open = card.state === "open";
    const title = `confirm-${card.id}`;
    const focused = element.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const button = (approve, label) => h("button", {
      type: "button", class: approve ? "primary" : "", disabled: !open, "data-focus": label, onclick: () => this.#chat.answer(card, approve),
    }, t(label));
    const state = {
      open: () => (left === Infinity ? "" : t("expires", minutes(left))),
      sending: () => t("sending"),
      expired: () => t("expired"),
      stopped: () => t("stopped"),
      answered: () => t(card.approve ? "approved" : "denied"),
    }[card.state]();
    element.className = `entry confirmation ${card.state}${card.state === "answered" ? (card.approve ? " yes" : " no") : ""}`;
    element.replaceChildren(h("div", { class: "card", role: "group", "aria-labelledby": title },
      h("p", { class: "card-title", id: title }, icon("shield"), t("confirmTitle")),
      h("p", { class: "summary", dir: "auto" }, card.summary),
      this.#trouble(card),
      card.state === "answered" ? null : h("div", { class: "buttons" }, button(true, "confirm"), button(false, "cancel")),
      h("p", { class: "card-state", role: card.state === "open" ? null : "status" }, card.state === "answered" && card.approve ? icon("check") : null, state)));
    if (focused) element.querySelector(`[data-focus="${focused}"]:not(:disabled)`)?.focus();
  }

  // The only thing that changes by itself: the time that is left to confirm.
  #tick() {
    for (const [entry, element] of this.#elements) {
      if (entry.kind !== "confirmation" || entry.state !== "open" || !entry.expiresAt) continue;
      const left = entry.expiresAt.getTime() - Date.now();
      if (left <= 0) this.#draw(entry);
      else element.querySelector(".card-state").textContent = t("expires", minutes(left));
    }
  }

  /** Everything again, in another language. Notes keep the language in which they were written. */
  redraw() {
    for (const entry of this.#elements.keys()) this.#draw(entry);
    if (this.#typing) this.looking(this.#typing.classList.contains("looking"));
  }
}

function minutes(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
