// npm's fdir behind the floor program's line: fdir.cjs THREADS DIRECTORY. Names of everything, no metadata (it has none).
// One thread is its synchronous call; more are those of libuv's pool, whose number the environment says.
const { fdir } = require("fdir");

const [threads, root] = process.argv.slice(2);
const crawler = new fdir().withBasePath().withDirs().crawl(root);
const done = (paths) => console.log(`entries=${paths.filter((path) => path !== root && path !== root + "/").length}`);
if (threads === "1") done(crawler.sync());
else crawler.withPromise().then(done);
