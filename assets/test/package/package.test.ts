// The package in two fresh apps, one built by esbuild without Svelte, one by Vite with it: what the
// guide and the README tell to write works in a browser, over a real socket.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launch } from "../browser/browser.js";
import { row } from "../socket/fixture.js";
import { startServer, touch, type Server } from "../socket/server.js";
import { encodeSlab } from "../support/encode.js";
import { record } from "../support/tree.js";
import { App, locked, pack, snippet, type Files } from "./apps.js";

const GUIDE = "../guides/phoenix.md";
const README = "README.md";
const ESBUILD = "esbuild@0.25.12";

/** As an app's own function, with what the page around the snippet has. */
const inFunction = (code: string, ...names: string[]) =>
  `import { connectIndex, connectScan, decodeSlab, modeText, TreeStore } from "aether-client";
   export async function run(${names}) {\n${code}\nreturn typeof entry === "undefined" ? store : entry;\n}`;

const withoutSvelte: Files = {
  "element.js": snippet(GUIDE, 'querySelector("aether-tree")'),
  "hook.js": snippet(GUIDE, "export const Tree"),
  // What LiveView gives a hook.
  "live.js": `
    import { Socket } from "phoenix";
    import { Tree } from "./hook.js";
    const socket = new Socket("/socket");
    socket.connect();
    const handlers = {};
    const hook = Object.assign(Object.create(Tree), {
      el: document.querySelector("#tree"),
      liveSocket: { getSocket: () => socket },
      pushEvent: (event, payload) => events.push([event, payload.status]),
      handleEvent: (event, handler) => (handlers[event] = handler),
    });
    const events = [];
    hook.mounted();
    Object.assign(window, { hook, handlers, events });`,
  "store.js": inFunction(snippet(README, "store.begin(tag"), "tag", "bytes", "draw"),
  "stat.js": inFunction(snippet(README, "connection.stat("), "channel", "store"),
  "index.js": inFunction(
    snippet(README, "connectIndex(connection").replace("else answer", "else void answer"),
    "channel",
    "store",
  ),
  "calls.js": `
    import { Socket } from "phoenix";
    import { run as runStore } from "./store.js";
    import { run as runStat } from "./stat.js";
    import { run as runIndex } from "./index.js";
    import { TreeStore } from "aether-client";
    const socket = new Socket("/socket");
    socket.connect();
    const channel = () => socket.channel("files:all");
    Object.assign(window, {
      stat: async () => runStat(channel(), new TreeStore()),
      index: () => runIndex(socket.channel("files:index"), new TreeStore()).then(() => true),
      rows: async (bytes) =>
        (await runStore(7, Uint8Array.from(bytes).buffer, () => {})).rowCount,
    });`,
  "types.ts": `
    import { TreeStore, type Connection, type Row } from "aether-client";
    import { AetherTree } from "aether-client/element";
    const tree: AetherTree = document.createElement("aether-tree");
    tree.addEventListener("aether-select", ({ detail }) => detail satisfies Row);
    tree.store satisfies TreeStore;
    export const connect = (...to: Parameters<AetherTree["connect"]>): Connection => tree.connect(...to);`,
};

const withSvelte: Files = {
  "index.html": `<!doctype html><meta charset="utf-8"><title>App</title>
    <style>main { height: 20rem }</style><main></main><script type="module" src="main.js"></script>`,
  "main.js": `import { mount } from "svelte"; import App from "./App.svelte";
    mount(App, { target: document.querySelector("main") });`,
  "App.svelte": snippet(README, "<FileTree {tree}"),
  "vite.config.js": `import { svelte } from "@sveltejs/vite-plugin-svelte";
    export default { base: "./", plugins: [svelte()] };`,
  // And without the plugin, the components that are compiled already.
  "plain/index.html": `<!doctype html><meta charset="utf-8"><title>App</title>
    <aether-tree></aether-tree><script type="module" src="main.js"></script>`,
  "plain/main.js": snippet(GUIDE, 'querySelector("aether-tree")'),
  "plain/vite.config.js": `export default { base: "./" };`,
};

const html = (body: string, script: string) =>
  `<!doctype html><meta charset="utf-8"><title>App</title>
   <link rel="stylesheet" href="/built/${script}.css">${body}<script src="/built/${script}.js"></script>`;

