// The side sheet that shows where an answer comes from.
import { getPassage } from "./api.js";
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { render } from "./markdown.js";

let loading = null;

export async function openPassage(citation) {
  const sheet = byId("sheet");
  const body = byId("sheet-body");
  loading?.abort();
  const mine = (loading = new AbortController());
  head(citation.title, citation.headingPath ?? []);
  body.replaceChildren(h("p", { class: "quiet" }, t("loading")));
  if (!sheet.open) sheet.showModal();
  byId("sheet-close").focus();
  try {
    const found = await getPassage(citation.chunkId, citation.snapshotId, mine.signal);
    const { passage } = found;
    head(passage.title || citation.title, passage.headingPath ?? citation.headingPath ?? []);
    const mark = h("blockquote", { class: "passage" }, render(passage.text));
    body.replaceChildren(
      ...(found.outdated ? [h("p", { class: "outdated" }, t("outdated"))] : []),
      h("div", { class: "context" }, render(found.before ?? "")),
      mark,
      h("div", { class: "context" }, render(found.after ?? "")),
      h("p", { class: "quiet revision", dir: "auto" }, passage.revision ?? ""));
    highlight(mark, citation.excerpt ?? "");
    body.scrollTop = Math.max(0, mark.offsetTop - body.offsetTop - 48);
  } catch (error) {
    if (error.name === "AbortError") return;
    // What was cited is known in any case.
    body.replaceChildren(
      h("p", { class: "outdated", role: "alert" }, error.message || t("passageFailed")),
      h("blockquote", { class: "passage" }, render(citation.excerpt ?? "")));
  }
}

function head(title, path) {
  byId("sheet-title").textContent = title ?? "";
  byId("sheet-path").replaceChildren(...path.map(step => h("bdi", {}, step)));
}

// Marks the cited words where they stand in one piece of text.
function highlight(root, excerpt) {
  const words = excerpt.trim();
  if (words === "") return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const cited = node.splitText(at);
    cited.splitText(words.length);
    const mark = h("mark");
    cited.replaceWith(mark);
    mark.append(cited);
    return;
  }
}

export function setUpSheet() {
  const sheet = byId("sheet");
  byId("sheet-close").addEventListener("click", () => sheet.close());
  sheet.addEventListener("click", event => { if (event.target === sheet) sheet.close(); });
  sheet.addEventListener("close", () => loading?.abort());
}
