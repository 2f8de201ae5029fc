// Turns the records of data.js (github-action-benchmark's format) into races over time. No DOM here.
"use strict";

/** Anything that the format has no field for is in `extra`, one line each. */
function readExtra(text) {
  const lines = (text || "").split("\n");
  const after = (name) => {
    const line = lines.find((line) => line.startsWith(name + ": "));
    return line && line.slice(name.length + 2);
  };
  const number = (name) => (after(name) === undefined ? undefined : parseFloat(after(name)));
  const target = after("target");
  return {
    ours: lines.includes("ours"),
    isVariant: lines.includes("variant"),
    ratio: after("ratio to ours"),
    cpu: number("cpu ms"),
    peak: number("peak MB"),
    read: number("read bytes"),
    target: target && { limit: parseFloat(target), text: (target.match(/\((.*)\)/) || [])[1] || "" },
    warnings: lines.filter((line) => line.startsWith("warning: ")).map((line) => line.slice(9)),
    machine: after("machine"),
    series: (after("series") || "").split(",").filter(Boolean).map(Number),
  };
}

/**
 * Races by case: `{name, unit, records, lines}`, where a line is one contestant with a point for each record it was in:
 * `{who, ours, points: [{at, value, spread, extra}]}`. Ours is the first.
 */
function readRaces(data) {
  const cases = new Map();
  for (const [name, entries] of Object.entries((data && data.entries) || {})) {
    const races = new Map();
    entries.forEach((entry, at) => {
      for (const bench of entry.benches) {
        const [race, who] = split(bench.name);
        if (!races.has(race)) races.set(race, { name: race, unit: bench.unit, records: entries, lines: new Map() });
        const lines = races.get(race).lines;
        const extra = readExtra(bench.extra);
        if (!lines.has(who)) lines.set(who, { who, ours: false, points: [] });
        lines.get(who).ours ||= extra.ours;
        const spread = parseFloat((bench.range || "").replace("±", "")) || 0;
        lines.get(who).points.push({ at, value: bench.value, spread, extra });
      }
    });
    const sorted = [...races.values()].map((race) => ({ ...race, lines: sortLines([...race.lines.values()]) }));
    cases.set(name, sorted);
  }
  return cases;
}

/** Records of other tools have no contestants. */
function split(name) {
  const at = name.indexOf(" / ");
  return at < 0 ? [name, "value"] : [name.slice(0, at), name.slice(at + 3)];
}

const newest = (line) => line.points[line.points.length - 1];

function sortLines(lines) {
  if (!lines.some((line) => line.ours)) lines[0].ours = true;
  return lines.sort((a, b) => b.ours - a.ours || newest(a).value - newest(b).value);
}

/** Three significant digits. */
function figure(value) {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString("en");
  if (size === 0) return "0";
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : size >= 0.1 ? value.toFixed(2) : value.toPrecision(2);
}