describe("the package", () => {
  const folder = mkdtempSync(join(tmpdir(), "aether-package-"));
  const errors: Error[] = [];
  const pages: Page[] = [];
  let plain: App;
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    const tarball = pack(folder);
    plain = new App(join(folder, "esbuild"), withoutSvelte, [
      tarball,
      ...locked("phoenix", "typescript", "@types/phoenix"),
      ESBUILD,
    ]);
    for (const name of ["element", "live", "calls"])
      plain.run("esbuild", `${name}.js`, "--bundle", "--target=es2022", "--outdir=built");
    const compiled = new App(join(folder, "vite"), withSvelte, [
      tarball,
      ...locked("phoenix", "svelte", "vite", "@sveltejs/vite-plugin-svelte"),
    ]);
    compiled.run("vite", "build", "--logLevel", "error");
    compiled.run("vite", "build", "plain", "--logLevel", "error");

    const share = join(folder, "share");
    touch(share, ["readme", "zebra"]);
    touch(join(share, "docs"), ["guide.md"]);
    mkdirSync(join(folder, "server"));
    [server, browser] = await Promise.all([
      startServer(join(folder, "server"), {
        page: new Map<string, string | Uint8Array>([
          ...plain.files("built", "/built/"),
          ["/element.html", html(`<aether-tree label="Shared"></aether-tree>`, "element")],
          ["/live.html", html(`<div id="tree" data-root="share"></div>`, "live")],
          ["/calls.html", html("", "calls")],
          ...compiled.files("dist", "/vite/"),
          ...compiled.files("plain/dist", "/plain/"),
        ]),
        roots: { share, home: share },
        mixEnv: "test",
      }),
      launch(),
    ]);
  }, 400_000);
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    expect(errors.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    for (const app of ["esbuild", "vite", "share"])
      rmSync(join(folder, app), { recursive: true, force: true });
  });

  async function open(path: string, options = {}): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 900, height: 600 }, ...options });
    pages.push(page);
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(server.url + path);
    return page;
  }

  /** Where a page's tree is, and in which colours. */
  const look = (page: Page) =>
    page.evaluate(() => {
      const { height } = document.querySelector("[role=tree]")!.getBoundingClientRect();
      const { backgroundColor, color } = getComputedStyle(document.querySelector(".aether")!);
      return { isHigh: height > 200, backgroundColor, color };
    });
  const LIGHT = { isHigh: true, backgroundColor: "rgb(255, 255, 255)", color: "rgb(28, 32, 36)" };

  it.each(["element.html", "live.html", "plain/index.html", "vite/index.html"])(
    "shows a tree at %s that opens folders and has its style",
    async (path) => {
      const page = await open(path);
      await row(page, "docs").waitFor();
      await row(page, "docs").click();
      await row(page, "guide.md").waitFor();
      expect(await look(page)).toEqual(LIGHT);
    },
  );

  it("needs no Svelte for the element", () => {
    expect(existsSync(join(plain.folder, "node_modules/svelte"))).toBe(false);
  });

  it("has an element with an event for a chosen file, that stays when it is moved", async () => {
    const page = await open("element.html");
    await page.evaluate(() =>
      document.addEventListener("aether-select", (event) =>
        Object.assign(window, { chosen: event.detail.name }),
      ),
    );
    await row(page, "readme").click();
    expect(await page.evaluate(() => (window as unknown as { chosen: string }).chosen)).toBe(
      "readme",
    );
    await page.evaluate(() => {
      const tree = document.querySelector("aether-tree")!;
      document.body.append(document.createElement("section"));
      document.querySelector("section")!.append(tree);
    });
    await page.locator("section").getByRole("tree", { name: "Shared" }).waitFor();
    await page.evaluate(() => document.querySelector("aether-tree")!.setAttribute("label", "Mine"));
    await page.getByRole("tree", { name: "Mine" }).waitFor();
    await page.evaluate(() => document.querySelector("aether-tree")!.setAttribute("columns", ""));
    await page.getByText("Modified").waitFor();
    await page.evaluate(() => document.querySelector("aether-tree")!.remove());
    expect(await page.locator("[role=tree]").count()).toBe(0);
  });

  it("has a hook for LiveView that pushes the summary and scans again", async () => {
    const page = await open("live.html");
    const pushed = (times: number) =>
      page.waitForFunction(
        (times) => (window as any).events.length === times && (window as any).events,
        times,
      );
    expect(await (await pushed(1)).jsonValue()).toEqual([["completed", "complete"]]);
    await page.evaluate(() => (window as any).handlers.again());
    await pushed(2);
    await page.evaluate(() => (window as any).hook.destroyed());
    expect(await page.locator("[role=tree]").count()).toBe(0);
  });

  it("does what the README's other calls are said to do", async () => {
    const page = await open("calls.html");
    const entry = await page.evaluate(() => (window as any).stat());
    expect(entry).toMatchObject({ ok: true, value: { kind: "file" } });
    expect(await page.evaluate(() => (window as any).index())).toBe(true);
    const slab = encodeSlab({ tag: 7, records: [record("", ["a", "b"])] });
    const bytes = [...new Uint8Array(slab)];
    expect(await page.evaluate((bytes) => (window as any).rows(bytes), bytes)).toBe(2);
  });

  it.each(["bundler", "nodenext"])("has types that are found by %s", (resolution) => {
    const module = resolution === "nodenext" ? "nodenext" : "esnext";
    const options = ["--noEmit", "--strict", "--types", "phoenix", "--target", "es2022"];
    plain.run("tsc", ...options, "--module", module, "--moduleResolution", resolution, "types.ts");
  });

  it("can be loaded where there is no document", () => {
    const code = 'import("aether-client/element").then(({ AetherTree }) => AetherTree.name)';
    execFileSync(process.execPath, ["-e", code], { cwd: plain.folder });
  });
});
