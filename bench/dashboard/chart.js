// Draws a race as SVG: ours as a line within its spread, the others as thin lines with labels, the target as a band.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 640;
const HEIGHT = 260;
const EDGE = { left: 56, right: 190, top: 12, bottom: 26 };
// Height of a label: labels must not overlap. The table has all of them.
const LABEL = 13;

function shape(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Maps values to pixels: logarithmic if the slowest takes more than eight times as long as the fastest. */
function scaleOf(race, target) {
  const values = race.lines.flatMap((line) => line.points.map((point) => point.value));
  const high = Math.max(...values, target ? target.limit : 0, 1e-9);
  const positive = [...values, ...(target ? [target.limit] : [])].filter((value) => value > 0);
  const low = Math.min(...positive, high);
  const isLog = Math.min(...values) > 0 && high / low > 8;
  const from = isLog ? Math.log10(low / 1.4) : 0;
  const to = isLog ? Math.log10(high * 1.25) : high * 1.08;
  const room = HEIGHT - EDGE.top - EDGE.bottom;
  const y = (value) => {
    const at = isLog ? Math.log10(Math.max(value, low / 1.4)) : Math.max(value, 0);
    return EDGE.top + room * (1 - (at - from) / (to - from || 1));
  };
  return { y, ticks: isLog ? logTicks(from, to) : linearTicks(to), isLog };
}

function linearTicks(to) {
  const rough = to / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((step) => step >= rough);
  return Array.from({ length: Math.floor(to / step) + 1 }, (_, n) => n * step);
}

function logTicks(from, to) {
  const all = [];
  for (let power = Math.floor(from); power <= to; power++) for (const n of to - from > 2.2 ? [1] : [1, 2, 5]) all.push(n * 10 ** power);
  return all.filter((tick) => Math.log10(tick) >= from && Math.log10(tick) <= to);
}

/** Spreads labels so that they keep their order and a line's height between them. */
function spreadLabels(labels) {
  labels.sort((a, b) => a.y - b.y);
  const bottom = HEIGHT - EDGE.bottom;
  labels.forEach((label, n) => (label.y = Math.max(label.y, n ? labels[n - 1].y + LABEL : EDGE.top)));
  for (let n = labels.length - 1, most = bottom; n >= 0; n--, most -= LABEL) labels[n].y = Math.min(labels[n].y, most);
  return labels;
}

function drawChart(race, select) {
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${race.name}, ${race.unit} over time` });
  const count = race.records.length;
  const inner = WIDTH - EDGE.left - EDGE.right;
  const x = (at) => EDGE.left + (count > 1 ? (inner * at) / (count - 1) : inner / 2);
  const ours = race.lines.find((line) => line.ours);
  const target = ours && newest(ours).extra.target;
  const { y, ticks } = scaleOf(race, target);

  if (target) {
    const top = Math.max(y(target.limit), EDGE.top);
    const band = { class: "target", x: EDGE.left, width: inner, y: top, height: HEIGHT - EDGE.bottom - top };
    svg.append(shape("rect", band));
  }
  for (const tick of ticks) {
    svg.append(shape("path", { class: "grid", d: `M${EDGE.left} ${y(tick)}H${WIDTH - EDGE.right}` }));
    svg.append(shape("text", { x: EDGE.left - 6, y: y(tick) + 4, "text-anchor": "end" }, figure(tick)));
  }
  dates(race.records, x).forEach((label) => svg.append(label));

  const labels = [];
  for (const line of [...race.lines].reverse()) {
    const group = shape("g", { class: line.ours ? "line own" : "line", "data-who": line.who });
    if (line.ours) group.append(spread(line.points, x, y, count));
    const path = line.points.map((point, n) => `${n ? "L" : "M"}${x(point.at)} ${y(point.value)}`).join("");
    group.append(shape("path", { class: line.ours ? "ours" : "peer", d: path }));
    for (const point of line.points) {
      const dot = shape("circle", { class: line.ours ? "ours" : "peer", cx: x(point.at), cy: y(point.value), r: line.ours ? 3.5 : 2.5 });
      dot.addEventListener("pointerenter", (event) => select(line, point, event));
      group.append(dot);
    }
    svg.append(group);
    labels.push({ line, from: y(newest(line).value), y: y(newest(line).value) });
  }
  for (const label of spreadLabels(labels)) {
    const end = WIDTH - EDGE.right;
    const { who, ours: own } = label.line;
    const last = x(newest(label.line).at);
    const group = shape("g", { class: own ? "line own" : "line", "data-who": who });
    group.append(shape("path", { class: "leader", d: `M${last + 5} ${label.from}L${end} ${label.from}L${end + 10} ${label.y}` }));
    group.append(shape("text", { x: end + 14, y: label.y + 4 }, who.length > 26 ? who.slice(0, 25) + "…" : who));
    svg.append(group);
  }
  return svg;
}

function spread(points, x, y, count) {
  const wide = count > 1 ? 0 : 14;
  const upper = points.map((point) => `${x(point.at) + wide} ${y(point.value + point.spread)}`);
  const lower = points.map((point) => `${x(point.at) + wide} ${y(point.value - point.spread)}`).reverse();
  if (count === 1) {
    upper.unshift(`${x(0) - wide} ${y(points[0].value + points[0].spread)}`);
    lower.push(`${x(0) - wide} ${y(points[0].value - points[0].spread)}`);
  }
  return shape("path", { class: "spread", d: `M${[...upper, ...lower].join("L")}Z` });
}

/** As many dates as there is room for: the first, the last, and some in between. */
function dates(records, x) {
  const step = Math.max(1, Math.ceil(records.length / 5));
  const wanted = records.map((_, at) => at).filter((at) => at === records.length - 1 || (at % step === 0 && records.length - 1 - at >= step));
  return wanted.map((at) => {
    const day = new Date(records[at].date).toISOString().slice(0, 10);
    return shape("text", { x: x(at), y: HEIGHT - 8, "text-anchor": "middle" }, day);
  });
}
