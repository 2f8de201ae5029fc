// Numbers and times as text.
export const count = (number: number): string => Math.round(number).toLocaleString();

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

export const milliseconds = (number: number): string =>
  number < 10 ? `${number.toFixed(1)} ms` : `${count(number)} ms`;

const STEPS: [seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
];
let format: Intl.RelativeTimeFormat | undefined;

/** "5 minutes ago", for a time in milliseconds. */
export function ago(elapsed: number): string {
  format ??= new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  const seconds = elapsed / 1000;
  for (const [length, unit] of STEPS)
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  return "just now";
}
