// Puts the page together: session, composer, head, and the conversation between them.
import { openSession } from "./api.js";
import { Chat } from "./chat.js";
import { byId, h, icon } from "./dom.js";
import { language, locale, setLanguage, t } from "./i18n.js";
import { setUpSheet } from "./passage.js";
import { View } from "./view.js";

const view = new View();
const chat = new Chat(view);
view.chat = chat;
let session = null;
let refused = false;
let owner = ["OWNER_BOT", "", 0];

const text = byId("text");

function localise() {
  document.documentElement.lang = locale();
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
    if (element.tagName === "BUTTON") element.title = t(element.dataset.label);
  }
  text.placeholder = t("placeholder");
  byId("language").textContent = t("languageShort");
  byId("language").setAttribute("aria-label", `${t("languageShort")} – ${t("language")}`); // Who says the word on the button means the button.
  const shop = session?.shop[language()] ?? t("title");
  byId("shop").textContent = shop;
  document.title = session ? `${shop} · ${t("title")}` : t("title");
  byId("greeting").textContent = t("greeting", session?.customer?.name);
  byId("suggestions").setAttribute("aria-label", t("suggestionsLabel"));
  byId("suggestions").replaceChildren(...t("suggestions").map(([shape, title, message]) =>
    h("li", {}, h("button", { type: "button", class: "suggestion", onclick: () => chat.say(message) }, icon(shape), h("span", {}, title)))));
  if (session?.sample) samples();
  showOwner();
  showCount();
}

function samples() {
  byId("demo").hidden = false;
  const select = byId("sample");
  select.replaceChildren(
    h("option", { value: "" }, t("nobody")),
    ...session.sample.map(c => h("option", { value: c.id }, `${c.name} ${c.id}`)));
  select.value = session.customer?.id ?? "";
}

function showOwner() {
  const [who, agent, position] = owner;
  byId("status").dataset.owner = who;
  byId("status-text").textContent =
    who === "OWNER_AGENT" ? t("withAgent", agent) : who === "OWNER_WAITING" ? (position > 0 ? t("waitingAt", position) : t("waiting")) : t("online");
  byId("person").hidden = who === "OWNER_AGENT" || who === "OWNER_WAITING";
}

// The session's public id is kept beside the conversation: what another visitor left in this tab is not taken up.
const kept = () => JSON.parse(sessionStorage.getItem("chat") ?? "{}");
const keep = conversation => sessionStorage.setItem("chat", JSON.stringify({ session: session?.session, conversation }));

async function begin(request) {
  try {
    session = await openSession(request);
  } catch (error) {
    if (!request.customerToken) throw error;
    session = await openSession({});
    refused = true;
  }
  localise();
}

async function start() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token");
  if (token) history.replaceState(null, "", location.pathname + location.search); // Not for the address bar, nor for the history.
  for (let pause = 1_000; ; pause = Math.min(pause * 2, 30_000)) {
    try {
      await begin(token ? { customerToken: token } : {});
      break;
    } catch {
      view.connected(false);
      await new Promise(resolve => setTimeout(resolve, pause));
    }
  }
  view.connected(true);
  const { session: of, conversation } = kept();
  chat.open(of === session.session ? conversation ?? null : null);
  if (refused) view.note("tokenRefused");
  text.value = sessionStorage.getItem("draft") ?? "";
  grow();
  if (matchMedia("(pointer: fine)").matches) text.focus();
}

function submit() {
  const message = text.value.trim();
  if (message === "" || message.length > limit() || !session) return;
  text.value = "";
  grow();
  chat.say(message);
}

const limit = () => session?.messageCharacters ?? 4_000;

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  sessionStorage.setItem("draft", text.value);
  byId("send").disabled = text.value.trim() === "" || text.value.trim().length > limit();
  showCount();
}

function showCount() {
  const left = limit() - text.value.trim().length;
  const count = byId("count");
  count.hidden = left > 200;
  count.textContent = left < 0 ? t("tooLong", -left) : t("left", left);
  count.classList.toggle("over", left < 0);
  text.setAttribute("aria-invalid", String(left < 0));
}

view.onconversation = conversation => {
  if (session) keep(conversation);
  byId("fresh").hidden = !conversation;
};
view.onowner = (...now) => { owner = now; showOwner(); };
view.onbusy = busy => {
  byId("stop").hidden = !busy;
  byId("send").hidden = busy && text.value.trim() === "";
};

byId("form").addEventListener("submit", event => { event.preventDefault(); submit(); });
text.addEventListener("keydown", event => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return; // 229: Enter that ends a Chinese input.
  event.preventDefault();
  submit();
});
text.addEventListener("input", () => { grow(); if (text.value.trim()) byId("send").hidden = false; });
byId("stop").addEventListener("click", () => chat.stop());
byId("person").addEventListener("click", () => chat.say(t("personMessage")));
byId("fresh").addEventListener("click", () => { chat.open(null); text.focus(); });
byId("language").addEventListener("click", () => { setLanguage(language() === "zh" ? "en" : "zh"); localise(); view.redraw(); });
byId("sample").addEventListener("change", async event => {
  await begin({ sampleCustomer: event.target.value });
  chat.open(null);
});
byId("theme").addEventListener("click", () => {
  const dark = isDark();
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
  showTheme();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) document.title = document.title.replace(/^● /, ""); });

// iOS lays its keyboard over the page: only the visual viewport knows how much is left.
visualViewport?.addEventListener("resize", () => document.documentElement.style.setProperty("--height", `${visualViewport.height}px`));

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function showTheme() {
  byId("theme").replaceChildren(icon(isDark() ? "sun" : "moon"));
}

for (const element of document.querySelectorAll("[data-icon]")) element.append(icon(element.dataset.icon));
showTheme();
setUpSheet();
localise();
start();
