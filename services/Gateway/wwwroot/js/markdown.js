// The little Markdown that answers use (paragraphs, headings, lists, tables, bold, code, links), straight into elements. Anything else stays the text it is.
import { h } from "./dom.js";

const bullet = /^\s{0,6}[-*•]\s+(.*)$/;
const numbered = /^\s{0,6}(\d{1,3})[.)、]\s*(.*)$/;
const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/;
const tableRow = /^\s*\|(.*)\|\s*$/;
const tableRule = /^\s*\|?(\s*:?-{1,}:?\s*\|)+\s*:?-*:?\s*\|?\s*$/;
const inline = /\*\*([^*\n]+)\*\*|(?<![*\w])\*([^*\s][^*\n]*)\*(?![*\w])|`([^`\n]+)`|\[([^\]\n]{1,200})\]\((https?:\/\/[^\s()]{1,500})\)|\[(\d{1,2})\](?!\()|(https?:\/\/[^\s<>"'，。；！？、（）【】」》]{1,500})/g;

/**
 * Elements for the text. `citation(number)` gives what stands for "[1]", or null to leave it as text.
 */
export function render(text, citation = () => null) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const out = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length === 0) return;
    const children = [];
    paragraph.forEach((line, i) => {
      if (i > 0) children.push(h("br"));
      children.push(...spans(line, citation));
    });
    out.push(h("p", { dir: "auto" }, children));
    paragraph = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    let match;
    if (line.trim() === "") {
      flush();
    } else if ((match = heading.exec(line))) {
      flush();
      out.push(h("p", { class: "heading", dir: "auto" }, spans(match[2], citation)));
    } else if (tableRow.test(line) && i + 1 < lines.length && tableRule.test(lines[i + 1])) {
      flush();
      const rows = [];
      const head = cells(line);
      for (i += 2; i < lines.length && tableRow.test(lines[i]); i++) rows.push(cells(lines[i]));
      i--;
      out.push(table(head, rows, citation));
    } else if (isPlainRow(line) && i + 1 < lines.length && isPlainRow(lines[i + 1])) {
      // How the text of a document shows a table: cells between bars, without a frame.
      flush();
      const head = plainCells(line);
      const rows = [];
      for (i++; i < lines.length && isPlainRow(lines[i]); i++) rows.push(plainCells(lines[i]));
      i--;
      out.push(table(head, rows, citation));
    } else if (bullet.test(line) || numbered.test(line)) {
      flush();
      const ordered = !bullet.test(line);
      const form = ordered ? numbered : bullet;
      const items = [];
      const start = ordered ? Number(numbered.exec(line)[1]) : 1;
      for (; i < lines.length && (match = form.exec(lines[i])); i++) items.push(h("li", { dir: "auto" }, spans(match[match.length - 1], citation)));
      i--;
      out.push(h(ordered ? "ol" : "ul", ordered && start !== 1 ? { start } : {}, items));
    } else {
      paragraph.push(line);
    }
  }
  flush();
  return out;
}

/** Text that is still being written, without the marks whose other half has not come yet. */
export function unfinished(text) {
  const line = text.slice(text.lastIndexOf("\n") + 1);
  const whole = text.replace(/(\[\d{0,2}|\*{1,2}|`)$/, "");
  return (line.match(/\*\*/g)?.length ?? 0) % 2 === 1 && !text.endsWith("**") ? `${whole}**` : whole;
}

function spans(text, citation) {
  const out = [];
  let end = 0;
  for (const match of text.matchAll(inline)) {
    const [whole, bold, emphasis, code, label, target, number, address] = match;
    let element = null;
    if (bold !== undefined) element = h("strong", {}, bold.includes("[") ? spans(bold, citation) : bold);
    else if (emphasis !== undefined) element = h("em", {}, emphasis);
    else if (code !== undefined) element = h("code", {}, code);
    else if (target !== undefined) element = link(target, label);
    else if (number !== undefined) element = citation(Number(number));
    else if (address !== undefined) element = link(address, address);
    if (element === null) continue;
    if (match.index > end) out.push(text.slice(end, match.index));
    out.push(element);
    end = match.index + whole.length;
  }
  if (end < text.length) out.push(text.slice(end));
  return out;
}

function link(target, label) {
  let url;
  try {
    url = new URL(target);
  } catch {
    return null;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow", title: url.host }, h("bdi", {}, label));
}

const isPlainRow = line => /\S \| \S/.test(line);
const plainCells = line => line.split(" | ").map(cell => cell.trim());
const cells = line => tableRow.exec(line)[1].split("|").map(cell => cell.trim());

function table(head, rows, citation) {
  return h("div", { class: "table", tabindex: "0" },
    h("table", {},
      h("thead", {}, h("tr", {}, head.map(cell => h("th", { scope: "col", dir: "auto" }, spans(cell, citation))))),
      h("tbody", {}, rows.map(row => h("tr", {}, head.map((_, i) => h("td", { dir: "auto" }, spans(row[i] ?? "", citation))))))));
}
