// The page: the cases to show, a chart and the latest table for each race, and the tooltip of a point.
"use strict";

const cases = readRaces(window.BENCHMARK_DATA);
const byId = (id) => document.getElementById(id);
const tip = byId("tip");

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function showTip(line, point, event, race) {
  const record = race.records[point.at];
  const when = new Date(record.date).toISOString().slice(0, 16).replace("T", " ");
  tip.textContent = `${line.who}: ${figure(point.value)} ± ${figure(point.spread)} ${race.unit}\n${when}, ${record.commit.id.slice(0, 12)}\n${record.commit.message.split("\n")[0]}`;
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.min(event.clientX + 12, innerWidth - box.width - 8)}px`;
  tip.style.top = `${Math.min(event.clientY + 12, innerHeight - box.height - 8)}px`;
}

function latest(race) {
  const ours = race.lines.find((line) => line.ours);
  const head = ["", race.unit, "± MAD", "× ours", "CPU ms", "peak MB", "read"];
  const rows = race.lines.map((line) => {
    const { value, spread, extra, at } = newest(line);
    const ratio = extra.ratio ? parseFloat(extra.ratio) : undefined;
    const cannotTell = extra.ratio && extra.ratio.includes("cannot tell");
    const compared = ratio === undefined ? "" : figure(ratio) + (cannotTell ? " ≈" : "");
    const optional = (value) => (value === undefined ? "" : figure(value));
    const cells = [figure(value), figure(spread), compared, optional(extra.cpu), optional(extra.peak), optional(extra.read)];
    const row = element("tr", { "data-who": line.who, class: line === ours ? "own" : "" }, element("th", { scope: "row" }, line.who));
    if (at !== race.records.length - 1) row.classList.add("old");
    cells.forEach((cell, n) => {
      const faster = n === 2 && ratio < 1 && !cannotTell && !extra.isVariant;
      row.append(element("td", faster ? { class: "faster", title: "faster than Aether" } : {}, cell));
    });
    return row;
  });
  const titles = element("tr", {}, ...head.map((title) => element("th", { scope: "col" }, title)));
  return element("table", {}, element("thead", {}, titles), element("tbody", {}, ...rows));
}

function drawRace(name, race) {
  const ours = race.lines.find((line) => line.ours);
  const { target, warnings } = newest(ours).extra;
  const title = element("h3", {}, race.name);
  if (target) {
    const met = newest(ours).value <= target.limit;
    title.append(" ", element("span", { class: met ? "met" : "missed" }, `${met ? "✓" : "✗"} target ${target.text.replace(/, (met|missed)$/, "")}`));
  }
  const section = element("section", { class: "race", "data-search": `${name} ${race.name}`.toLowerCase() }, title);
  const chart = drawChart(race, (line, point, event) => showTip(line, point, event, race));
  section.append(element("div", { class: "both" }, chart, element("div", { class: "scroll" }, latest(race))));
  for (const line of race.lines.filter((line) => newest(line).extra.series.length > 1)) section.append(overTime(line, race.unit));
  for (const warning of warnings) section.append(element("p", { class: "warning" }, `⚠ ${warning}`));
  // Highlight a contestant in table and chart when its row or line is pointed at.
  const mark = (who) => {
    for (const part of section.querySelectorAll("[data-who]")) part.classList.toggle("marked", part.dataset.who === who);
    section.classList.toggle("marking", who !== undefined);
  };
  section.addEventListener("pointerover", (event) => mark(event.target.closest("[data-who]")?.dataset.who));
  section.addEventListener("pointerleave", () => {
    mark(undefined);
    tip.hidden = true;
  });
  chart.addEventListener("pointerleave", () => (tip.hidden = true));
  return section;
}

/** A run over time: a line without axes, with its maximum as text. */
function overTime(line, unit) {
  const { series } = newest(line).extra;
  const high = Math.max(...series, 0.1);
  const points = series.map((value, n) => `${(160 * n) / (series.length - 1)},${22 - (20 * Math.max(value, 0)) / high}`);
  const small = shape("svg", { viewBox: "0 0 160 24", class: "small", "aria-hidden": "true" });
  small.append(shape("polyline", { class: line.ours ? "ours" : "peer", points: points.join(" ") }));
  return element("p", { class: "series" }, small, ` ${line.who} over time, at most ${figure(high)} ${unit}`);
}

function draw() {
  const shown = decodeURIComponent(location.hash.slice(1));
  const chosen = cases.has(shown) ? [shown] : [...cases.keys()];
  byId("races").replaceChildren(
    ...chosen.map((name) => element("article", {}, element("h2", {}, name), ...cases.get(name).map((race) => drawRace(name, race)))),
  );
  for (const link of byId("cases").children) link.toggleAttribute("aria-current", decodeURIComponent(link.hash.slice(1)) === (cases.has(shown) ? shown : ""));
  filter();
}

function filter() {
  const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const article of byId("races").children) {
    for (const race of article.querySelectorAll(".race")) race.hidden = !words.every((word) => race.dataset.search.includes(word));
    article.hidden = !article.querySelector(".race:not([hidden])");
  }
}

const machineOf = (record) => record.benches.map((bench) => readExtra(bench.extra).machine).find(Boolean) || "an unknown machine";
const runs = [...cases.values()].flatMap((races) => races.flatMap((race) => race.records));
const last = runs.reduce((last, run) => (last && last.date >= run.date ? last : run), undefined);
byId("about").textContent = last
  ? `Recorded by bin/bench --record, last on ${new Date(last.date).toISOString().slice(0, 10)} at ${last.commit.id.slice(0, 12)}, on ${machineOf(last)}. Medians of two machines are not comparable; ratios mostly are.`
  : "Nothing is recorded yet: bin/bench --record.";
byId("cases").append(element("a", { href: "#" }, "all"), ...[...cases.keys()].map((name) => element("a", { href: `#${encodeURIComponent(name)}` }, name)));
byId("filter").addEventListener("input", filter);
addEventListener("hashchange", draw);
draw();
