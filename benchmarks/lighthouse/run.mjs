// node run.mjs CHROMIUM FLAGS(JSON) URL EMAIL PASSWORD ROUNDS: prints a line of JSON for each page, profile and round.
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const [executablePath, flags, base, email, password, rounds] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath, args: JSON.parse(flags), headless: true });

async function judge(name, path) {
  for (const profile of ["desktop", "phone"])
    for (let round = 0; round < Number(rounds); round += 1) {
      const page = await browser.newPage();
      const session = await page.createCDPSession();
      await session.send("Network.clearBrowserCache");
      const options = { onlyCategories: ["performance", "accessibility"], disableStorageReset: true };
      const config = profile === "desktop" ? desktopConfig : undefined;
      const { lhr } = await lighthouse(`${base}${path}`, options, config, page);
      await page.close();
      if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
      if (new URL(lhr.finalDisplayedUrl).pathname !== path) throw new Error(`${path} led to ${lhr.finalDisplayedUrl}`);
      const score = (category) => Math.round(lhr.categories[category].score * 100);
      const figure = (audit) => lhr.audits[audit].numericValue;
      const figures = {
        name,
        profile,
        performance: score("performance"),
        accessibility: score("accessibility"),
        largest_paint_ms: Math.round(figure("largest-contentful-paint")),
        blocking_ms: Math.round(figure("total-blocking-time")),
        shift: Number(figure("cumulative-layout-shift").toFixed(3)),
      };
      console.log(JSON.stringify(figures));
    }
}

try {
  await judge("first page", "/");
  const page = await browser.newPage();
  await page.goto(`${base}/?sign=in`);
  await page.waitForSelector("input[type=email]");
  await page.type("input[type=email]", email);
  await page.type("input[type=password]", password);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.pathname === "/app");
  await page.close();
  await judge("home", "/app");
  await judge("codes", "/app/codes");
} finally {
  await browser.close();
}
