// How fast slabs become a tree, memory per entry, and how long sorting takes.
// npm run bench   (node --expose-gc: memory is measured after a collection)
import { decodeSlab, TreeStore } from "../src/index.js";
import { encodeSlab, type RecordSpec } from "../test/support/encode.js";

const collect = (globalThis as { gc?: () => void }).gc!;
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

/** A tree of `folders` folders with `each` entries, a tenth of them directories, as slabs. */
function tree(folders: number, each: number): ArrayBuffer[] {
  const slabs: ArrayBuffer[] = [];
  let records: RecordSpec[] = [];
  const flush = () => {
    slabs.push(encodeSlab({ sequence: slabs.length, records }));
    records = [];
  };
  for (let folder = 0, entries = 0; folder < folders; folder++) {
    const path = folder ? `usr/share/some/package-${folder % 97}/folder-${folder}` : "";
    records.push({
      path,
      entries: Array.from({ length: each }, (_, i) => ({
        name: i % 10 ? `some_file_name_${(i * 7919) % each}.ext` : `directory_${i}_of_${folder}`,
        kind: i % 10 ? 1 : 2,
        size: 1234 * i,
        mtime: 1_700_000_000_000_000_000n + BigInt(i),
      })),
    });
    entries += each;
    if (entries >= 1000) {
      flush();
      entries = 0;
    }
  }
  if (records.length) flush();
  return slabs;
}

/** One folder of `count` entries, in slabs of 1,000. */
function flat(count: number, name: (i: number) => string): ArrayBuffer[] {
  return Array.from({ length: Math.ceil(count / 1000) }, (_, sequence) => {
    const from = sequence * 1000;
    const entries = Array.from({ length: Math.min(1000, count - from) }, (_, i) => ({
      name: name(from + i),
      size: i,
    }));
    return encodeSlab({
      sequence,
      records: [{ path: "", status: from + 1000 >= count ? 1 : 0, entries }],
    });
  });
}

function fill(slabs: ArrayBuffer[]): TreeStore {
  const store = new TreeStore();
  store.begin(1, "");
  for (const bytes of slabs) store.apply(decodeSlab(bytes));
  return store;
}

function speed(label: string, slabs: ArrayBuffer[]) {
  const entries = slabs.reduce((sum, bytes) => sum + decodeSlab(bytes).entries, 0);
  const rates = Array.from({ length: 9 }, () => {
    const start = performance.now();
    fill(slabs);
    return entries / (performance.now() - start) / 1000;
  });
  console.log(`${label}: ${median(rates).toFixed(1)} million entries/s`);
}

async function memory(label: string, make: () => ArrayBuffer[]) {
  const used = async () => {
    // Buffers are freed some time after the collection.
    for (let i = 0; i < 5; i++) {
      collect();
      await new Promise((done) => setTimeout(done, 20));
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  let slabs: ArrayBuffer[] | null = make();
  const names = slabs.reduce((sum, bytes) => sum + decodeSlab(bytes).names.length, 0);
  const entries = slabs.reduce((sum, bytes) => sum + decodeSlab(bytes).entries, 0);
  const before = (await used()) - slabs.reduce((sum, bytes) => sum + bytes.byteLength, 0);
  const store = fill(slabs);
  slabs = null;
  const each = ((await used()) - before - names) / entries;
  console.log(`${label}: ${each.toFixed(1)} bytes/entry beyond names (${store.rowCount} rows)`);
}

function sorting(label: string, name: (i: number) => string) {
  const slabs = flat(1_000_000, name);
  const times: number[] = [];
  let longest = 0;
  for (let round = 0; round < 5; round++) {
    const store = fill(slabs);
    let total = 0;
    for (let isLeft = true; isLeft;) {
      const start = performance.now();
      isLeft = store.work(4);
      const slice = performance.now() - start;
      total += slice;
      longest = Math.max(longest, slice);
    }
    times.push(total);
  }
  const [typical, worst] = [median(times).toFixed(0), longest.toFixed(1)];
  console.log(`sort 1,000,000 ${label}: ${typical} ms in slices of 4 ms, the longest ${worst} ms`);
}

speed("decode + store, 10 entries a folder", tree(50_000, 10));
speed(
  "decode + store, flat",
  flat(500_000, (i) => `some_file_name_${i}.ext`),
);
await memory("10 entries a folder", () => tree(50_000, 10));
await memory("flat", () => flat(500_000, (i) => `some_file_name_${i}.ext`));
sorting("numbered names, shuffled", (i) => `file-${(i * 7919) % 1_000_000}.txt`);
sorting("numbered names, in order", (i) => `file-${i}.txt`);
sorting("hashes", (i) => Math.imul(i, 0x9e3779b1).toString(16).padStart(8, "0") + ".bin");
sorting(
  "long common beginnings that end late",
  (i) => `${i % 10}-and-the-same-in-all-of-them-${i}`,
);
