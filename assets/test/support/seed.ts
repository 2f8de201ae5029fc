// Makes every run use the same cases; AETHER_SEED=n selects others.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.AETHER_SEED ?? 1) });
