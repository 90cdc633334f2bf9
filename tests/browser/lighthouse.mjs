// Runs Lighthouse on several pages, one after the other in one Chromium, and writes what it says as JSON, a page a line.
// Arguments: the flags of Chromium as JSON, then addresses. The variable CHROME_PATH says where Chromium is.

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const QUIET_MS = 500;
const [flags, ...addresses] = process.argv.slice(2);
const browser = await launch({ chromeFlags: ["--headless=new", ...JSON.parse(flags)], logLevel: "silent" });
for (const address of addresses) {
  const { lhr } = await lighthouse(address, {
    port: browser.port,
    onlyCategories: ["accessibility", "best-practices", "seo"],
    throttlingMethod: "provided",
    disableFullPageScreenshot: true,
    pauseAfterFcpMs: QUIET_MS,
    pauseAfterLoadMs: QUIET_MS,
    networkQuietThresholdMs: QUIET_MS,
    cpuQuietThresholdMs: QUIET_MS,
    logLevel: "silent",
  });
  const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, score]));
  const faults = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 1);
  const found = faults.map(({ id, title, details }) => [id, title, JSON.stringify(details?.items ?? []).slice(0, 600)]);
  console.log(JSON.stringify({ error: lhr.runtimeError ?? null, scores, found }));
}
browser.kill();
