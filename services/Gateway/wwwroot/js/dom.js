// Elements are made here and nowhere else, and text goes in as text.

/** An element with attributes (properties starting with "on" are listeners) and children (strings become text). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = id => document.getElementById(id);

const shapes = {
  leaf: ["fill", "M12 2l4.4 5.6H14l3.8 4.8h-2.7l4 5H13.1V22h-2.2v-4.6H4.9l4-5H6.2L10 7.6H7.6z"],
  headset: ["line", "M4 14v-2a8 8 0 0 1 16 0v2M4 14a2 2 0 0 1 2-2h1v6H6a2 2 0 0 1-2-2zM20 14a2 2 0 0 0-2-2h-1v6h1a2 2 0 0 0 2-2zM18.5 18c0 2-2 3-4.5 3h-1.5"],
  fresh: ["line", "M12 5v14M5 12h14"],
  send: ["line", "M12 19V5M6 11l6-6 6 6"],
  stop: ["fill", "M8 8h8v8H8z"],
  close: ["line", "M6 6l12 12M18 6L6 18"],
  down: ["line", "M12 5v14M6 13l6 6 6-6"],
  document: ["line", "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5"],
  up: ["line", "M7 11v9H4v-9zM7 11l4-8c1.6 0 2.6 1.1 2.4 2.7L13 9h5.2c1.3 0 2.2 1.1 2 2.4l-1.1 6.8a2.2 2.2 0 0 1-2.2 1.8H7"],
  thumbDown: ["line", "M17 13V4h3v9zM17 13l-4 8c-1.6 0-2.6-1.1-2.4-2.7L11 15H5.8c-1.3 0-2.2-1.1-2-2.4l1.1-6.8A2.2 2.2 0 0 1 7.1 4H17"],
  retry: ["line", "M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 4v4h4"],
  alert: ["line", "M12 8v5M12 16.5v.1M12 3l9.5 17h-19z"],
  check: ["line", "M5 12.5l4.5 4.5L19 7.5"],
  shield: ["line", "M12 3l7.5 3v5.5c0 4.6-3.1 8-7.5 9.5-4.4-1.5-7.5-4.9-7.5-9.5V6zM9 12l2.2 2.2L15.2 10"],
  sun: ["line", "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"],
  moon: ["line", "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"],
  order: ["line", "M5 7h14l-1 13H6zM9 10V6a3 3 0 0 1 6 0v4"],
  truck: ["line", "M3 6h11v10H3zM14 10h4l3 3v3h-7zM7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17.5 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"],
  back: ["line", "M9 14l-5-5 5-5M4 9h10a6 6 0 0 1 0 12h-4"],
  receipt: ["line", "M6 3v18l2-1.5 2 1.5 2-1.5 2 1.5 2-1.5 2 1.5V3zM9 8h6M9 12h6"],
  ticket: ["line", "M3 8a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v2a2 2 0 0 0 0 4v2a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-2a2 2 0 0 0 0-4zM14 6.5v11"],
};

export function icon(name) {
  const [kind, path] = shapes[name];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${kind}`);
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}
