// npm's fdir, printing the floor program's line: fdir.cjs THREADS DIRECTORY. Names of everything; it has no metadata.
// One thread means its synchronous call; more are libuv's pool, whose size is set in the environment.
const { fdir } = require("fdir");

const [threads, root] = process.argv.slice(2);
const crawler = new fdir().withBasePath().withDirs().crawl(root);
const done = (paths) => console.log(`entries=${paths.filter((path) => path !== root && path !== root + "/").length}`);
if (threads === "1") done(crawler.sync());
else crawler.withPromise().then(done);
