// The same cases in every run; AETHER_SEED=n tries others.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.AETHER_SEED ?? 1) });
