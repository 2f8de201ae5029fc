/** Median, 95th percentile and largest. */
export function spread(values: number[]): Record<"median" | "p95" | "max", number> {
  values.sort((a, b) => a - b);
  const at = (part: number) =>
    Math.round(10 * (values[Math.floor(part * (values.length - 1))] ?? NaN)) / 10;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
