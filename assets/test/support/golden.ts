// The slabs with which all of Aether's decoders are tested.
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../../test/fixtures/slabs/", import.meta.url);

export interface Reading {
  tag: number;
  sequence: number;
  directories: number;
  entries: number;
  records: {
    path?: string;
    path_base64?: string;
    status: number;
    entries: {
      name_base64: string;
      kind: number;
      metadata_known: boolean;
      size: number | string;
      mtime_ns: string;
      disk?: number | string;
      inode?: number | string;
      device?: number;
      nlink?: number;
      mode?: number;
      ctime_ns?: string;
      btime_ns?: string;
      uid?: number;
      gid?: number;
      target_base64?: string;
    }[];
  }[];
}

export const goldenNames: string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".bin"))
  .map((name) => name.slice(0, -4));

export const golden = (name: string): ArrayBuffer => read(`${name}.bin`);

export const reading = (name: string): Reading =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Reading;

/** The expected message for each damaged slab, by its name. */
export const damages = JSON.parse(
  readFileSync(new URL("damaged/damaged.json", folder), "utf8"),
) as Record<string, string>;

export const damaged = (name: string): ArrayBuffer => read(`damaged/${name}.bin`);

function read(name: string): ArrayBuffer {
  // Copied, since in Node small files share one buffer.
  return new Uint8Array(readFileSync(new URL(name, folder))).buffer;
}
